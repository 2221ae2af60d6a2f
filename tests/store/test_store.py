import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest

from auditor.errors import ConfigError, LockedError, StoreError
from auditor.model.result import RunState, Status
from auditor.store import open_store
from tests.store.conftest import INVENTORY, NOW, begin, fact, run, visit

ROOT = Path(__file__).parents[2]
HOUR = timedelta(hours=1)


def ended(store, one, state=RunState.COMPLETE):
    return store.finish(one.id, state, NOW + HOUR, ())


def test_what_was_put_comes_back(place):
    with open_store(place, lock=True) as store:
        one = begin(store)
        store.put(one.id, visit(), (fact(),))
        done = ended(store, one)

    with open_store(place, lock=False) as store:
        assert store.runs() == (done,)
        assert list(store.visits(one.id)) == [visit()]
        assert store.observations(one.id, "web1") == (fact(),)
        assert store.context(one.id).inventory == INVENTORY
        assert store.findings(one.id) == ()
        assert done.state is RunState.COMPLETE


def test_an_ended_run_cannot_be_changed(place):
    with open_store(place, lock=True) as store:
        one = begin(store)
        ended(store, one)

        with pytest.raises(StoreError, match="cannot be changed"):
            store.put(one.id, visit(), ())
        with pytest.raises(StoreError, match="cannot be changed"):
            ended(store, one)
        with pytest.raises(StoreError, match="not in the store"):
            store.put("nothing", visit(), ())


def test_what_became_of_visits_is_amended_and_what_was_seen_stays(place):
    with open_store(place, lock=True) as store:
        one = begin(store)
        store.put(one.id, visit(status=Status.FAIL), (fact(),))

        store.amend(one.id, [visit(status=Status.PASS)])

        assert list(store.visits(one.id)) == [visit(status=Status.PASS)]
        assert store.observations(one.id, "web1") == (fact(),)


def test_amending_is_all_or_nothing_and_ends_with_the_run(place):
    def visits():
        yield visit(status=Status.PASS)
        raise KeyboardInterrupt

    with open_store(place, lock=True) as store:
        one = begin(store)
        store.put(one.id, visit(status=Status.FAIL), ())
        with pytest.raises(KeyboardInterrupt):
            store.amend(one.id, visits())
        assert list(store.visits(one.id)) == [visit(status=Status.FAIL)]
        ended(store, one)
        with pytest.raises(StoreError, match="cannot be changed"):
            store.amend(one.id, [visit()])


def test_a_target_that_is_put_again_in_an_open_run_counts_once(place):
    with open_store(place, lock=True) as store:
        one = begin(store)
        store.put(one.id, visit(status=Status.FAIL), ())
        store.put(one.id, visit(status=Status.PASS), (fact(),))

        assert [v.results[0].status for v in store.visits(one.id)] == [Status.PASS]
        assert store.visited(one.id) == {"web1"}


def test_a_stopped_run_is_unfinished_and_goes_on(place):
    with open_store(place, lock=True) as store:
        one = begin(store)
        assert store.unfinished("policy=p").id == one.id
        ended(store, one, RunState.ABORTED)
        assert store.unfinished("policy=p").state is RunState.ABORTED
        store.put(one.id, visit(), ())
        ended(store, one)
        assert store.unfinished("policy=p") is None
        assert store.unfinished("other") is None


def test_only_runs_of_one_scope_that_ended_are_compared(place):
    with open_store(place, lock=True) as store:
        names = {"a": RunState.INCOMPLETE, "b": RunState.ABORTED}
        for number, (name, state) in enumerate(names.items()):
            ended(store, begin(store, run(name, NOW + number * HOUR)), state)
        ended(store, begin(store, run("c", NOW + 3 * HOUR, scope="other")))
        last = begin(store, run("d", NOW + 4 * HOUR))

        assert store.previous(last).id == "a"
        assert store.previous(store.run("a")) is None


def test_runs_are_found_by_the_beginning_of_their_id(place):
    with open_store(place, lock=True) as store:
        with pytest.raises(ConfigError, match="there is no run 'last'"):
            store.run("last")
        begin(store, run("2026a"))
        begin(store, run("2026b", NOW + HOUR))

        assert store.run("last").id == "2026b"
        assert store.run("2026a").id == "2026a"
        with pytest.raises(ConfigError, match="2 runs begin with"):
            store.run("2026")
        with pytest.raises(ConfigError, match="no run"):
            store.run("x")
        with pytest.raises(ConfigError, match="holds no 'web9'"):
            store.observations("2026a", "web9")


def test_the_digest_changes_with_what_a_run_holds(place):
    with open_store(place, lock=True) as store:
        one = begin(store)
        before = store.digest(one.id)
        store.put(one.id, visit(), ())

        assert store.digest(one.id) != before
        assert store.digest(one.id) == store.digest(one.id)


def test_two_writers_do_not_meet(place):
    with open_store(place, lock=True):
        with pytest.raises(LockedError, match="another run holds"):
            open_store(place, lock=True)
        with open_store(place, lock=False) as reader:
            assert reader.runs() == ()
    with open_store(place, lock=True) as store:
        assert store.runs() == ()


