"""Where warroom accepts what the service model forbids, because real clients send it (`incident-manager.md`, 7).

The whole list of exceptions is here; nothing else in the package loosens a rule.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["LENIENCIES", "relaxed"]

LENIENCIES: Mapping[tuple[str, str, str], str] = {
    ("ssm-incidents", "SsmParameters", "min"): "Terraform sends an empty map for a runbook without parameters",
    ("ssm-incidents", "DynamicSsmParameters", "min"): "Terraform sends an empty map for a runbook without them",
    ("ssm-contacts", "Stage", "Targets"): "Terraform leaves out the targets of a stage that only waits",
}
"""(service, shape, its constraint or its required member) -> why it is not enforced.

A plan without stages, `{"Stages": []}`, needs no exception: the model has no minimum there.
"""


def relaxed(service: str, shape: str, rule: str) -> bool:
    """Whether `rule` (a constraint such as `min`, or the name of a required member) is not enforced for `shape`."""
    return (service, shape, rule) in LENIENCIES
