"""Statements and their evidence: added, never changed; all of an import or nothing."""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from auditor.errors import ConfigError, StoreError
from auditor.model.attest import Answer, EvidenceFile, Statement
from auditor.model.result import RunState
from auditor.store import open_store
from auditor.store.tables import DOCUMENT
from tests.store.conftest import NOW, begin, fact, run, visit

ROOT = Path(__file__).parents[2]
PDF = b"%PDF evidence"
HOUR = timedelta(hours=1)


def file(content=PDF, name="a.pdf"):
    return EvidenceFile(name=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content))


def statement(said="yes", opd="dinkes", at=NOW, evidence=(), questionnaire="q"):
    answer = Answer(
        question="policy",
        said=said,
        role="Kepala Dinas",
        date=date(2026, 11, 1),
        letter="800/1",
        evidence=tuple(evidence),
    )
    return Statement(opd=opd, questionnaire=questionnaire, imported=at, answers=(answer,))


def test_a_new_store_holds_none(place):
    with open_store(place, lock=False) as store:
        assert store.statements() == ()
        assert store.ended("policy=p") is None


def test_statements_come_back_in_the_order_of_import(place):
    first, second = statement("no"), statement(85, at=NOW + HOUR)
    other = statement(opd="kominfo")
    with open_store(place, lock=False) as store:
        store.keep_statements([second], [])
        store.keep_statements([first, other], [])

    with open_store(place, lock=False) as store:
        assert store.statements("dinkes") == (first, second)
        assert len(store.statements()) == 3
        assert store.statements("nobody") == ()


def test_evidence_comes_back_byte_for_byte_and_is_kept_once(place):
    content = bytes(range(256)) * 1000
    stated = [
        statement(evidence=[file(content)]),
        statement(opd="kominfo", evidence=[file(content)]),
    ]
    with open_store(place, lock=False) as store:
        store.keep_statements(stated, [content])
        store.keep_statements([statement(at=NOW + HOUR, evidence=[file(content)])], [])

        assert store.evidence(file(content).sha256) == content
        with store._reading() as connection:
            kinds = sa.select(DOCUMENT.c.kind).where(DOCUMENT.c.kind == "evidence")
            assert len(connection.scalars(kinds).all()) == 1


def test_a_file_that_is_named_must_be_there(place):
    with open_store(place, lock=False) as store:
        with pytest.raises(StoreError, match=r"a\.pdf of policy is not there"):
            store.keep_statements([statement(), statement(evidence=[file()])], [])
        assert store.statements() == ()


def test_what_breaks_in_the_middle_leaves_nothing(place):
    def contents():
        yield PDF
        raise KeyboardInterrupt

    with open_store(place, lock=False) as store:
        with pytest.raises(KeyboardInterrupt):
            store.keep_statements([statement(evidence=[file()])], contents())
        assert store.statements() == ()
        with pytest.raises(ConfigError, match="no file of evidence"):
            store.evidence(file().sha256)


def test_no_other_document_is_evidence(place):
    with open_store(place, lock=False) as store:
        store.keep_statements([statement()], [])
        with store._reading() as connection:
            (sha,) = connection.scalars(sa.select(DOCUMENT.c.sha256))
        with pytest.raises(ConfigError, match="no file of evidence"):
            store.evidence(sha)


def test_evidence_that_was_tampered_with_is_not_given_out(tmp_path):
    with open_store(tmp_path, lock=False) as store:
        store.keep_statements([statement(evidence=[file()])], [PDF])
    database = sqlite3.connect(tmp_path / "auditor.db")
    import zlib

    for body, problem in ((zlib.compress(b"other"), "not what was stored"), (b"x", "damaged")):
        database.execute("UPDATE document SET body = ? WHERE kind = 'evidence'", (body,))
        database.commit()
        with open_store(tmp_path, lock=False) as store, pytest.raises(StoreError, match=problem):
            store.evidence(file().sha256)
    database.close()


def test_statements_are_taken_in_while_a_run_holds_the_lock(tmp_path):
    with open_store(tmp_path, lock=True) as running:
        one = begin(running)
        with open_store(tmp_path, lock=False) as store:
            store.keep_statements([statement()], [])
        running.put(one.id, visit(), (fact(),))

        assert running.statements() == (statement(),)


def test_the_run_before_is_the_last_of_the_scope_that_ended_by_itself(place):
    with open_store(place, lock=True) as store:
        for hours, state in enumerate((RunState.COMPLETE, RunState.INCOMPLETE, RunState.ABORTED)):
            one = begin(store, run(f"run-{hours}", NOW + hours * HOUR))
            store.finish(one.id, state, NOW + hours * HOUR, ())
        begin(store, run("run-9", NOW + 9 * HOUR))

        assert store.ended("policy=p").id == "run-1"
        assert store.ended("policy=other") is None


def test_a_store_of_the_version_before_is_brought_up_with_all_it_holds(tmp_path):
    with open_store(tmp_path, lock=True) as store:
        one = begin(store)
        store.put(one.id, visit(), (fact(),))
    database = sqlite3.connect(tmp_path / "auditor.db")
    database.execute("DROP TABLE statement")
    database.execute("UPDATE alembic_version SET version_num = '0001'")
    database.commit()
    database.close()

    with open_store(tmp_path, lock=True) as store:
        assert list(store.visits(one.id)) == [visit()]
        store.keep_statements([statement()], [])
        assert store.statements() == (statement(),)


KILLED = """
    import os, signal, sys
    sys.path.insert(0, sys.argv[2])
    from auditor.store import open_store
    from tests.store.test_statements import PDF, file, statement

    def contents():
        yield PDF
        os.kill(os.getpid(), signal.SIGKILL)

    with open_store(sys.argv[1], lock=False) as store:
        store.keep_statements([statement("no", evidence=[file()])], contents())
"""


def test_a_kill_in_the_middle_of_an_import_loses_nothing(place):
    before = statement()
    with open_store(place, lock=False) as store:
        store.keep_statements([before], [])

    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(place), str(ROOT)],
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )

    assert killed.returncode == -signal.SIGKILL
    with open_store(place, lock=True) as store:
        assert store.statements() == (before,)
        with pytest.raises(ConfigError, match="no file of evidence"):
            store.evidence(file().sha256)
        store.keep_statements([statement("no", at=NOW + HOUR, evidence=[file()])], [PDF])
        assert len(store.statements()) == 2
