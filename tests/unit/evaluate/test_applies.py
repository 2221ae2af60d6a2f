import pytest

from auditor.evaluate import evaluate
from auditor.model.check import Applies
from auditor.model.result import Status
from tests.unit.evaluate.world import (
    NOW,
    OS_PROBE,
    PACKAGE_PROBE,
    WEB,
    bound,
    fact,
    gap,
    seen,
    that,
)

NGINX = {"packages": [{"name": "nginx", "installed": True}]}
NO_NGINX = {"packages": [{"name": "nginx", "installed": False}]}
DEBIAN = {"id": "debian", "version": "12", "container": False}


def status(applies, os=None, package=None):
    asked = bound(
        that("w.number", "eq", 1),
        applies=applies,
        applies_os=OS_PROBE if os is not None else None,
        applies_package=PACKAGE_PROBE if package is not None else None,
    )
    facts = seen(number=1)
    facts |= fact(OS_PROBE, **os) if os else {}
    facts |= fact(PACKAGE_PROBE, **package) if package else {}
    return evaluate(asked, WEB, facts, NOW).status


@pytest.mark.parametrize(
    ("applies", "verdict"),
    [
        (Applies(os=("debian",)), Status.PASS),
        (Applies(os=("ubuntu", "debian>=11")), Status.PASS),
        (Applies(os=("debian>=13",)), Status.NOT_APPLICABLE),
        (Applies(os=("ubuntu",)), Status.NOT_APPLICABLE),
        (Applies(container=False), Status.PASS),
        (Applies(container=True), Status.NOT_APPLICABLE),
        (Applies(unless=Applies(os=("debian",))), Status.NOT_APPLICABLE),
        (Applies(unless=Applies(os=("ubuntu",))), Status.PASS),
        (Applies(unless=Applies(role=("router",))), Status.PASS),
    ],
)
def test_operating_system_decides(applies, verdict):
    assert status(applies, os=DEBIAN) is verdict


def test_a_container_keeps_its_hosts_affairs():
    container = {**DEBIAN, "container": True}

    assert status(Applies(container=False), os=container) is Status.NOT_APPLICABLE


@pytest.mark.parametrize("names", ["nginx", ("apache2", "nginx")])
def test_installed_package_decides(names):
    assert status(Applies(package=names), package=NGINX) is Status.PASS
    assert status(Applies(package=names), package=NO_NGINX) is Status.NOT_APPLICABLE


@pytest.mark.parametrize("which", ["os", "package"])
def test_what_cannot_be_found_out_is_an_error(which):
    probe = OS_PROBE if which == "os" else PACKAGE_PROBE
    asked = bound(that("w.number", "eq", 1), **{f"applies_{which}": probe})

    assert evaluate(asked, WEB, seen(number=1) | gap(probe), NOW).status is Status.ERROR
    assert evaluate(asked, WEB, seen(number=1), NOW).status is Status.ERROR
