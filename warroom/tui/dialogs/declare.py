"""Declaring an incident: the response plan, then what its template says, to be changed or left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from warroom.model.incidents import ResponsePlan
from warroom.model.narrative import one_line
from warroom.tui.dialogs.dialog import Keys
from warroom.tui.dialogs.fields import Field, ImpactBar, Line
from warroom.tui.dialogs.pick import Picking
from warroom.tui.dialogs.requests import Choice, DeclareRequest

__all__ = ["Declare"]

LONGEST_TITLE = 200
"""Characters, as StartIncident has it."""


class Declare(Picking[DeclareRequest]):
    """Pick the plan; its title and impact follow the choice until they are changed by hand."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2,ctrl+s", "declare", "Declare", show=False)]
    keys: Keys = (("enter", "title"), ("↑ ↓", "plan"), ("tab", "next"), ("f2", "declare"), ("esc", "cancel"))
    keys_in_form: ClassVar[Keys] = (("enter", "declare"), ("↑ ↓", "plan"), ("tab", "next"), ("esc", "cancel"))
    keys_in_impact: ClassVar[Keys] = (
        ("enter", "declare"),
        ("1-5", "impact"),
        ("tab", "next"),
        ("esc", "cancel"),
    )

    def __init__(self, plans: Sequence[ResponsePlan], *, draft: str = "") -> None:
        """`draft` is a title kept from before; it is not replaced by those of the plans."""
        ordered = sorted(plans, key=lambda plan: (plan.display_name or plan.name).lower())
        choices = [
            Choice(plan.arn, plan.display_name or plan.name, plan.name, impact=plan.incident_template.impact)
            for plan in ordered
        ]
        super().__init__("Declare an incident", choices, nothing="There is no response plan yet: create one first.")
        self._plans = {plan.arn: plan for plan in ordered}
        self._own_title = bool(draft)
        self._own_impact = False
        self._title = Line(draft, placeholder="title")
        self._impact = ImpactBar(3)

    def body(self) -> ComposeResult:
        yield from super().body()
        yield Field("Title", self._title, "apart")
        yield Field("Impact", self._impact)

    def on_mount(self) -> None:
        self._offer()

    def written(self) -> str:
        return self._title.value.strip() if self._own_title else ""

    def choose(self, choice: Choice) -> None:
        if isinstance(self.focused, ImpactBar) or self.focused is self._title:
            self.action_declare()
        else:
            self.set_focus(self._title)

    def on_choice_list_chosen(self) -> None:
        self._offer()

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input is self._title:
            plan = self._plan()
            self._own_title = bool(event.value) and (plan is None or event.value != self._offered_title(plan))

    def on_impact_bar_submitted(self) -> None:
        self.take()

    def on_impact_bar_changed(self) -> None:
        plan = self._plan()
        self._own_impact = plan is None or self._impact.impact != plan.incident_template.impact

    def on_descendant_focus(self) -> None:
        if self.focused is self.filter:
            self.show_keys(self.keys)
        else:
            self.show_keys(self.keys_in_form if self.focused is self._title else self.keys_in_impact)

    def action_declare(self) -> None:
        plan = self._plan()
        title = self._title.value.strip()
        template = plan.incident_template if plan is not None else None
        if plan is None or template is None:
            self.remark("No response plan is chosen: nothing matches the filter.", wrong=True)
        elif not title:
            self.remark("An incident needs a title.", wrong=True)
        elif self._own_title and len(title) > LONGEST_TITLE:
            over = len(title) - LONGEST_TITLE
            self.remark(f"The title is {over:,} characters too long: at most {LONGEST_TITLE}.", wrong=True)
        else:
            impact = self._impact.impact
            self.answer(
                DeclareRequest(
                    plan.arn,
                    title if self._own_title else None,
                    impact if impact != template.impact else None,
                )
            )

    def _plan(self) -> ResponsePlan | None:
        choice = self.choices.chosen
        return None if choice is None else self._plans[choice.key]

    def _offer(self) -> None:
        plan = self._plan()
        if plan is None:
            return
        if not self._own_title:
            self._title.value = self._offered_title(plan)
        if not self._own_impact:
            self._impact.impact = plan.incident_template.impact

    @staticmethod
    def _offered_title(plan: ResponsePlan) -> str:
        return one_line(plan.incident_template.title)
