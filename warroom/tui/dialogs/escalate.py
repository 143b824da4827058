"""Escalating: the impact goes up, or somebody else is paged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from warroom.model.contacts import Contact, ContactType
from warroom.tui.dialogs.dialog import Keys
from warroom.tui.dialogs.fields import Field, Line, Words
from warroom.tui.dialogs.impacts import impact_text
from warroom.tui.dialogs.pick import Picking
from warroom.tui.dialogs.requests import Choice, EscalateRequest

__all__ = ["Escalate"]

GROUPS: dict[ContactType, str] = {
    "ESCALATION": "Engage an escalation plan",
    "ONCALL_SCHEDULE": "Engage an on-call schedule",
    "PERSONAL": "Engage a contact",
}


class Escalate(Picking[EscalateRequest]):
    """One list: the impacts above the incident's, the nearest first, then everybody who can be paged."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2,ctrl+s", "take", "Escalate", show=False)]
    keys: Keys = (("enter", "escalate"), ("↑ ↓", "move"), ("tab", "note"), ("esc", "cancel"))

    def __init__(
        self,
        name: str,
        title: str,
        impact: int,
        targets: Sequence[Contact],
        *,
        selected: str | None = None,
        engaged: frozenset[str] = frozenset(),
        draft: str = "",
    ) -> None:
        """`impact` is the incident's now; `selected` the ARN of the target that is offered first, if any.

        `engaged` are the ARNs of the contacts that are engaged already: they are marked, and can be paged again.
        """
        super().__init__(f"Escalate {name}", _choices(impact, targets, engaged), nothing="Nobody to engage.")
        self._title, self._selected = title, selected
        self._note = Line(draft, placeholder="for the timeline, optional")

    def body(self) -> ComposeResult:
        yield Words(self._title, "title", lines=2)
        yield from super().body()
        yield Field("Note", self._note, "apart")

    def on_mount(self) -> None:
        if self._selected is not None:
            self.choices.choose(self._selected)

    def written(self) -> str:
        return self._note.value.strip()

    def choose(self, choice: Choice) -> None:
        note = self.written() or None
        if choice.impact is not None:
            self.answer(EscalateRequest(impact=choice.impact, note=note))
        else:
            self.answer(EscalateRequest(contact_arn=choice.key, note=note))

    def action_take(self) -> None:
        self.take()


def _choices(impact: int, targets: Sequence[Contact], engaged: frozenset[str]) -> list[Choice]:
    raised = [
        Choice(str(to), f"raise from {impact_text(impact)}", group="Raise the impact", impact=to)
        for to in range(impact - 1, 0, -1)
    ]
    people = [
        Choice(
            contact.contact_arn,
            contact.display_name or contact.alias,
            f"{contact.alias}, engaged" if contact.contact_arn in engaged else contact.alias,
            group=group,
        )
        for kind, group in GROUPS.items()
        for contact in sorted(targets, key=lambda contact: (contact.display_name or contact.alias).lower())
        if contact.type == kind
    ]
    return raised + people
