"""How each action is done: what is asked first, and which command is sent.

Every action holds on to the incident that was selected when its key was pressed; what is selected when its
dialog is answered does not matter.
"""

from __future__ import annotations

from collections.abc import Callable

from warroom.model.incidents import IncidentRecord
from warroom.model.narrative import IMPACT_NAMES, one_line
from warroom.stream import actions as commands
from warroom.tui import dialogs
from warroom.tui.actions import BY_ID, unavailable
from warroom.tui.asking import Asking

__all__ = ["Steering"]

LONGEST_TITLE = 200
LONGEST_SUMMARY = 8000
"""Characters, as the arguments of `warroom.stream.actions` have them."""


class Steering(Asking):
    """Does the actions that change something."""

    def do(self, action_id: str) -> None:
        """Begin an action on the incident that is selected now."""
        action = BY_ID[action_id]
        incident = self._room.world.incident(self._room.selected)
        if reason := unavailable(action, self._room):
            self._refuse(action.title, incident, reason)
        elif action_id == "declare":
            self._declare()
        elif incident is not None:
            doing: Callable[[IncidentRecord], None] = getattr(self, f"_{action_id}")
            doing(incident)

    # --- acknowledging

    def _acknowledge(self, incident: IncidentRecord) -> None:
        if self._room.world.waits_for_me(incident.arn):
            self._send(
                f"Acknowledge {incident.short_name}",
                incident,
                commands.Acknowledge,
                {"incident": incident.arn, "contact": self._mine()},
            )
        else:
            self._acknowledge_asking(incident, mine=False)

    def _acknowledge_with_note(self, incident: IncidentRecord) -> None:
        self._acknowledge_asking(incident, mine=self._room.world.waits_for_me(incident.arn))

    def _acknowledge_asking(self, incident: IncidentRecord, *, mine: bool) -> None:
        world = self._room.world
        awaited = world.awaited(incident.arn)
        if not awaited:
            self._refuse(
                f"Acknowledge {incident.short_name}", incident, "Nobody has an unread page for it; e pages somebody."
            )
            return
        choices = [dialogs.Choice(contact, world.contact_name(contact), "unread page") for contact in awaited]

        def answered(request: dialogs.AcknowledgeRequest) -> None:
            whose = f" for {world.contact_name(request.contact_arn)}" if request.contact_arn else ""
            self._send(
                f"Acknowledge {incident.short_name}{whose}",
                incident,
                commands.Acknowledge,
                {
                    "incident": incident.arn,
                    "contact": request.contact_arn or self._mine(),
                    "note": request.note,
                },
            )

        self._open(
            "acknowledge",
            incident.arn,
            lambda draft: dialogs.AcknowledgeFor(
                incident.short_name, one_line(incident.title), choices, mine=mine, draft=draft
            ),
            answered,
        )

    def _mine(self) -> str | None:
        """The contact to name for my own pages: none where my key says who I am."""
        return None if self._room.acts_for_me else self._room.world.me

    # --- the course of an incident

    def _resolve(self, incident: IncidentRecord) -> None:
        unread = len(self._room.world.awaited(incident.arn))

        def answered(request: dialogs.ResolveRequest) -> None:
            self._send(
                f"Resolve {incident.short_name}",
                incident,
                commands.Resolve,
                {"incident": incident.arn, "note": request.note},
            )

        self._open(
            "resolve",
            incident.arn,
            lambda draft: dialogs.ConfirmResolve(incident.short_name, one_line(incident.title), unread, draft=draft),
            answered,
        )

    def _reopen(self, incident: IncidentRecord) -> None:
        self._send(f"Reopen {incident.short_name}", incident, commands.Reopen, {"incident": incident.arn})

    def _escalate(self, incident: IncidentRecord) -> None:
        world = self._room.world
        engaged = frozenset(
            engagement.contact_arn
            for engagement in world.records.paging.engagements_of(incident.arn)
            if engagement.stop_time is None
        )

        def answered(request: dialogs.EscalateRequest) -> None:
            whom = f" to {world.contact_name(request.contact_arn)}" if request.contact_arn else ""
            impact = f" to {request.impact} {IMPACT_NAMES[request.impact]}" if request.impact else ""
            self._send(
                f"Escalate {incident.short_name}{impact}{whom}",
                incident,
                commands.Escalate,
                {
                    "incident": incident.arn,
                    "impact": request.impact,
                    "contact": request.contact_arn,
                    "note": request.note,
                },
            )

        self._open(
            "escalate",
            incident.arn,
            lambda draft: dialogs.Escalate(
                incident.short_name,
                one_line(incident.title),
                incident.impact,
                world.contacts(),
                engaged=engaged,
                draft=draft,
            ),
            answered,
        )

    def _stop_engagement(self, incident: IncidentRecord) -> None:
        world = self._room.world
        running = [
            engagement
            for engagement in world.records.paging.engagements_of(incident.arn)
            if engagement.stop_time is None
        ]
        if not running:
            self._refuse(f"Stop paging for {incident.short_name}", incident, "No engagement of it is running.")
            return
        names = {engagement.engagement_arn: world.contact_name(engagement.contact_arn) for engagement in running}
        choices = [dialogs.Choice(key, name, "running") for key, name in names.items()]

        def answered(engagement: str) -> None:
            self._send(
                f"Stop paging {names[engagement]} for {incident.short_name}",
                incident,
                commands.StopEngagement,
                {"engagement": engagement},
            )

        heading = f"Stop paging for {incident.short_name}"
        self._open("stop_engagement", incident.arn, lambda _: dialogs.Pick(heading, choices), answered)

    def _declare(self) -> None:
        def answered(request: dialogs.DeclareRequest) -> None:
            plan = self._room.world.records.plans.get(request.plan_arn)
            name = request.title or (plan.incident_template.title if plan else "an incident")
            self._send(
                f"Declare {one_line(name)}",
                None,
                commands.Declare,
                {"response_plan": request.plan_arn, "title": request.title, "impact": request.impact},
            )

        plans = list(self._room.world.records.plans.values())
        self._open("declare", "", lambda draft: dialogs.Declare(plans, draft=draft), answered)

    # --- what is written about it

    def _note(self, incident: IncidentRecord) -> None:
        def answered(text: str) -> None:
            self._send(
                f"Write to the timeline of {incident.short_name}",
                incident,
                commands.AddTimelineEvent,
                {"incident": incident.arn, "text": text},
            )

        self._open(
            "note",
            incident.arn,
            lambda draft: dialogs.Compose(
                f"Timeline event for {incident.short_name}",
                placeholder="what happened, what was done",
                draft=draft,
                limit=commands.LONGEST_TEXT,
            ),
            answered,
        )

    def _change_impact(self, incident: IncidentRecord) -> None:
        choices = [
            dialogs.Choice(str(impact), "", "now" if impact == incident.impact else "", impact=impact)
            for impact in IMPACT_NAMES
        ]

        def answered(key: str) -> None:
            self._send(
                f"Set the impact of {incident.short_name} to {key} {IMPACT_NAMES[int(key)]}",
                incident,
                commands.ChangeImpact,
                {"incident": incident.arn, "impact": int(key)},
            )

        heading = f"Impact of {incident.short_name}"
        self._open("change_impact", incident.arn, lambda _: dialogs.Pick(heading, choices), answered)

    def _change_title(self, incident: IncidentRecord) -> None:
        def answered(text: str) -> None:
            self._send(
                f"Rename {incident.short_name}",
                incident,
                commands.ChangeTitle,
                {"incident": incident.arn, "title": one_line(text)},
            )

        self._open(
            "change_title",
            incident.arn,
            lambda draft: dialogs.Compose(
                f"Title of {incident.short_name}", draft=draft or one_line(incident.title), limit=LONGEST_TITLE
            ),
            answered,
        )

    def _change_summary(self, incident: IncidentRecord) -> None:
        def answered(text: str) -> None:
            self._send(
                f"Write the summary of {incident.short_name}",
                incident,
                commands.ChangeSummary,
                {"incident": incident.arn, "summary": text},
            )

        self._open(
            "change_summary",
            incident.arn,
            lambda draft: dialogs.Compose(
                f"Summary of {incident.short_name}",
                draft=draft or incident.summary or "",
                limit=LONGEST_SUMMARY,
                empty=True,
            ),
            answered,
        )
