"""`warroom serve`: its options, checked before anything heavy is imported."""

from __future__ import annotations

from typing import Annotated

import typer

from warroom.cli.listening import Address
from warroom.config import load_settings

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    app.command()(serve)


def serve(
    context: typer.Context,
    listen: Annotated[str | None, typer.Option(metavar="HOST:PORT", help="Where. Default 127.0.0.1:8750.")] = None,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="SQLite or PostgreSQL. Default: a SQLite file in the home.")
    ] = None,
    account: Annotated[str | None, typer.Option(metavar="ID", help="The account served. Default 111122223333.")] = None,
    region: Annotated[str | None, typer.Option(metavar="NAME", help="Its Region. Default us-east-1.")] = None,
    bare: Annotated[bool, typer.Option("--bare", help="Leave a fresh database without a replication set.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="With --embedded: outlive the last war room.")] = False,
    embedded: Annotated[bool, typer.Option("--embedded", hidden=True)] = False,
    until_eof: Annotated[bool, typer.Option("--until-eof", hidden=True)] = False,
) -> None:
    """Serve the Incident Manager API and the war rooms."""
    invocation = context.obj
    settings = load_settings(
        invocation.home.config_file,
        invocation.env,
        listen=listen,
        database=database,
        account=account,
        region=region,
        keep=keep or None,
    )
    # An embedded backend listens on loopback, where it last did, whatever the settings say of `warroom serve`.
    address = Address.parse(settings.listen) if not embedded or listen else None
    from warroom.cli.serving import Service, run_service

    run_service(
        Service(
            home=invocation.home,
            address=address,
            database=settings.database,
            account=settings.account,
            region=settings.region,
            bare=bare,
            embedded=embedded,
            keep=settings.keep,
            until_eof=until_eof,
            debug=invocation.debug,
        )
    )
