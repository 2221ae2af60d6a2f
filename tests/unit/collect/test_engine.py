import threading
import time
from datetime import UTC, datetime

import msgspec
import pytest

from auditor.collect import Settings
from auditor.collect import engine as engine_module
from auditor.collect.engine import Engine, boundary
from auditor.model.fact import Evidence, Fact, Gap, Why
from auditor.model.inventory import Authority, City, Inventory, Scope, Target, Zone
from auditor.plan import Task
from auditor.probe.base import Probe, Via
from tests.unit.evaluate.world import WORLD_PROBE, WORLD_TYPE, WorldArgs

OTHER = Probe(type=WORLD_TYPE, args=WorldArgs(which="other"))
SETTINGS = Settings(
    inventory=Inventory(
        city=City(name="Kota Batu"),
        authority=Authority(letter="1", date="2026-11-01", valid_until="2026-12-31", scope=Scope()),
        opds=(),
        targets=(),
    ),
    task_timeout=5,
    now=lambda: datetime(2026, 11, 24, tzinfo=UTC),
)


def target(name):
    return Target(id=name, opd="kominfo", address="10.0.0.1")


def task(*names, via=Via.SSH, probes=(WORLD_PROBE,)):
    return Task(via=via, targets=tuple(target(n) for n in names), probes=probes)


def fact(name, probe=WORLD_PROBE):
    return Fact(target=name, probe=probe.key, value={}, evidence=Evidence(source="test"))


class Answering:
    """Answers as told: target id → a function that yields observations."""

    def __init__(self, **answers):
        self.answers = answers

    def __call__(self, _via, *, local):
        return self

    def collect(self, task, settings, limit):
        for one in task.targets:
            yield from self.answers[one.id](one, limit)


def engine(collector, *, settings=SETTINGS, stopped=None, clock=time.monotonic):
    return Engine(
        settings, jobs=4, stopped=stopped or threading.Event(), opener=collector, clock=clock
    )


def answers(collector, *tasks, **more):
    done = list(engine(collector, **more).run(tasks))
    return {o.target: o for one in done for o in one.observations}


def good(one, limit):
    yield fact(one.id)


def test_a_fault_in_a_collector_is_a_gap_and_the_others_go_on(caplog):
    def faulty(one, limit):
        raise ZeroDivisionError("oops")
        yield

    seen = answers(Answering(a=faulty, b=good), task("a"), task("b"))

    assert seen["a"].why is Why.FAULT
    assert "ZeroDivisionError: oops" in seen["a"].detail
    assert isinstance(seen["b"], Fact)
    assert "internal fault" in caplog.text


def test_probes_without_an_answer_become_gaps():
    done = list(engine(Answering(a=good)).run([task("a", probes=(WORLD_PROBE, OTHER))]))

    (one,) = done
    assert [type(o) for o in one.observations] == [Fact, Gap]
    assert one.observations[1].why is Why.NO_DATA


def test_answers_to_questions_that_nobody_asked_are_dropped():
    def talkative(one, limit):
        yield fact(one.id, OTHER)
        yield fact("elsewhere")
        yield fact(one.id)
        yield Gap(target=one.id, probe=WORLD_PROBE.key, why=Why.FAULT, detail="twice")

    (one,) = engine(Answering(a=talkative)).run([task("a")])

    assert one.observations == (fact("a"),)


def test_a_collector_that_overruns_its_limit_leaves_gaps():
    class Clock:
        now = 0.0

        def __call__(self):
            return self.now

    clock = Clock()

    def slow(one, limit):
        clock.now += 6
        assert limit.left == 0
        yield from ()

    seen = answers(Answering(a=slow), task("a"), clock=clock)

    assert seen["a"].why is Why.TIMEOUT


