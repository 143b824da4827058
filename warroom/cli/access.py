"""`warroom env` and `warroom key`: who may reach the backend, and with what."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from warroom.cli.tables import Output, clock_time, present, print_json, print_table

__all__ = ["register"]

OutputOption = Annotated[Output, typer.Option("--output", "-o", help="How the result is written.")]

keys = typer.Typer(help="Access keys: make, list, revoke.", no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    app.command("env")(env)
    app.add_typer(keys, name="key")


def env(context: typer.Context) -> None:
    """Print the exports that point the aws CLI and the SDKs at the backend: eval "$(warroom env)"."""
    target = context.obj.reach()
    exports = {
        "AWS_ENDPOINT_URL_SSM_INCIDENTS": target.url,
        "AWS_ENDPOINT_URL_SSM_CONTACTS": target.url,
        "AWS_ACCESS_KEY_ID": target.access_key_id,
        "AWS_SECRET_ACCESS_KEY": target.secret_access_key,
        "AWS_REGION": target.region,
        "AWS_DEFAULT_REGION": target.region,  # what boto3 and version 1 of the CLI read
    }
    for name, text in exports.items():
        print(f"export {name}={shlex.quote(text)}")


@keys.command("create")
def create(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="Whose it is; it appears as who did what.")],
    contact: Annotated[str | None, typer.Option(metavar="ALIAS", help="The contact that its holder is.")] = None,
    role: Annotated[str, typer.Option(metavar="admin|responder|observer", help="What it may do.")] = "responder",
    output: OutputOption = "table",
) -> None:
    """Make an access key. Its secret is shown this once."""
    from warroom.cli.asking import arguments, ask
    from warroom.stream.actions import CreateAccessKey

    made = ask(context.obj, arguments(CreateAccessKey, name=name, contact=contact, key_role=role))
    if output == "json":
        print_json(made)
        return
    print(f"access key id      {made['access_key_id']}")
    print(f"secret access key  {made['secret_access_key']}")
    print(f"name               {made['name']}")
    print(f"role               {made['role']}")
    if made.get("contact_arn"):
        print(f"contact            {made['contact_arn']}")


@keys.command("list")
def list_keys(context: typer.Context, output: OutputOption = "table") -> None:
    """List the access keys, without their secrets."""
    from warroom.cli.asking import ask
    from warroom.model.narrative import alias
    from warroom.stream.actions import ListAccessKeys

    result = ask(context.obj, ListAccessKeys())
    if output == "json":
        print_json(result)
        return
    now = present()
    rows = [
        [
            key["access_key_id"],
            key["name"],
            key["role"],
            alias(key["contact_arn"]) if key.get("contact_arn") else "-",
            clock_time(key["created_time"], now),
            "revoked" if key.get("revoked_time") else "active",
        ]
        for key in result["access_keys"]
    ]
    print_table(["KEY", "NAME", "ROLE", "CONTACT", "CREATED", "STATE"], rows, give_way=(1, 3))


@keys.command("revoke")
def revoke(context: typer.Context, access_key_id: Annotated[str, typer.Argument(metavar="KEY")]) -> None:
    """Revoke an access key; it opens nothing from then on."""
    from warroom.cli.asking import ask
    from warroom.stream.actions import RevokeAccessKey

    result = ask(context.obj, RevokeAccessKey(access_key_id=access_key_id))
    print(f"revoked {result['access_key_id']}")
