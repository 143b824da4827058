"""What the service's own timeline events hold: the members of `eventData` by type (`incident-manager.md`, 2.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from warroom.model.contacts import Contact
from warroom.model.incidents import ResponsePlan

__all__ = [
    "RECORD_UPDATE",
    "RUNBOOK_FAILURE",
    "START",
    "TRIGGER",
    "record_update",
    "runbook_failure",
    "start",
    "trigger",
]

TRIGGER = "SSM Incident Trigger"
START = "SSM Incident Start"
RECORD_UPDATE = "SSM Incident Record Update"
RUNBOOK_FAILURE = "SSM Automation Execution Start Failure for Incident"


def trigger(*, created: bool, source: str, trigger_arn: str | None, raw: str | None) -> dict[str, Any]:
    """`raw` is the text of the source event."""
    return {"createdIncident": created, "incidentSource": source, "triggerArn": trigger_arn, "rawData": raw}


def start(title: str, plan: ResponsePlan, contacts: Sequence[Contact], trigger_arn: str | None) -> dict[str, Any]:
    """`contacts` are those that the plan engages."""
    runbook = next((action.ssm_automation for action in plan.actions if action.ssm_automation), None)
    return {
        "incidentTitle": title,
        "contactsEngage": [
            {"contactArn": contact.contact_arn, "contactName": contact.display_name or contact.alias}
            for contact in contacts
        ],
        "ssmDocumentName": runbook and runbook.document_name,
        "ssmDocumentVersion": runbook and runbook.document_version,
        "triggerArn": trigger_arn,
    }


def record_update(modified_by: str, attributes: Sequence[tuple[str, str]], title: str) -> dict[str, Any]:
    """`attributes` are (name, new value) pairs in the spelling of the wire."""
    return {
        "modifiedBy": modified_by,
        "modifiedAttributes": [{"attributeName": name, "newValue": value} for name, value in attributes],
        "incidentTitle": title,
    }


def runbook_failure(document_name: str) -> Mapping[str, Any]:
    """There is no Systems Manager here that could run the document."""
    return {"documentName": document_name, "reason": "this backend runs no Systems Manager Automation"}
