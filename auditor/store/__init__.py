"""Keep runs: immutable once ended, every target committed as it arrives, documents kept once."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec
import sqlalchemy as sa

from auditor.errors import ConfigError, StoreError
from auditor.model.attest import Statement
from auditor.model.base import OpdId, RunId, TargetId
from auditor.model.fact import Observation
from auditor.model.result import Finding, Run, RunState, Visit
from auditor.store import statements
from auditor.store.context import Context
from auditor.store.documents import keep, load, moment
from auditor.store.lock import advisory_lock, file_lock
from auditor.store.schema import upgrade
from auditor.store.tables import RUN, VISIT

FILE = "auditor.db"
BUSY = 30.0
"""Seconds that a reader or writer waits for SQLite's own lock."""
T = TypeVar("T")


def open_store(place: str | Path, *, lock: bool) -> "Store":
    """Open the store in a home folder or behind a SQLAlchemy URL, at this version's schema.

    Raises `LockedError` where `lock` is wanted and another run has it, else `StoreError`.
    """
    is_url = isinstance(place, str) and "://" in place
    home = None if is_url else Path(place)
    if home is not None:
        _make_home(home)
    with ExitStack() as stack, _explained(str(place)):
        engine = _engine(str(place) if home is None else f"sqlite:///{home / FILE}")
        stack.callback(engine.dispose)
        if lock and home is not None:
            stack.enter_context(file_lock(home / "lock"))
        elif lock and engine.dialect.name == "postgresql":
            stack.enter_context(advisory_lock(engine))
        upgrade(engine)
        if home is not None:
            (home / FILE).chmod(0o600)
        return Store(engine, stack.pop_all())
    raise AssertionError  # pragma: no cover - `_explained` never swallows


