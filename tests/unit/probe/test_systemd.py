"""Units: what their files say, and what systemd says."""

import pytest

from auditor.model.fact import Why
from auditor.probe import systemd
from auditor.probe.base import Frame
from auditor.probe.systemd_files import FILES
from tests.unit.probe.asking import parse, why

LIB, ETC = "/usr/lib/systemd/system", "/etc/systemd/system"


def ask(files, unit="a.service", running=None):
    args = systemd.SystemdArgs(unit=(unit,) if isinstance(unit, str) else unit)
    told = {"systemd_running": Frame(key="systemd_running", text=running or "off\n")}
    return parse(systemd, "\n".join(files), args=args, frames=told)


def first(files, unit="a.service", running=None):
    return ask(files, unit, running)["units"][0]


@pytest.mark.parametrize(
    ("files", "state", "starts"),
    [
        ([], "not-found", False),
        ([f"f {LIB}/a.service"], "static", False),
        ([f"f {LIB}/a.service", f"e {LIB}/a.service"], "disabled", False),
        (
            [f"f {LIB}/a.service", f"l {ETC}/x.target.wants/a.service {LIB}/a.service"],
            "enabled", True,
        ),
        (
            [f"f {LIB}/a.service", f"l {ETC}/x.service.requires/a.service ../a.service"],
            "enabled", True,
        ),
        (
            [f"f {LIB}/a.service", f"l {LIB}/x.target.wants/a.service ../a.service"],
            "static", True,
        ),
        (
            [
                f"f {LIB}/a.service", f"e {LIB}/a.service",
                f"l {LIB}/x.target.wants/a.service ../a.service",
            ],
            "enabled", True,
        ),
        (
            [
                f"f {LIB}/a.service", f"l {ETC}/a.service /dev/null",
                f"l {ETC}/x.target.wants/a.service {LIB}/a.service",
            ],
            "masked", False,
        ),
        ([f"f {LIB}/a.service", f"0 {ETC}/a.service"], "masked", False),
        ([f"f {LIB}/a.service", "l /run/systemd/system/a.service /dev/null"], "masked", False),
        ([f"l {LIB}/a.service /dev/null", f"f {ETC}/a.service"], "static", False),
        (
            [
                f"l {ETC}/a.service {LIB}/b.service", f"f {LIB}/b.service", f"e {LIB}/b.service",
                f"l {ETC}/x.target.wants/b.service {LIB}/b.service",
            ],
            "enabled", True,
        ),
        ([f"l {ETC}/a.service {LIB}/b.service"], "not-found", False),
        ([f"l {ETC}/a.service /opt/a/a.service", f"e {ETC}/a.service"], "disabled", False),
        ([f"l {ETC}/a.service b.service", f"l {ETC}/b.service a.service"], "static", False),
        (["i a /etc/init.d/a"], "disabled", False),
        (["i a /etc/init.d/a", "s a /etc/rc2.d/S01a", "s a /etc/rc3.d/S01a"], "enabled", True),
        (["s a /etc/rc2.d/S01a"], "not-found", False),
        (["i a /etc/init.d/a", "s a /etc/rc2.d/S01a", f"f {LIB}/a.service"], "static", False),
        (["noise", "f", ""], "not-found", False),
    ],
)  # fmt: skip
def test_files_and_links_tell_what_the_next_boot_starts(files, state, starts):
    row = first(files)

    assert (row["state"], row["starts"]) == (state, starts)
    assert row["exists"] is (state != "not-found")


def test_an_instance_is_made_of_its_template():
    files = [
        f"f {LIB}/getty@.service", f"e {LIB}/getty@.service",
        f"l {ETC}/getty.target.wants/getty@tty1.service {LIB}/getty@.service",
    ]  # fmt: skip

    assert first(files, "getty@tty1.service")["starts"] is True
    assert first(files, "getty@tty2.service")["state"] == "disabled"


def test_without_systemd_nothing_tells_what_is_active():
    found = ask([f"f {LIB}/a.service"])

    assert found["booted"] is False
    assert "active" not in found
    assert found["gap"]["why"] == Why.NO_DATA
    assert ask([])["active"] is False


@pytest.mark.parametrize(
    ("word", "active"),
    [("active", True), ("activating", True), ("reloading", True), ("failed", False)],
)
def test_systemd_tells_by_any_name_what_is_active(word, active):
    text = f"booted\nNames=b.service a.service\nActiveState={word}\n\nNames=c.service\n"
    found = ask([f"f {LIB}/a.service", f"f {LIB}/c.service"], ("a.service", "c.service"), text)

    assert found["units"][0]["active"] == word
    assert found["units"][1]["gap"]["why"] == Why.UNREADABLE
    assert "active" not in found
    assert ask([f"f {LIB}/a.service"], "a.service", text)["active"] is active


@pytest.mark.parametrize(("rc", "reason"), [(1, Why.UNREADABLE), (124, Why.TIMEOUT)])
def test_a_systemd_that_does_not_answer_hides_only_what_is_active(rc, reason):
    frames = {
        "systemd_running": Frame(key="systemd_running", text="booted\n", rc=rc),
        FILES: Frame(key=FILES, text=f"f {LIB}/a.service"),
    }
    args = systemd.SystemdArgs(unit=("a.service", "b.service"))
    found = parse(systemd, None, args=args, frames=frames)

    assert found["booted"] is True
    assert found["gap"]["why"] == reason
    assert [row["exists"] for row in found["units"]] == [True, False]
    assert found["units"][1]["active"] == "inactive"


def test_without_the_answer_nothing_is_active_for_certain():
    frames = {FILES: Frame(key=FILES, text=f"f {LIB}/a.service")}
    found = parse(systemd, None, args=systemd.SystemdArgs(unit=("a.service",)), frames=frames)

    assert found["gap"]["why"] == Why.INTERRUPTED
    assert "booted" not in found
    assert "active" not in found
    nothing = {FILES: Frame(key=FILES, text="")}
    absent = parse(systemd, None, args=systemd.SystemdArgs(unit=("a.service",)), frames=nothing)
    assert "booted" not in absent
    assert absent["active"] is False


def test_an_odd_answer_does_not_say_that_systemd_is_off():
    found = ask([f"f {LIB}/a.service"], running="noise\n")

    assert "booted" not in found


def test_all_names_of_a_service_are_taken_together():
    files = [f"l {ETC}/a.service /dev/null", "i b /etc/init.d/b", "s b /etc/rc2.d/S01b"]
    found = ask(files, ("a.service", "b.service", "c.service"))

    assert (found["exists"], found["starts"], found["masked"]) == (True, True, False)
    assert found["places"] == {"starts": "/etc/rc2.d/S01b"}
    assert ask(files, ("a.service", "c.service"))["masked"] is True


def test_a_folder_that_may_not_be_searched_hides_units():
    args = systemd.SystemdArgs(unit=("a.service",))
    told = {"systemd_running": Frame(key="systemd_running", text="off\n")}

    assert why(systemd, f"? {ETC}\n", args=args, frames=told) is Why.NEEDS_ROOT


def test_the_sections_name_each_unit_once():
    many = [
        systemd.SystemdArgs(unit=("a.socket", "b.service")),
        systemd.SystemdArgs(unit=("b.service", "c@d.service")),
    ]
    running, files = systemd.PROBE.sections(many)

    assert "a.socket b.service c@d.service" in running.text
    assert "-name c@.service -o -name c@d.service" in files.text
    assert files.key == FILES
    only_sockets = systemd.PROBE.sections([systemd.SystemdArgs(unit=("a.socket",))])[1]
    assert "for u in ''" in only_sockets.text
