"""The store: transactions, group commit, and what happens when the disk does not take it."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from paging_world import START, Clock
from warroom.model.arn import response_plan_arn
from warroom.model.errors import StoreError, StoreTooNew, StoreUnwritable
from warroom.model.incidents import IncidentTemplate, ResponsePlan
from warroom.store import changelog, database, tables
from warroom.store.incidents import response_plans
from warroom.store.store import Store
from warroom.store.transaction import Reader, Transaction

ACCOUNT = "111122223333"


def plan(name: str, title: str = "t") -> ResponsePlan:
    template = IncidentTemplate(title=title, impact=3)
    return ResponsePlan(arn=response_plan_arn(ACCOUNT, name), name=name, incident_template=template)


def names(reader: Reader) -> list[str]:
    return [each.name for each in response_plans.select(reader, order=(response_plans.c.key,))]


def log(reader: Reader) -> list[tuple[int, str]]:
    return [(row.seq, row.key.rpartition("/")[2]) for row in changelog.after(reader, 0, 10_000)]


def database_at(directory: Path) -> str:
    return f"sqlite:///{directory / 'warroom.db'}"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(database_at(tmp_path), Clock().now)
    yield opened
    await opened.close()


async def hold(store: Store) -> asyncio.Task[None]:
    """Keep the writer busy until what is queued meanwhile makes one group."""
    entered = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work(_: Transaction) -> None:
        loop.call_soon_threadsafe(entered.set)
        time.sleep(0.1)

    held = loop.create_task(store.write(work))
    await entered.wait()
    return held


async def test_what_was_written_is_there_after_opening_again(tmp_path: Path) -> None:
    store = await Store.open(database_at(tmp_path), Clock().now)
    await store.write(lambda transaction: response_plans.insert(transaction, plan("a")))
    epoch = store.epoch
    await store.close()
    again = await Store.open(database_at(tmp_path), Clock().now)
    assert (await again.read(names), again.epoch) == (["a"], epoch)
    assert await again.read(lambda reader: response_plans.get(reader, plan("a").arn)) == plan("a")
    await again.close()


async def test_commits_survive_power_loss(store: Store) -> None:
    with store._writing.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL


async def test_units_of_a_group_fail_alone(store: Store) -> None:
    def unit(number: int) -> Any:
        def work(transaction: Transaction) -> str:
            response_plans.insert(transaction, plan(f"p{number}"))
            if number % 3 == 0:
                raise ValueError(f"unit {number} does not want to")
            return f"done {number}"

        return store.write(work)

    held = await hold(store)
    outcomes = await asyncio.gather(*(unit(number) for number in range(9)), return_exceptions=True)
    await held
    assert [str(each) for each in outcomes] == [
        f"unit {number} does not want to" if number % 3 == 0 else f"done {number}" for number in range(9)
    ]
    assert await store.read(names) == ["p1", "p2", "p4", "p5", "p7", "p8"]
    assert await store.read(log) == list(enumerate(["p1", "p2", "p4", "p5", "p7", "p8"], start=1))


async def test_a_statement_that_the_database_refuses_undoes_its_unit_only(store: Store) -> None:
    def twice(transaction: Transaction) -> None:
        response_plans.insert(transaction, plan("b"))
        response_plans.insert(transaction, plan("b"))

    held = await hold(store)
    good = [store.write(lambda transaction, n=name: response_plans.insert(transaction, plan(n))) for name in "ac"]
    first, failure, last = await asyncio.gather(good[0], store.write(twice), good[1], return_exceptions=True)
    await held
    assert isinstance(failure, StoreError)
    assert (first, last) == (plan("a"), plan("c"))
    assert await store.read(names) == ["a", "c"]
    assert await store.read(log) == [(1, "a"), (2, "c")]


async def test_a_change_is_logged_once_with_its_last_state(store: Store) -> None:
    def work(transaction: Transaction) -> None:
        response_plans.insert(transaction, plan("a", "first"))
        response_plans.insert(transaction, plan("b"))
        response_plans.update(transaction, plan("a", "second"))
        response_plans.delete(transaction, plan("b"))

    await store.write(work)
    rows = await store.read(lambda reader: changelog.after(reader, 0, 10))
    assert [(row.seq, row.key, row.record is None) for row in rows] == [
        (1, plan("a").arn, False),
        (2, plan("b").arn, True),
    ]
    assert response_plans.read(rows[0].record).incident_template.title == "second"
    assert (rows[0].at, rows[0].account, rows[0].kind) == (START, ACCOUNT, "response_plan")


async def test_updating_what_is_not_there_is_a_fault(store: Store) -> None:
    with pytest.raises(LookupError):
        await store.write(lambda transaction: response_plans.update(transaction, plan("a")))


async def test_work_whose_caller_has_gone_is_not_begun(store: Store) -> None:
    held = await hold(store)
    gone = asyncio.get_running_loop().create_task(
        store.write(lambda transaction: response_plans.insert(transaction, plan("gone")))
    )
    stays = asyncio.get_running_loop().create_task(
        store.write(lambda transaction: response_plans.insert(transaction, plan("stays")))
    )
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(held, stays)
    assert await store.read(names) == ["stays"]


async def test_closing_commits_what_waits_and_refuses_what_comes_later(tmp_path: Path) -> None:
    store = await Store.open(database_at(tmp_path), Clock().now)
    writes = [asyncio.ensure_future(store.write(lambda t, n=name: response_plans.insert(t, plan(n)))) for name in "abc"]
    await asyncio.sleep(0)
    await store.close()
    assert len(await asyncio.gather(*writes)) == 3
    for refused in (store.read(names), store.write(lambda _: None)):
        with pytest.raises(StoreError, match="closed"):
            await refused


async def test_listeners_hear_of_commits_that_changed_records(store: Store) -> None:
    heard: list[None] = []
    store.on_commit(lambda: heard.append(None))
    await store.write(lambda _: None)
    assert heard == []
    await store.write(lambda transaction: response_plans.insert(transaction, plan("a")))
    await asyncio.sleep(0)
    assert heard == [None]


async def test_a_reader_sees_one_state_and_cannot_write(store: Store) -> None:
    def look(reader: Reader) -> tuple[list[str], list[str]]:
        before = names(reader)
        asyncio.run_coroutine_threadsafe(
            store.write(lambda transaction: response_plans.insert(transaction, plan("a"))), loop
        ).result(10)
        return before, names(reader)

    loop = asyncio.get_running_loop()
    assert await store.read(look) == ([], [])
    with pytest.raises(StoreUnwritable):
        await store.read(lambda reader: reader.connection.execute(sa.delete(tables.response_plans)))
    assert await store.read(names) == ["a"]


async def test_counters_begin_where_they_are_told_and_never_repeat(store: Store) -> None:
    drawn = await asyncio.gather(
        *(store.write(lambda transaction: transaction.count_up("n", start=1000)) for _ in range(200))
    )
    assert sorted(drawn) == list(range(1001, 1201))
    assert await store.write(lambda transaction: transaction.count_up("n", by=5)) == 1205


# --- a disk that does not take it


@contextmanager
def full_disk(store: Store) -> Iterator[None]:
    """SQLite may not take another page, which it reports as it does a full disk."""

    def limit(pages: int) -> None:
        connection = store._writing.raw_connection()
        connection.cursor().execute(f"PRAGMA max_page_count={pages}")
        connection.close()

    limit(1)  # below what there is: SQLite sets it to just that
    yield
    limit(1_000_000)


async def test_a_full_disk_is_told_and_leaves_nothing_half_written(store: Store) -> None:
    await store.write(lambda transaction: response_plans.insert(transaction, plan("before")))

    def work(transaction: Transaction) -> None:
        transaction.count_up("n")
        for number in range(50):
            response_plans.insert(transaction, plan(f"large{number}", "x" * 4000))

    with full_disk(store):
        held = await hold(store)
        outcomes = await asyncio.gather(*(store.write(work) for _ in range(3)), return_exceptions=True)
        await held
        assert all(isinstance(each, StoreUnwritable) for each in outcomes)
        assert "is full: free some space; nothing was changed" in str(outcomes[0])
        assert await store.read(names) == ["before"]
    assert await store.read(log) == [(1, "before")]
    await store.write(lambda transaction: response_plans.insert(transaction, plan("after")))
    assert await store.read(log) == [(1, "before"), (2, "after")]
    assert await store.write(lambda transaction: transaction.count_up("n")) == 1


@contextmanager
def as_nobody() -> Iterator[None]:
    """File modes do not bind root."""
    user = os.getuid()
    if user == 0:
        os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        if user == 0:
            os.setresuid(0, 0, 0)


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """One that everybody may enter, unlike those that pytest makes."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        directory.chmod(0o755)
        yield directory
        directory.chmod(0o755)


