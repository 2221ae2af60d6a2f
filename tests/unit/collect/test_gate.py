import threading
import time
from collections import Counter

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.collect.gate import Gate, limits_of
from auditor.model.fact import Gap, Why
from auditor.model.inventory import Group, Target, Zone
from auditor.plan import Task
from auditor.probe.base import Via
from tests.unit.collect.test_engine import SETTINGS, Answering, engine, fact, good
from tests.unit.evaluate.world import WORLD_PROBE

LIMITS = {("group", "g1"): 1, ("group", "g2"): 2, ("zone", "z"): 3}


def visit(name, *, group=None, zone="default", via=Via.SSH):
    one = Target(id=name, opd="o", address="10.0.0.1", group=group, zone=zone)
    return Task(via=via, targets=(one,), probes=(WORLD_PROBE,))


def names(*tasks):
    return [task.targets[0].id for task in tasks]


def gate(*tasks, limits=LIMITS):
    return Gate(tasks, limits, threading.Event())


def limited(**more):
    inventory = msgspec.structs.replace(SETTINGS.inventory, **more)
    return msgspec.structs.replace(SETTINGS, inventory=inventory)


def test_only_what_says_so_has_a_limit():
    inventory = msgspec.structs.replace(
        SETTINGS.inventory,
        zones=(Zone(id="a"), Zone(id="b", at_once=4)),
        groups=(Group(id="g"), Group(id="h", at_once=2)),
    )

    assert limits_of(inventory) == {("zone", "b"): 4, ("group", "g"): 1, ("group", "h"): 2}


def test_nothing_waits_where_there_is_nothing():
    assert gate().enter() is None


def test_others_go_first_while_a_group_is_full():
    waiting = gate(*(visit(f"a{n}", group="g1") for n in range(3)), visit("b"))

    first, second = waiting.enter(), waiting.enter()

    assert names(first, second) == ["a0", "b"]
    waiting.leave(first)
    assert names(waiting.enter()) == ["a1"]


def test_a_full_zone_holds_back_groups_in_it():
    waiting = gate(
        *(visit(f"z{n}", zone="z") for n in range(3)), visit("a", group="g1", zone="z"), visit("b")
    )

    begun = [waiting.enter() for _ in range(4)]

    assert Counter(t.targets[0].zone for t in begun) == {"z": 3, "default": 1}
    assert len(waiting) == 1


def test_the_order_spreads_groups():
    waiting = gate(
        *(visit(f"a{n}", group="g2") for n in range(4)),
        *(visit(f"b{n}", group="g1") for n in range(2)),
        *(visit(f"c{n}") for n in range(6)),
    )

    assert names(*(waiting.enter() for _ in range(5))) == ["c0", "a0", "b0", "c1", "a1"]


def test_waiting_ends_when_the_run_is_stopped():
    stopped = threading.Event()
    full = Gate([visit("a", group="g1"), visit("b", group="g1")], LIMITS, stopped)
    full.enter()
    threading.Timer(0.1, stopped.set).start()

    assert full.enter() is None
    assert len(full) == 1


def test_a_thread_that_waits_is_woken_at_once():
    waiting = gate(visit("a", group="g1"), visit("b", group="g1"))
    first = waiting.enter()
    threading.Timer(0.05, waiting.leave, [first]).start()
    began = time.monotonic()

    assert names(waiting.enter()) == ["b"]
    assert time.monotonic() - began < 0.19


class Counting(Answering):
    """Notes how many visits of each zone and group are under way, and the most there ever were."""

    def __init__(self):
        super().__init__()
        self.now = Counter()
        self.most = Counter()
        self.lock = threading.Lock()

    def collect(self, task, settings, limit):
        (one,) = task.targets
        places = [("zone", one.zone), ("group", one.group)]
        with self.lock:
            self.now.update(places)
            self.most |= self.now
        time.sleep(0.002)
        with self.lock:
            self.now.subtract(places)
        yield fact(one.id)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([None, "g1", "g2"]), st.sampled_from(["default", "z"])),
        max_size=30,
    )
)
def test_never_more_at_once_than_allowed_and_all_are_visited(drawn):
    told = limited(
        zones=(Zone(id="default"), Zone(id="z", at_once=3)),
        groups=(Group(id="g1"), Group(id="g2", at_once=2)),
    )
    tasks = [visit(f"t{n}", group=group, zone=zone) for n, (group, zone) in enumerate(drawn)]
    counting = Counting()

    done = list(engine(counting, settings=told).run(tasks))

    assert len(done) == len(tasks)
    assert all(counting.most[place] <= limit for place, limit in LIMITS.items())