def test_the_lock_says_who_holds_it(tmp_path):
    with open_store(tmp_path, lock=True), pytest.raises(LockedError, match=f"pid {os.getpid()}"):
        open_store(tmp_path, lock=True)


def test_a_home_is_private(tmp_path):
    with open_store(tmp_path / "a" / "home", lock=True):
        pass

    assert stat.S_IMODE((tmp_path / "a" / "home").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "a" / "home" / "auditor.db").stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", [b"not a database at all" * 100, b""])
def test_a_file_that_is_no_database_is_told(tmp_path, damage):
    (tmp_path / "auditor.db").write_bytes(damage)

    if damage:
        with pytest.raises(StoreError, match="not a database"):
            open_store(tmp_path, lock=True)
    else:
        open_store(tmp_path, lock=True).__exit__(None, None, None)


def test_a_strange_database_is_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / "auditor.db") as connection:
        connection.execute("CREATE TABLE other (x)")
    connection.close()

    with pytest.raises(StoreError, match="no store of the auditor"):
        open_store(tmp_path, lock=True)


def test_a_store_of_a_newer_auditor_is_refused(tmp_path):
    open_store(tmp_path, lock=True).__exit__(None, None, None)
    with sqlite3.connect(tmp_path / "auditor.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    with pytest.raises(StoreError, match="newer auditor"):
        open_store(tmp_path, lock=True)


def test_a_document_that_was_tampered_with_is_told(tmp_path):
    with open_store(tmp_path, lock=True) as store:
        one = begin(store)
        store.put(one.id, visit(), ())
    with sqlite3.connect(tmp_path / "auditor.db") as connection:
        body = connection.execute("SELECT body FROM document WHERE kind = 'context'").fetchone()[0]
        connection.execute("UPDATE document SET body = ? WHERE kind = 'visit'", (body,))
    connection.close()

    with open_store(tmp_path, lock=False) as store, pytest.raises(StoreError, match="not what was"):
        list(store.visits(one.id))


def test_a_damaged_document_is_told(tmp_path):
    with open_store(tmp_path, lock=True) as store:
        one = begin(store)
    with sqlite3.connect(tmp_path / "auditor.db") as connection:
        connection.execute("UPDATE document SET body = x'00'")
    connection.close()

    with open_store(tmp_path, lock=False) as store, pytest.raises(StoreError, match="damaged"):
        store.context(one.id)


@pytest.mark.parametrize("url", ["nonsense://x", "oracle://x"])
def test_an_unknown_database_is_the_operators_mistake(url):
    with pytest.raises(ConfigError, match="--store"):
        open_store(url, lock=False)


def test_a_home_that_is_a_file_is_told(tmp_path):
    (tmp_path / "home").write_text("x")

    with pytest.raises(StoreError, match="cannot make the folder"):
        open_store(tmp_path / "home", lock=True)


def test_a_lock_that_cannot_be_opened_is_told(tmp_path):
    (tmp_path / "lock").mkdir()

    with pytest.raises(StoreError, match="cannot open the lock"):
        open_store(tmp_path, lock=True)


def python(text, *args, **more):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(text), *map(str, args)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, **more,
    )  # fmt: skip


def test_a_kill_in_mid_run_loses_nothing_that_was_put(tmp_path):
    writer = python(
        """
        import sys, time
        from auditor.store import open_store
        from tests.store.conftest import begin, fact, visit
        with open_store(sys.argv[1], lock=True) as store:
            one = begin(store)
            for n in range(1000):
                store.put(one.id, visit(f"web{n}"), (fact(f"web{n}"),))
                print(n, flush=True)
        """,
        tmp_path / "home",
    )
    last = -1
    for line in writer.stdout:
        last = int(line)
        if last >= 5:
            break
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()

    with open_store(tmp_path / "home", lock=True) as store:
        one = store.unfinished("policy=p")
        assert {f"web{n}" for n in range(last + 1)} <= store.visited(one.id)
        assert len(list(store.visits(one.id))) == len(store.visited(one.id))


def test_a_full_disk_is_told_and_earlier_runs_stay(tmp_path):
    inside = """
    import json, os, subprocess, sys
    from auditor.errors import StoreError
    from auditor.model.result import RunState
    from auditor.store import open_store
    from tests.store.conftest import NOW, begin, fact, run, visit
    home = sys.argv[1]
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", home], check=True)
    with open_store(home, lock=True) as store:
        first = begin(store, run("first"))
        store.put(first.id, visit(), (fact(),))
        store.finish(first.id, RunState.COMPLETE, NOW, ())
        second = begin(store, run("second"))
        said = ""
        for n in range(2000):
            noise = fact(f"web{n}")
            noise.value["x"] = os.urandom(4000).hex()
            try:
                store.put(second.id, visit(f"web{n}"), (noise,))
            except StoreError as error:
                said = str(error)
                break
    with open_store(home, lock=False) as store:
        print(json.dumps([said, [v.target for v in store.visits("first")]]))
    """
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        ["unshare", "--mount", sys.executable, "-c", textwrap.dedent(inside), str(home)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    said, first = json.loads(done.stdout)
    assert "full" in said
    assert first == ["web1"]