async def test_a_read_only_database_is_told_and_stays_as_it_is(open_directory: Path) -> None:
    store = await Store.open(database_at(open_directory), Clock().now)
    await store.write(lambda transaction: response_plans.insert(transaction, plan("a")))
    await store.close()
    file = open_directory / "warroom.db"
    before = file.read_bytes()
    file.chmod(0o444)
    open_directory.chmod(0o555)
    with as_nobody(), pytest.raises(StoreUnwritable) as refused:
        await Store.open(database_at(open_directory), Clock().now)
    assert "writable" in str(refused.value) and "\n" not in str(refused.value)
    assert file.read_bytes() == before
    file.chmod(0o644)
    open_directory.chmod(0o755)
    again = await Store.open(database_at(open_directory), Clock().now)
    assert await again.read(names) == ["a"]
    await again.close()


async def test_a_directory_where_nothing_can_be_made_is_told(open_directory: Path) -> None:
    open_directory.chmod(0o555)
    with as_nobody(), pytest.raises(StoreUnwritable, match="not writable"):
        await Store.open(database_at(open_directory), Clock().now)
    with pytest.raises(StoreUnwritable, match="does not exist"):
        await Store.open(database_at(open_directory / "nowhere"), Clock().now)


async def test_a_database_that_another_process_keeps_locked_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warroom.store.database._BUSY_TIMEOUT", 0.1)
    store = await Store.open(database_at(tmp_path), Clock().now)
    other = sqlite3.connect(tmp_path / "warroom.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnwritable, match="locked by another process"):
        await store.write(lambda transaction: response_plans.insert(transaction, plan("a")))
    other.execute("ROLLBACK")
    await store.write(lambda transaction: response_plans.insert(transaction, plan("a")))
    await store.close()
    other.close()


async def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "warroom.db"
    file.write_bytes(b"my holiday photographs" * 1000)
    with pytest.raises(StoreError, match="not a warroom database"):
        await Store.open(database_at(tmp_path), Clock().now)
    assert file.read_bytes() == b"my holiday photographs" * 1000


async def test_a_disk_that_is_locked_is_not_waited_for_by_each_unit_of_a_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warroom.store.database._BUSY_TIMEOUT", 0.2)
    store = await Store.open(database_at(tmp_path), Clock().now)
    other = sqlite3.connect(tmp_path / "warroom.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    outcomes = await asyncio.gather(
        *(store.write(lambda transaction: response_plans.insert(transaction, plan("a"))) for _ in range(30)),
        return_exceptions=True,
    )
    assert all(isinstance(each, StoreUnwritable) for each in outcomes)
    assert time.monotonic() - began < 3
    other.close()
    await store.close()


# --- one backend at a time


async def test_a_second_backend_on_the_same_database_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    store = await Store.open(database_at(tmp_path), Clock().now)
    (tmp_path / "link.db").symlink_to(tmp_path / "warroom.db")
    for url in (database_at(tmp_path), f"sqlite:///{tmp_path / 'link.db'}"):
        with pytest.raises(StoreError, match=rf"another backend serves .*\(pid {os.getpid()} on .*--database"):
            await Store.open(url, Clock().now)
    await store.close()
    again = await Store.open(database_at(tmp_path), Clock().now)
    await again.close()


async def test_a_database_that_could_not_be_opened_is_not_held(tmp_path: Path) -> None:
    (tmp_path / "warroom.db").write_bytes(b"my holiday photographs" * 1000)
    for _ in range(2):
        with pytest.raises(StoreError, match="not a warroom database"):
            await Store.open(database_at(tmp_path), Clock().now)


# --- what the database says


class Failure(sqlite3.OperationalError):
    """As a driver of PostgreSQL raises it."""

    def __init__(self, text: str, sqlstate: str | None = None) -> None:
        super().__init__(text)
        self.sqlstate = sqlstate


def raised(text: str, sqlstate: str | None = None) -> sa.exc.DBAPIError:
    return sa.exc.DBAPIError("SELECT 1", None, Failure(text, sqlstate))


async def test_a_conflict_with_another_transaction_is_tried_again(store: Store) -> None:
    conflicts = iter([raised("could not serialize access", "40001"), raised("deadlock detected", "40P01")])

    def work(transaction: Transaction) -> None:
        response_plans.insert(transaction, plan("a"))
        if conflict := next(conflicts, None):
            raise conflict

    await store.write(work)
    assert await store.read(names) == ["a"]
    with pytest.raises(StoreError, match="serialize"):
        await store.write(lambda _: (_ for _ in ()).throw(raised("could not serialize access", "40001")))


@pytest.mark.parametrize("failure", [raised(""), SystemExit("a fault of ours"), MemoryError()])
async def test_whatever_a_unit_raises_nobody_is_left_waiting_and_the_writer_goes_on(
    store: Store, failure: BaseException
) -> None:
    def work(_: Transaction) -> None:
        raise failure

    held = await hold(store)
    outcomes = await asyncio.wait_for(asyncio.gather(*(store.write(work) for _ in range(3)), return_exceptions=True), 5)
    await held
    assert all(isinstance(each, StoreError | MemoryError) for each in outcomes)
    await store.write(lambda transaction: response_plans.insert(transaction, plan("a")))
    assert await store.read(names) == ["a"]


async def test_a_remark_is_logged_once_when_its_work_is_committed(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    runs = iter([raised("could not serialize access", "40001")])

    def work(transaction: Transaction) -> None:
        transaction.remark(logging.getLogger("warroom"), "%s is skipped", "bob")
        if failure := next(runs, None):
            raise failure

    await store.write(work)
    assert [record.getMessage() for record in caplog.records] == ["bob is skipped"]


def test_a_failure_is_understood_by_its_code_and_not_by_the_words_around_it() -> None:
    url = "postgresql://me:secret@full-db.example/readonly?password=secret"
    told = database.explain(raised('could not find "full-db.example": locked out'), url)
    assert type(told) is StoreError
    assert str(told) == (
        "the database postgresql+psycopg://me@full-db.example/readonly failed: "
        'could not find "full-db.example": locked out'
    )
    assert "disk" in str(database.explain(raised("", "53100"), url))
    assert str(database.explain(raised(""), url)).endswith("failed: Failure")


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("sqlite:////var/lib/warroom.db", "sqlite:////var/lib/warroom.db"),
        ("postgresql://me:secret@db:5432/w?password=secret", "postgresql+psycopg://me@db:5432/w"),
        ("postgresql+psycopg:///w?host=db&password=secret", "postgresql+psycopg:///w"),
    ],
)
def test_a_url_is_shown_without_password_and_options(url: str, safe: str) -> None:
    assert database.shown(url) == safe


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "nonsense?password=secret",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:warroom.db?mode=memory&uri=true&password=secret",
        "sqlite+aiosqlite:///warroom.db",
        "postgresql+asyncpg://u:secret@h/d?password=secret",
        "postgresql://u:secret@h:port/d",
        "mysql://u:secret@h/d",
    ],
)
async def test_a_url_that_cannot_be_used_is_told_without_its_secrets(url: str) -> None:
    with pytest.raises(StoreError) as refused:
        await Store.open(url, Clock().now)
    assert "secret" not in str(refused.value)


async def test_a_database_of_a_newer_version_is_refused_untouched(tmp_path: Path) -> None:
    store = await Store.open(database_at(tmp_path), Clock().now)
    await store.close()
    connection = sqlite3.connect(tmp_path / "warroom.db")
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    before = (tmp_path / "warroom.db").read_bytes()
    with pytest.raises(StoreTooNew, match="upgrade warroom; nothing was changed"):
        await Store.open(database_at(tmp_path), Clock().now)
    assert (tmp_path / "warroom.db").read_bytes() == before
