"""What the engine returns is written by the output shapes of the service models."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from warroom.api.services import CONTACTS, INCIDENTS, service
from warroom.model.contacts import Contact
from warroom.model.incidents import ChatChannel

ARN = "arn:aws:ssm-incidents::111122223333:incident-record/payments/1"
MOMENT = datetime(2026, 1, 1, 3, 12, 0, 125_000, tzinfo=UTC)


def answer(service_name: str, operation: str, result: Any) -> Any:
    return service(service_name).operations[operation].answer(result)


def test_absent_members_and_those_that_the_shape_does_not_know_are_left_out() -> None:
    record = {"arn": ARN, "title": "down", "summary": None, "number": 1042, "creation_time": MOMENT}
    assert answer(INCIDENTS, "GetIncidentRecord", {"incident_record": record, "receipts": []}) == {
        "incidentRecord": {"arn": ARN, "title": "down", "creationTime": 1767237120.125}
    }


def test_records_and_dicts_are_written_alike() -> None:
    members = {
        "contact_arn": "arn:c",
        "alias": "ana",
        "type": "PERSONAL",
        "plan": {
            "stages": [
                {"duration_in_minutes": 5, "targets": [{"channel_target_info": {"contact_channel_id": "arn:ch"}}]},
                {"duration_in_minutes": 0, "targets": []},
            ]
        },
    }
    written = answer(CONTACTS, "GetContact", Contact.model_validate(members))
    assert written == answer(CONTACTS, "GetContact", members)
    assert written["Plan"]["Stages"] == [
        {"DurationInMinutes": 5, "Targets": [{"ChannelTargetInfo": {"ContactChannelId": "arn:ch"}}]},
        {"DurationInMinutes": 0, "Targets": []},
    ]


def test_a_union_is_never_empty() -> None:
    for nothing in ({}, {"chatbot_sns": None}, ChatChannel()):
        assert answer(INCIDENTS, "GetIncidentRecord", {"incident_record": {"chat_channel": nothing}}) == {
            "incidentRecord": {}
        }
    empty = answer(INCIDENTS, "GetIncidentRecord", {"incident_record": {"chat_channel": ChatChannel(empty={})}})
    assert empty == {"incidentRecord": {"chatChannel": {"empty": {}}}}
    plan = {"notification_targets": [{"sns_topic_arn": "arn:t"}, {}]}
    assert answer(INCIDENTS, "GetResponsePlan", {"incident_template": plan}) == {
        "incidentTemplate": {"notificationTargets": [{"snsTopicArn": "arn:t"}]}
    }


def test_keys_of_maps_stay_and_their_values_are_written() -> None:
    regions = {"us-east-1": {"status": "ACTIVE", "status_update_date_time": MOMENT}}
    written = answer(INCIDENTS, "GetReplicationSet", {"replication_set": {"region_map": regions}})
    assert written == {
        "replicationSet": {"regionMap": {"us-east-1": {"status": "ACTIVE", "statusUpdateDateTime": 1767237120.125}}}
    }


def test_an_operation_without_output_says_nothing() -> None:
    assert answer(CONTACTS, "AcceptPage", None) == {}
    assert answer(CONTACTS, "AcceptPage", {"anything": 1}) == {}
