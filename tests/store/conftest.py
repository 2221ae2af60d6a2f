"""Stores of both kinds: a SQLite file, and a real PostgreSQL that the tests start themselves."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.model.base import Text
from auditor.model.check import Foundation, Severity
from auditor.model.fact import Evidence, Fact
from auditor.model.inventory import Authority, City, Inventory, Opd, Scope, Target
from auditor.model.policy import Entry, Policy
from auditor.model.result import Reason, Result, Run, RunState, Status, TargetState, Visit
from auditor.store.context import Context

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
WORDS = Text(id="Port terbuka", en="Open port")
INVENTORY = Inventory(
    city=City(name="Kota Batu"),
    authority=Authority(
        letter="800/1", date=NOW.date(), valid_until=NOW.date(), scope=Scope(domains=("batu.lab",))
    ),
    opds=(Opd(id="kominfo", name="Kominfo"),),
    targets=(Target(id="web1", opd="kominfo", address="10.0.0.1"),),
)
POLICY = Policy(id="p", title=WORDS, checks=(Entry(use="*"),))


def run(name="20261124-0100-aaaa", started=NOW, scope="policy=p") -> Run:
    return Run(
        id=name, started=started, ended=None, state=RunState.RUNNING, scope=scope,
        policy="p", tool_version="0.1.0",
    )  # fmt: skip


def visit(target="web1", status=Status.FAIL) -> Visit:
    result = Result(
        check="ports.unexpected",
        target=target,
        status=status,
        severity=Severity.HIGH,
        foundation=Foundation.SECURITY,
        reasons=(Reason(status=status, message=WORDS, item="21/tcp"),),
    )
    return Visit(
        target=target, state=TargetState.SEEN, reason="", started=NOW, ms=5, results=(result,)
    )


def fact(target="web1") -> Fact:
    return Fact(target=target, probe="ports", value={"open": []}, evidence=Evidence(source="nmap"))


def begin(store, one=None):
    one = one or run()
    store.begin(
        one,
        Context(
            inventory=INVENTORY, policies=(POLICY,), checks=(), frameworks=(), targets=("web1",)
        ),
    )
    return one


@pytest.fixture(scope="session")
def postgres(tmp_path_factory) -> Iterator[str]:
    """The URL of a PostgreSQL on a socket of its own; the session's end takes it away."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    folder = tmp_path_factory.mktemp("pg")
    shutil.chown(folder, "postgres")
    for parent in folder.parents:
        if str(parent).startswith("/tmp/"):
            parent.chmod(0o755)
    data = folder / "data"

    def as_postgres(*command: str) -> None:
        subprocess.run(
            ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip

    as_postgres(str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres")
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
    control = str(programs / "pg_ctl")
    as_postgres(control, "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start")
    yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    as_postgres(control, "-D", str(data), "-m", "immediate", "stop")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path) -> Iterator[str | Path]:
    """Where a store is kept: a home folder, or the URL of a fresh database."""
    if request.param == "sqlite":
        yield tmp_path / "home"
        return
    import sqlalchemy as sa

    url = request.getfixturevalue("postgres")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE fresh"))
    yield url.replace("/postgres?", "/fresh?")
    with engine.connect() as connection:
        connection.execute(sa.text("DROP DATABASE fresh WITH (FORCE)"))
    engine.dispose()
