"""Actions on access keys. The secret leaves once, in the answer to its creation, or to a repetition of that."""

from __future__ import annotations

from warroom.adapter.actions.request import Request
from warroom.engine.interfaces import Document
from warroom.stream.actions import CreateAccessKey, ListAccessKeys, RevokeAccessKey

__all__ = ["create_access_key", "list_access_keys", "revoke_access_key"]


async def create_access_key(request: Request, arguments: CreateAccessKey) -> Document:
    account, contact_arn = request.caller.account, None
    if arguments.contact is not None:
        contact_arn = (await request.backend.find_contact(account, arguments.contact)).contact_arn
    key = await request.backend.keys.create(
        account, arguments.name, arguments.key_role, contact_arn, token=request.token_for("create")
    )
    return {
        "access_key_id": key.access_key_id,
        "secret_access_key": key.secret_access_key,
        "name": key.name,
        "role": key.role,
        "contact_arn": key.contact_arn,
    }


async def list_access_keys(request: Request, _: ListAccessKeys) -> Document:
    keys = await request.backend.keys.all(request.caller.account)
    return {
        "access_keys": [
            {
                "access_key_id": key.access_key_id,
                "name": key.name,
                "role": key.role,
                "contact_arn": key.contact_arn,
                "created_time": key.created_time,
                "revoked_time": key.revoked_time,
            }
            for key in keys
        ]
    }


async def revoke_access_key(request: Request, arguments: RevokeAccessKey) -> Document:
    key = await request.backend.keys.revoke(request.caller.account, arguments.access_key_id)
    return {"access_key_id": key.access_key_id}