def test_the_limit_is_used_up():
    counting = Counting()
    told = limited(groups=(Group(id="g1"), Group(id="g2", at_once=2)))
    tasks = [visit(f"t{n}", group="g2") for n in range(12)]

    list(engine(counting, settings=told).run(tasks))

    assert counting.most["group", "g2"] == 2


def test_a_visit_that_hangs_does_not_block_its_group_for_ever(monkeypatch):
    monkeypatch.setattr("auditor.collect.engine.GRACE", 0.1)
    release = threading.Event()

    def hangs(one, limit):
        release.wait(20)
        yield fact(one.id)

    told = msgspec.structs.replace(limited(groups=(Group(id="g1"),)), task_timeout=0.2)
    tasks = [visit("a", group="g1"), visit("b", group="g1"), visit("c", group="g1")]
    done = list(engine(Answering(a=hangs, b=good, c=good), settings=told).run(tasks))
    release.set()

    why = {d.observations[0].target: getattr(d.observations[0], "why", None) for d in done}
    assert why == {"a": Why.TIMEOUT, "b": None, "c": None}


def test_a_place_is_given_back_once_however_a_visit_ends(monkeypatch):
    """A visit that was given up and ends later must not make room for two."""
    monkeypatch.setattr("auditor.collect.engine.GRACE", 0.0)
    late = threading.Event()
    counting = Counting()

    def lingers(one, limit):
        late.wait(1)
        yield fact(one.id)

    def collect(task, settings, limit):
        if task.targets[0].id == "a":
            return lingers(task.targets[0], limit)
        late.set()
        return Counting.collect(counting, task, settings, limit)

    told = msgspec.structs.replace(limited(groups=(Group(id="g1"),)), task_timeout=0.1)
    waiter = Answering()
    waiter.collect = collect
    done = list(engine(waiter, settings=told).run([visit(n, group="g1") for n in "abcdefgh"]))

    assert len(done) == 8
    assert counting.most["group", "g1"] == 1


def test_a_fault_gives_the_place_back():
    def faulty(one, limit):
        raise ZeroDivisionError
        yield

    told = limited(groups=(Group(id="g1"),))
    done = list(
        engine(Answering(a=faulty, b=good), settings=told).run(
            [visit("a", group="g1"), visit("b", group="g1")]
        )
    )

    assert [type(d.observations[0]) is Gap for d in done] == [True, False]


def test_scans_wait_for_no_group():
    told = limited(groups=(Group(id="g1"),))
    counting = Counting()
    tasks = [visit(f"s{n}", group="g1", via=Via.PORTS) for n in range(4)]

    assert len(list(engine(counting, settings=told).run(tasks))) == 4


def test_jitter_spreads_the_first_visits():
    begun = []
    together = threading.Barrier(4, timeout=5)

    class Noting(Answering):
        def collect(self, task, settings, limit):
            begun.append(time.monotonic())
            together.wait()
            yield fact(task.targets[0].id)

    told = msgspec.structs.replace(SETTINGS, jitter=0.5)
    list(engine(Noting(), settings=told).run([visit(f"t{n}") for n in range(4)]))

    assert max(begun) - min(begun) > 0.005


def test_a_stop_ends_the_wait_before_the_first_visit():
    stopped = threading.Event()
    stopped.set()
    told = msgspec.structs.replace(SETTINGS, jitter=60.0)
    before = time.monotonic()

    assert list(engine(Answering(), settings=told, stopped=stopped).run([visit("a")])) == []
    assert time.monotonic() - before < 5
