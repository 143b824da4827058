"""Response plans: what an incident starts from (`incident-manager.md`, 1.3, 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from warroom.engine.interfaces import Document
from warroom.engine.lookup import response_plan_of
from warroom.engine.onboarding import require_onboarded
from warroom.engine.operation import Operations
from warroom.engine.pagination import DEFAULT_PAGE, Listing
from warroom.engine.rules.records import chat_channel_of
from warroom.model.arn import response_plan_arn
from warroom.model.errors import ConflictException
from warroom.model.incidents import ResponsePlan
from warroom.store import incidents as store
from warroom.store.tags import put_tags
from warroom.store.transaction import Reader, Transaction

__all__ = ["ResponsePlanOperations"]


class ResponsePlanOperations(Operations):
    async def create_response_plan(
        self,
        *,
        name: str,
        incident_template: Mapping[str, Any],
        display_name: str | None = None,
        chat_channel: Mapping[str, Any] | None = None,
        engagements: Sequence[str] = (),
        actions: Sequence[Mapping[str, Any]] = (),
        integrations: Sequence[Mapping[str, Any]] | None = None,
        tags: Mapping[str, str] | None = None,
        client_token: str | None = None,
    ) -> Document:
        """`{"arn"}`.

        Raises `ConflictException` when the name is taken, `ValidationException` before there is a replication set.
        Contacts that `engagements` names need not exist: those that do not when an incident starts are skipped,
        and its timeline says so.
        """
        plan = ResponsePlan.model_validate(
            {
                "arn": response_plan_arn(self._caller.account, name),
                "name": name,
                "display_name": display_name,
                "chat_channel": chat_channel_of(chat_channel),
                "engagements": list(dict.fromkeys(engagements)),
                "actions": actions,
                "incident_template": incident_template,
                "integrations": integrations,
            }
        )

        def decide(transaction: Transaction) -> Document:
            require_onboarded(transaction, self._caller.account)
            if store.response_plans.get(transaction, plan.arn) is not None:
                raise ConflictException(
                    f"The response plan {name} already exists",
                    resource_id=plan.arn,
                    resource_type="RESPONSE_PLAN",
                )
            store.response_plans.insert(transaction, plan)
            put_tags(transaction, plan.arn, tags)
            return {"arn": plan.arn}

        return await self._write(
            decide, operation="CreateResponsePlan", token=client_token, request={"plan": plan, "tags": tags}
        )

    async def get_response_plan(self, *, arn: str) -> Document:
        """The members of the plan. Raises `ResourceNotFoundException`."""
        plan = await self._read(lambda reader: response_plan_of(reader, self._caller.account, arn))
        return {member: getattr(plan, member) for member in ResponsePlan.model_fields}

    async def list_response_plans(self, *, max_results: int | None = None, next_token: str | None = None) -> Document:
        """`{"response_plan_summaries", "next_token"}`, by name."""
        listing = Listing("ListResponsePlans", (str,), self._caller.account)
        after, limit = listing.after(next_token), max_results or DEFAULT_PAGE

        def look(reader: Reader) -> list[ResponsePlan]:
            return store.list_by_key(reader, store.response_plans, self._caller.account, after, limit + 1)

        plans, following = listing.page(await self._read(look), limit, lambda plan: (plan.arn,))
        return {
            "response_plan_summaries": [
                {"arn": plan.arn, "name": plan.name, "display_name": plan.display_name} for plan in plans
            ],
            "next_token": following,
        }