def _make_home(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make the folder {home}: {error.strerror}") from error


def _engine(url: str) -> sa.Engine:
    try:
        engine = sa.create_engine(url)
    except (sa.exc.ArgumentError, ImportError) as error:
        raise ConfigError("--store", str(error)) from error
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """WAL: readers never wait; FULL: what was committed survives a power cut."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {int(BUSY * 1000)}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


@contextmanager
def _explained(place: str) -> Iterator[None]:
    """Turn what the database says into a `StoreError`."""
    try:
        yield
    except (sa.exc.DBAPIError, OSError) as error:
        cause = getattr(error, "orig", None) or error
        raise StoreError(f"the store {place}: {cause}") from error


class Store:
    """A store that is open; a context manager."""

    def __init__(self, engine: sa.Engine, stack: ExitStack) -> None:
        self._engine = engine
        self._stack = stack

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the database and give the lock back."""
        self._stack.close()

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with _explained(self._engine.url.render_as_string()), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with _explained(self._engine.url.render_as_string()), self._engine.connect() as connection:
            yield connection

    def begin(self, run: Run, context: Context) -> None:
        """Keep a run that begins, with all that it will be judged by."""
        with self._writing() as connection:
            sha = keep(connection, "context", context)
            connection.execute(RUN.insert().values(**_row(run), context_sha=sha))

    def put(self, run_id: RunId, visit: Visit, observations: Iterable[Observation]) -> None:
        """Keep one target in one transaction; of two in an open run the last counts."""
        with self._writing() as connection:
            self._must_be_open(connection, run_id)
            row = {
                "visit_sha": keep(connection, "visit", visit),
                "observations_sha": keep(connection, "observations", tuple(observations)),
            }
            mine = (VISIT.c.run_id == run_id) & (VISIT.c.target_id == visit.target)
            if connection.execute(VISIT.update().where(mine).values(**row)).rowcount == 0:
                connection.execute(
                    VISIT.insert().values(run_id=run_id, target_id=visit.target, **row)
                )

    def amend(self, run_id: RunId, visits: Iterable[Visit]) -> None:
        """Keep what became of visits that are stored already, all or none."""
        with self._writing() as connection:
            self._must_be_open(connection, run_id)
            for visit in visits:
                mine = (VISIT.c.run_id == run_id) & (VISIT.c.target_id == visit.target)
                row = {"visit_sha": keep(connection, "visit", visit)}
                connection.execute(VISIT.update().where(mine).values(**row))

    def finish(
        self, run_id: RunId, state: RunState, ended: datetime, findings: Iterable[Finding]
    ) -> Run:
        """End a run and return it as it now is."""
        with self._writing() as connection:
            self._must_be_open(connection, run_id)
            sha = keep(connection, "findings", tuple(findings))
            connection.execute(
                RUN.update()
                .where(RUN.c.id == run_id)
                .values(state=state.value, ended=moment(ended), findings_sha=sha)
            )
        return self.run(run_id)

    def _must_be_open(self, connection: sa.Connection, run_id: RunId) -> None:
        state = connection.scalar(sa.select(RUN.c.state).where(RUN.c.id == run_id))
        if state not in (RunState.RUNNING, RunState.ABORTED):
            raise StoreError(f"run {run_id} is {state or 'not in the store'}: it cannot be changed")

    def runs(self) -> tuple[Run, ...]:
        """Return all runs, newest first."""
        query = sa.select(*_RUN_COLUMNS).order_by(RUN.c.started.desc(), RUN.c.id.desc())
        with self._reading() as connection:
            return tuple(_run(row) for row in connection.execute(query).mappings())

    def run(self, name: str) -> Run:
        """Return the run with this id, the one whose id begins so, or the "last"."""
        runs = self.runs()
        if name == "last" and runs:
            return runs[0]
        fitting = [run for run in runs if run.id == name] or [
            run for run in runs if run.id.startswith(name)
        ]
        if len(fitting) != 1:
            problem = f"{len(fitting)} runs begin with" if fitting else "there is no run"
            raise ConfigError("run", f"{problem} {name!r}", hint="see `auditor run list`")
        return fitting[0]

    def previous(self, run: Run) -> Run | None:
        """Return the last run of the same scope that ended by itself before this one began."""
        return self._last(run.scope, (RunState.COMPLETE, RunState.INCOMPLETE), run.started)

    def ended(self, scope: str) -> Run | None:
        """Return the last run of a scope that ended by itself."""
        return self._last(scope, (RunState.COMPLETE, RunState.INCOMPLETE), None)

    def unfinished(self, scope: str) -> Run | None:
        """Return the last run of a scope if it was stopped or killed."""
        last = self._last(scope, tuple(RunState), None)
        return last if last and last.state in (RunState.RUNNING, RunState.ABORTED) else None

    def _last(
        self, scope: str, states: tuple[RunState, ...], before: datetime | None
    ) -> Run | None:
        query = (
            sa.select(*_RUN_COLUMNS)
            .where(RUN.c.scope == scope, RUN.c.state.in_([state.value for state in states]))
            .order_by(RUN.c.started.desc(), RUN.c.id.desc())
            .limit(1)
        )
        if before is not None:
            query = query.where(RUN.c.started < moment(before))
        with self._reading() as connection:
            row = connection.execute(query).mappings().first()
            return _run(row) if row is not None else None

    def visited(self, run_id: RunId) -> frozenset[TargetId]:
        """Return the targets of a run that are stored."""
        query = sa.select(VISIT.c.target_id).where(VISIT.c.run_id == run_id)
        with self._reading() as connection:
            return frozenset(TargetId(name) for name in connection.scalars(query))

    def visits(self, run_id: RunId) -> Iterator[Visit]:
        """Yield the visits of a run by target id; one at a time is in memory."""
        for name in sorted(self.visited(run_id)):
            yield self._document(run_id, name, VISIT.c.visit_sha, Visit)

    def visit(self, run_id: RunId, target: TargetId) -> Visit:
        """Return the visit of one target."""
        return self._document(run_id, target, VISIT.c.visit_sha, Visit)

    def observations(self, run_id: RunId, target: TargetId) -> tuple[Observation, ...]:
        """Return what was seen of a target."""
        return self._document(run_id, target, VISIT.c.observations_sha, tuple[Observation, ...])

    def _document(
        self, run_id: RunId, target: TargetId, column: sa.Column[Any], kind: type[T]
    ) -> T:
        query = sa.select(column).where(VISIT.c.run_id == run_id, VISIT.c.target_id == target)
        with self._reading() as connection:
            sha = connection.scalar(query)
            if sha is None:
                raise ConfigError("target", f"run {run_id} holds no {target!r}")
            return load(connection, sha, kind)

    def findings(self, run_id: RunId) -> tuple[Finding, ...]:
        """Return the findings as of the end of a run; none before it has ended."""
        query = sa.select(RUN.c.findings_sha).where(RUN.c.id == run_id)
        with self._reading() as connection:
            sha = connection.scalar(query)
            return load(connection, sha, tuple[Finding, ...]) if sha else ()

    def context(self, run_id: RunId) -> Context:
        """Return what a run was judged by."""
        query = sa.select(RUN.c.context_sha).where(RUN.c.id == run_id)
        with self._reading() as connection:
            return load(connection, str(connection.scalar(query)), Context)

    def keep_statements(self, stated: Iterable[Statement], evidence: Iterable[bytes]) -> None:
        """Add statements with the contents of the files that they name: all or nothing.

        One content at a time is in memory. Raises `StoreError` where a file is named whose
        content is neither given nor stored.
        """
        with self._writing() as connection:
            statements.keep_statements(connection, stated, evidence)

    def statements(self, opd: OpdId | None = None) -> tuple[Statement, ...]:
        """Return what an office stated, or all did, in the order of import."""
        with self._reading() as connection:
            return statements.statements(connection, opd)

    def evidence(self, sha: str) -> bytes:
        """Return the content of a file of evidence, by its SHA-256."""
        with self._reading() as connection:
            return statements.evidence(connection, sha)

    def digest(self, run_id: RunId) -> str:
        """Return a SHA-256 over everything that a run holds: its documents, in order of target."""
        run = sa.select(RUN.c.context_sha, RUN.c.findings_sha).where(RUN.c.id == run_id)
        visits = (
            sa.select(VISIT.c.target_id, VISIT.c.visit_sha, VISIT.c.observations_sha)
            .where(VISIT.c.run_id == run_id)
            .order_by(VISIT.c.target_id)
        )
        with self._reading() as connection:
            rows = [*connection.execute(run), *connection.execute(visits)]
        lines = "\n".join(" ".join(str(part) for part in row) for row in rows)
        return hashlib.sha256(f"{run_id}\n{lines}".encode()).hexdigest()


_RUN_COLUMNS = [RUN.c[name] for name in Run.__struct_fields__]


def _row(run: Run) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.to_builtins(run)
    return row | {
        "started": moment(run.started),
        "ended": moment(run.ended) if run.ended else None,
    }


def _run(row: sa.RowMapping) -> Run:
    return msgspec.convert({str(name): value for name, value in row.items()}, Run)
