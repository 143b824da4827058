"""One incident, end to end, in a real terminal: from the aws CLI to the screen, and from a key back to a receipt."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (200, 50)])
def test_an_incident_is_seen_acknowledged_and_resolved_from_the_terminal(on_call, open_war_room, columns, rows):
    backend = on_call.backend
    war_room = open_war_room(columns, rows)
    war_room.wait_for("live")

    incident = on_call.start_incident("card payments time out")
    war_room.wait_for("card payments time out")
    war_room.wait_for_pattern(r"Critical")
    war_room.wait_for("SENT")

    war_room.send("a")
    war_room.wait_for("READ")
    pages = backend.aws("ssm-contacts", "list-pages-by-contact", "--contact-id", on_call.contact_arn)["Pages"]
    assert len(pages) == 1
    receipts = backend.aws("ssm-contacts", "list-page-receipts", "--page-id", pages[0]["PageArn"])["Receipts"]
    types = [receipt["ReceiptType"] for receipt in receipts]
    assert "SENT" in types
    assert types.count("READ") == 1

    war_room.send("r")
    war_room.wait_for_pattern(r"(?i)resolve INC-1001")
    war_room.send("y")
    war_room.wait_for("RESOLVED")
    record = backend.aws("ssm-incidents", "get-incident-record", "--arn", incident)["incidentRecord"]
    assert record["status"] == "RESOLVED"
    assert record["resolvedTime"] > record["creationTime"]

    war_room.send("q")
    assert war_room.wait_exit() == 0
