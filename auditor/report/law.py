"""Which checks answer which requirement: the join of the law and the checks, made once."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from auditor.model.base import CheckId, ControlId
from auditor.model.check import Check
from auditor.model.policy import Control, Framework, Standing
from auditor.probe.attestation import PROBE

_WILD = frozenset("*?[")


def is_question(check: Check) -> bool:
    """Tell whether people answer it, and no machine."""
    types = {name for question in check.probe.values() for name in question}
    return types == {PROBE.name}


def answers(
    frameworks: Iterable[Framework], checks: Iterable[Check]
) -> Mapping[ControlId, tuple[CheckId, ...]]:
    """Return the checks and questions behind each control, in the order of the checks.

    A control may name the check, by id or glob, or the check the control.
    """
    known = tuple(checks)
    ids = tuple(check.id for check in known)
    referring: dict[str, set[str]] = {}
    for check in known:
        for ref in check.refs:
            referring.setdefault(ref, set()).add(check.id)
    fitting: dict[str, frozenset[str]] = {}
    return {
        control.id: _behind(control, ids, referring.get(control.id, set()), fitting)
        for framework in frameworks
        for control in framework.controls
    }


def _behind(
    control: Control,
    ids: tuple[CheckId, ...],
    referring: set[str],
    fitting: dict[str, frozenset[str]],
) -> tuple[CheckId, ...]:
    """Return the checks of one control; `fitting` remembers what each pattern fits."""
    named = set(referring)
    for pattern in control.checks:
        if pattern not in fitting:
            wild = _WILD.intersection(pattern)
            fitting[pattern] = frozenset(
                one for one in ids if (fnmatchcase(one, pattern) if wild else one == pattern)
            )
        named |= fitting[pattern]
    return tuple(one for one in ids if one in named)


def controls_behind(
    frameworks: Iterable[Framework], checks: Iterable[Check]
) -> Mapping[CheckId, tuple[ControlId, ...]]:
    """Return the controls that each check speaks for or against; the first is its main reason.

    What the check itself names comes first, then the frameworks' order; norms that are revoked
    come last. A check without any is absent.
    """
    law, known = tuple(frameworks), tuple(checks)
    old = {
        control.id
        for framework in law
        for control in framework.controls
        if control.status is Standing.REVOKED
    }
    found: dict[CheckId, list[ControlId]] = {}
    for control, behind in answers(law, known).items():
        for check in behind:
            found.setdefault(check, []).append(control)
    refs = {check.id: check.refs for check in known}
    return {
        check: tuple(sorted(controls, key=lambda c: _rank(c, refs[check], old)))
        for check, controls in found.items()
    }


def _rank(control: ControlId, refs: tuple[str, ...], old: set[ControlId]) -> tuple[bool, int]:
    return control in old, refs.index(control) if control in refs else len(refs)