def test_a_collector_that_hangs_is_given_up_and_the_others_go_on(monkeypatch, caplog):
    monkeypatch.setattr(engine_module, "GRACE", 0.1)
    monkeypatch.setattr(engine_module, "SCANS_AT_ONCE", 1)
    release = threading.Event()
    quick = Settings(
        **{name: getattr(SETTINGS, name) for name in ("inventory", "now")} | {"scan_timeout": 0.1}
    )

    def hangs(one, limit):
        release.wait(20)
        yield fact(one.id)

    tasks = [task("a", via=Via.PORTS), task("b", via=Via.PORTS)]
    seen = answers(Answering(a=hangs, b=good), *tasks, settings=quick)
    release.set()

    assert (seen["a"].why, type(seen["b"])) == (Why.TIMEOUT, Fact)
    assert "given up" in caplog.text


def test_a_late_answer_of_a_task_that_was_given_up_is_ignored(monkeypatch):
    monkeypatch.setattr(engine_module, "GRACE", 0.0)
    quick = Settings(inventory=SETTINGS.inventory, now=SETTINGS.now, task_timeout=0.1)
    late = threading.Event()

    def hangs(one, limit):
        late.wait(1)
        yield fact(one.id)

    def waits(one, limit):
        late.set()
        time.sleep(0.05)
        yield fact(one.id)

    running = Engine(quick, jobs=1, stopped=threading.Event(), opener=Answering(a=hangs, b=waits))
    done = [
        (d.observations[0].target, type(d.observations[0]))
        for d in running.run([task("a"), task("b")])
    ]

    assert done == [("a", Gap), ("b", Fact)]


def test_after_a_stop_nothing_new_begins():
    stopped = threading.Event()
    begun = []

    def stopping(one, limit):
        begun.append(one.id)
        stopped.set()
        assert limit.stopped
        yield from ()

    collector = Answering(**dict.fromkeys("abcdefgh", stopping))
    running = Engine(SETTINGS, jobs=1, stopped=stopped, opener=collector)
    done = list(running.run([task(n) for n in "abcdefgh"]))

    assert begun == ["a"]
    assert [o.why for d in done for o in d.observations] == [Why.INTERRUPTED]


def test_a_batch_answers_for_each_of_its_targets():
    seen = answers(Answering(a=good, b=lambda *_: ()), task("a", "b", via=Via.PORTS))

    assert (type(seen["a"]), seen["b"].why) == (Fact, Why.NO_DATA)


def test_nothing_to_do_ends_at_once():
    assert list(engine(Answering()).run([])) == []


def test_the_boundary_lets_an_interrupt_through():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        boundary(interrupted, print)


@pytest.mark.parametrize(("rate", "most"), [(None, 2), (100, 1)])
def test_a_zone_with_a_rate_is_scanned_by_one_process_at_a_time(rate, most):
    zones = (Zone(id="default", rate=rate),)
    inventory = msgspec.structs.replace(SETTINGS.inventory, zones=zones)
    settings = msgspec.structs.replace(SETTINGS, inventory=inventory)
    at_once, seen, lock = [0], [0], threading.Lock()

    def slow(one, limit):
        with lock:
            at_once[0] += 1
            seen[0] = max(seen[0], at_once[0])
        time.sleep(0.1)
        with lock:
            at_once[0] -= 1
        yield fact(one.id)

    names = [f"t{number}" for number in range(4)]
    tasks = [task(name, via=Via.PORTS) for name in names]
    answers(Answering(**dict.fromkeys(names, slow)), *tasks, settings=settings)

    assert seen[0] == most


def test_a_target_with_many_sites_has_more_time():
    given = []

    def note(one, limit):
        given.append(limit.left)
        yield fact(one.id)

    many = msgspec.structs.replace(target("t"), sites=tuple(f"s{n}.go.id" for n in range(40)))
    asked = Task(via=Via.HTTP, targets=(many,), probes=(WORLD_PROBE,))
    list(engine(Answering(t=note)).run([asked]))

    assert 4.5 * SETTINGS.task_timeout < given[0] <= 5 * SETTINGS.task_timeout
