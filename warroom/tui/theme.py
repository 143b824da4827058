"""The colours. Each is an exact colour of the 256-colour palette, so that none collapses into another there.

One accent; strong colours only for severity and for a screen that is not live.
"""

from __future__ import annotations

from textual.theme import Theme

__all__ = ["IMPACT_INKS", "WARROOM_DARK"]

WARROOM_DARK = Theme(
    name="warroom-dark",
    dark=True,
    primary="#5fafff",
    secondary="#87afd7",
    accent="#5fafff",
    foreground="#d0d0d0",
    background="#121212",
    surface="#1c1c1c",
    panel="#262626",
    success="#87d787",
    warning="#ffd75f",
    error="#ff5f5f",
    variables={
        "ground": "#121212",
        "raised": "#303030",
        "bar": "#1c1c1c",
        "frame": "#4e4e4e",
        "bright": "#eeeeee",
        "dim": "#949494",
        "faint": "#6c6c6c",
        "critical": "#ff5f5f",
        "high": "#ff8700",
        "medium": "#ffd75f",
        "low": "#5fd7d7",
        "no-impact": "#9e9e9e",
        "good": "#87d787",
        "bad": "#ff5f5f",
        "alarm": "#d70000",
        "stale": "#ffd75f",
    },
)

IMPACT_INKS = {1: "critical", 2: "high", 3: "medium", 4: "low", 5: "no-impact"}
"""The name of each impact's colour, as a variable of the stylesheets and as an ink of the panes."""
