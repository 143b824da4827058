"""The ARNs of the two services: built and read here and nowhere else (`incident-manager.md`, 1.5)."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "Arn",
    "contact_arn",
    "contact_channel_arn",
    "engagement_arn",
    "incident_record_arn",
    "page_arn",
    "principal_arn",
    "replication_set_arn",
    "response_plan_arn",
]


class Arn(NamedTuple):
    """`arn:partition:service:region:account:resource`, in its six parts.

    `region` is empty for everything of ssm-incidents.
    """

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Arn:
        """Split an ARN. Raises `ValueError` when `text` has not the six parts of one."""
        parts = text.split(":", 5)
        if len(parts) != 6 or parts[0] != "arn" or not parts[5]:
            raise ValueError(f"{text!r} is not an ARN")
        return cls(*parts[1:])

    def __str__(self) -> str:
        return ":".join(("arn", *self))

    @property
    def resource_type(self) -> str:
        """What it names: `incident-record`, `contact`, `page`, ..."""
        return self.resource.split("/", 1)[0]

    @property
    def path(self) -> tuple[str, ...]:
        """The resource after its type: `("payments", "<uuid>")` of `incident-record/payments/<uuid>`."""
        return tuple(self.resource.split("/")[1:])

    @property
    def name(self) -> str:
        """The first part of the path: a plan's name, a contact's alias."""
        return self.path[0] if self.path else ""


def _incidents(account: str, resource: str) -> str:
    return f"arn:aws:ssm-incidents::{account}:{resource}"


def _contacts(region: str, account: str, resource: str) -> str:
    return f"arn:aws:ssm-contacts:{region}:{account}:{resource}"


def replication_set_arn(account: str, set_id: str) -> str:
    return _incidents(account, f"replication-set/{set_id}")


def response_plan_arn(account: str, name: str) -> str:
    return _incidents(account, f"response-plan/{name}")


def incident_record_arn(account: str, plan_name: str, incident_id: str) -> str:
    return _incidents(account, f"incident-record/{plan_name}/{incident_id}")


def contact_arn(region: str, account: str, alias: str) -> str:
    return _contacts(region, account, f"contact/{alias}")


def contact_channel_arn(region: str, account: str, alias: str, channel_id: str) -> str:
    return _contacts(region, account, f"contact-channel/{alias}/{channel_id}")


def engagement_arn(region: str, account: str, alias: str, engagement_id: str) -> str:
    return _contacts(region, account, f"engagement/{alias}/{engagement_id}")


def page_arn(region: str, account: str, alias: str, page_id: str) -> str:
    return _contacts(region, account, f"page/{alias}/{page_id}")


def principal_arn(account: str, name: str) -> str:
    """The principal an access key acts as; it becomes `createdBy` and `lastModifiedBy`."""
    return f"arn:aws:iam::{account}:user/{name}"
