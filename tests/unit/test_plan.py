import msgspec
import pytest

from auditor.errors import ConfigError
from auditor.model.check import Applies, Severity
from auditor.model.inventory import (
    Authority,
    City,
    Inventory,
    Opd,
    Scope,
    SystemCategory,
    Tags,
    Target,
    TargetKind,
)
from auditor.model.policy import Entry, Policy, Selector
from auditor.model.result import Status
from auditor.plan import PORTS_BATCH, plan, selects, visited
from auditor.probe import command
from auditor.probe.base import Probe, ProbeType, Via
from tests.unit.evaluate.world import (
    OS_TYPE,
    PACKAGE_TYPE,
    WORLD,
    WORLD_TYPE,
    WorldArgs,
    check,
    text,
    that,
)


def outside(name, via):
    return ProbeType(name=name, via=via, args=WorldArgs, gives=WORLD, doc=text(name))


PORTS, TLS, HTTP = outside("ports", Via.PORTS), outside("tls", Via.TLS), outside("http", Via.HTTP)
JOINED = ProbeType(
    name="joined",
    via=Via.DERIVED,
    args=WorldArgs,
    gives=WORLD,
    doc=text("gabungan"),
    needs=lambda _: (
        Probe(type=WORLD_TYPE, args=WorldArgs()),
        Probe(type=PORTS, args=WorldArgs()),
    ),
)
CATALOGUE = {t.name: t for t in (WORLD_TYPE, OS_TYPE, PACKAGE_TYPE, PORTS, TLS, HTTP, JOINED)}


def target(name="web1", **more):
    return Target(id=name, opd="kominfo", address="10.0.0.1", **more)


def inventory(*targets):
    return Inventory(
        city=City(name="Kota Batu"),
        authority=Authority(
            letter="800/1", date="2026-11-01", valid_until="2026-12-31", scope=Scope()
        ),
        opds=(Opd(id="kominfo", name="Dinas Kominfo"),),
        targets=targets or (target(),),
    )


def policy(*entries):
    return Policy(id="p", title=text("p"), checks=entries)


def asking(name, **applies):
    made = check(that("w.number", "eq", 1), applies=Applies(**applies))
    return msgspec.structs.replace(made, id=f"test.{name}", probe={"w": {name: {}}})


EVERYTHING = (Entry(use="*"),)


def planned(checks, *targets, entries=EVERYTHING):
    known = {c.id: c for c in checks}
    return plan(inventory(*targets), (policy(*entries),), known, CATALOGUE)


def test_all_probes_of_a_target_share_one_visit():
    checks = [asking("world"), msgspec.structs.replace(asking("os"), id="test.os2")]

    made = planned(checks)

    assert [(t.via, len(t.probes)) for t in made.tasks] == [(Via.SSH, 2)]


def test_equal_questions_are_asked_once():
    twin = msgspec.structs.replace(asking("world"), id="test.twin")

    made = planned([asking("world"), twin])

    assert [len(t.probes) for t in made.tasks] == [1]
    assert len(made.checks["web1"]) == 2


def test_each_view_has_its_own_task_and_scans_come_first():
    made = planned([asking(n) for n in ("world", "ports", "tls", "http")])

    assert [t.via for t in made.tasks] == [Via.PORTS, Via.SSH, Via.TLS, Via.HTTP]


def test_scans_of_a_zone_are_batched():
    many = [target(f"t{n}") for n in range(PORTS_BATCH + 1)]

    made = planned([asking("ports")], *many)

    assert [len(t.targets) for t in made.tasks] == [PORTS_BATCH, 1]


def test_zones_and_the_own_machine_are_scanned_apart():
    made = planned([asking("ports")], target("a"), target("b", zone="dmz"), target("c", local=True))

    assert len(made.tasks) == 3


def test_derived_probes_bring_what_they_need():
    made = planned([asking("joined")])

    assert {t.via for t in made.tasks} == {Via.SSH, Via.PORTS}
    assert [p.type.name for p in made.derived["web1"]] == ["joined"]


def test_what_applies_needs_is_asked_too():
    made = planned([asking("world", os=("debian",), unless=Applies(package="nginx"))])

    (task,) = made.tasks
    assert {p.key for p in task.probes} == {"world", "os", 'package{"name":["nginx"]}'}


