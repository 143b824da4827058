"""From what a request holds to what a record holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from warroom.model.arn import replication_set_arn
from warroom.model.identity import Caller
from warroom.model.incidents import ChatChannel, RegionInfo, ReplicationSet

__all__ = ["chat_channel_of", "new_replication_set"]


def chat_channel_of(given: Mapping[str, Any] | None) -> ChatChannel | None:
    """The channel of a request; `{"empty": {}}` is none, and is kept as none (`incident-manager.md`, 1.5, 2.5)."""
    channel = ChatChannel.model_validate(given) if given else None
    return None if channel is None or channel.chatbot_sns is None else channel


def new_replication_set(
    set_id: str, owner: Caller, regions: Mapping[str, Mapping[str, Any]], now: datetime
) -> ReplicationSet:
    """A set of `regions`, ACTIVE at once: they are names here, the data is in one database."""
    return ReplicationSet(
        arn=replication_set_arn(owner.account, set_id),
        region_map={
            name: RegionInfo(
                sse_kms_key_id=region.get("sse_kms_key_id") or "DefaultKey",
                status="ACTIVE",
                status_update_date_time=now,
            )
            for name, region in regions.items()
        },
        status="ACTIVE",
        created_time=now,
        created_by=owner.arn,
        last_modified_time=now,
        last_modified_by=owner.arn,
    )
