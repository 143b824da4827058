"""Where the stylesheets are: inside the package when installed, beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

__all__ = ["stylesheet"]


def stylesheet(name: str) -> Path:
    """The path of `styles/<name>.tcss`. Raises `FileNotFoundError` when the installation is incomplete."""
    package = Path(__file__).resolve().parent.parent
    for styles in (package / "styles", package.parent / "styles"):
        path = styles / f"{name}.tcss"
        if path.is_file():
            return path
    raise FileNotFoundError(f"the stylesheet {name} is missing from this installation of warroom: install it again")