@pytest.mark.parametrize(
    ("applies", "where", "status"),
    [
        ({"kind": ("site",)}, {}, Status.NOT_APPLICABLE),
        ({"role": ("web",)}, {"roles": ("db",)}, Status.NOT_APPLICABLE),
        ({"sites": True}, {}, Status.NOT_APPLICABLE),
        ({"domains": True}, {}, Status.NOT_APPLICABLE),
        ({"networks": True}, {}, Status.NOT_APPLICABLE),
        ({"ssh": True}, {"ssh": None}, Status.NOT_APPLICABLE),
        ({"unless": Applies(role=("router",))}, {"roles": ("router",)}, Status.NOT_APPLICABLE),
        ({}, {"ssh": None}, Status.NOT_CHECKED),
        ({}, {"ssh": None, "kind": TargetKind.SITE}, Status.NOT_APPLICABLE),
    ],
)
def test_a_check_that_is_not_meant_for_a_target_is_not_asked(applies, where, status):
    made = planned([asking("world", **applies)], target(**where))

    assert made.checks["web1"][0].excluded[0] is status
    assert made.tasks == ()


@pytest.mark.parametrize(
    "applies",
    [{"unless": Applies(role=("router",))}, {"unless": Applies(role=("router",), os=("debian",))}],
)
def test_an_exception_for_other_roles_is_dropped(applies):
    made = planned([asking("world", **applies)], target(roles=("web",)))

    (bound,) = made.checks["web1"]
    assert bound.excluded is None
    assert bound.check.applies.unless is None
    assert bound.applies_os is None


def test_a_derived_check_of_an_unvisited_server_is_not_checked():
    made = planned([asking("joined")], target(ssh=None))

    assert made.checks["web1"][0].excluded[0] is Status.NOT_CHECKED


def test_a_site_is_still_looked_at_from_outside():
    made = planned([asking("tls")], target(ssh=None))

    assert [t.via for t in made.tasks] == [Via.TLS]


def test_the_last_word_of_the_policy_counts():
    strict = Entry(
        use="test.*",
        severity=Severity.CRITICAL,
        for_=Selector(kategori_se=(SystemCategory.STRATEGIS,)),
    )
    vital = target("a", tags=Tags(kategori_se=SystemCategory.STRATEGIS))

    made = planned([asking("world")], vital, target("b"), entries=(Entry(use="*"), strict))

    assert made.checks["a"][0].severity is Severity.CRITICAL
    assert made.checks["b"][0].severity is Severity.HIGH


def test_a_repeated_entry_keeps_what_it_does_not_change():
    entries = (Entry(use="*", severity=Severity.LOW), Entry(use="test.world"))

    made = planned([asking("world")], entries=entries)

    assert made.checks["web1"][0].severity is Severity.LOW


def test_dropped_checks_are_not_asked():
    made = planned([asking("world")], entries=(Entry(use="*"), Entry(drop="test.*", why="nanti")))

    assert made.checks["web1"] == ()
    assert made.tasks == ()


@pytest.mark.parametrize(
    ("selector", "chosen"),
    [
        (Selector(), True),
        (Selector(opd=("kominfo",), role=("web",), kind=("server",), zone=("default",)), True),
        (Selector(opd=("dinkes",)), False),
        (Selector(role=("db",)), False),
        (Selector(kind=("site",)), False),
        (Selector(zone=("dmz",)), False),
        (Selector(kategori_se=("tinggi",)), False),
        (Selector(iiv=True), False),
        (Selector(data_pribadi=False), True),
        (Selector(tag=("lama",)), False),
    ],
)
def test_selectors_need_everything_they_name(selector, chosen):
    assert selects(selector, target(roles=("web",))) is chosen


def test_an_unknown_probe_type_is_the_authors_mistake():
    with pytest.raises(ConfigError, match="no probe type 'nothing'"):
        planned([asking("nothing")])


def test_the_own_machine_is_visited_without_ssh():
    assert visited(target(local=True, ssh=None))


def test_a_program_that_a_check_names_runs_with_the_leave_of_the_last_policy_only():
    known = {
        "test.runs": msgspec.structs.replace(
            check(that("w.status", "eq", 0)),
            id="test.runs",
            probe={"w": {"command": {"argv": ["uname", "-r"]}}},
        )
    }
    catalogue = {**CATALOGUE, "command": command.PROBE}
    loose = Policy(id="loose", title=text("p"), checks=EVERYTHING, allow_commands=True)
    strict = policy(*EVERYTHING)

    with pytest.raises(ConfigError, match="run a program on targets: command") as caught:
        plan(inventory(), (loose, strict), known, catalogue)
    assert "allow_commands" in caught.value.hint
    (task,) = plan(inventory(target(local=True)), (strict, loose), known, catalogue).tasks
    assert [probe.type.name for probe in task.probes] == ["command"]
    assert plan(inventory(), (), known, catalogue).tasks == ()
