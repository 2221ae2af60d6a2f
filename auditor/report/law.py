"""The law behind each check: a control names the check, by id or glob, or the check the control."""

from collections.abc import Iterable, Mapping
from fnmatch import filter as fitting

from auditor.model.base import CheckId, ControlId
from auditor.model.check import Check
from auditor.model.policy import Control, Framework
from auditor.report.model import LawRef

Law = Mapping[CheckId, tuple[LawRef, ...]]


def law_of(frameworks: Iterable[Framework], checks: Iterable[Check]) -> Law:
    """Return the controls behind each check, in the frameworks' order."""
    known = tuple(checks)
    names = [check.id for check in known]
    by_ref: dict[str, list[CheckId]] = {}
    for check in known:
        for name in check.refs:
            by_ref.setdefault(name, []).append(check.id)
    law: dict[CheckId, list[LawRef]] = {}
    for framework in frameworks:
        for control in framework.controls:
            ref = _ref(framework, control)
            for check_id in dict.fromkeys([*_named(control, names), *by_ref.get(control.id, ())]):
                law.setdefault(check_id, []).append(ref)
    return {name: tuple(refs) for name, refs in law.items()}


def checks_of(law: Law) -> Mapping[ControlId, tuple[CheckId, ...]]:
    """Return the checks behind each control; one without any is absent."""
    found: dict[ControlId, list[CheckId]] = {}
    for name, refs in law.items():
        for ref in refs:
            found.setdefault(ControlId(ref.id), []).append(name)
    return {control: tuple(sorted(names)) for control, names in found.items()}


def _named(control: Control, names: list[CheckId]) -> Iterable[CheckId]:
    whole = set(names)
    for pattern in control.checks:
        if pattern in whole:
            yield CheckId(pattern)
        elif "*" in pattern or "?" in pattern or "[" in pattern:
            yield from map(CheckId, fitting(names, pattern))


def _ref(framework: Framework, control: Control) -> LawRef:
    return LawRef(
        id=control.id,
        short=framework.short,
        article=control.article,
        text=control.text,
        mark=control.mark,
        standing=control.status,
    )
