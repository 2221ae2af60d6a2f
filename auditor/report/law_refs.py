"""The law behind each check, as reports print it."""

from collections.abc import Iterable, Mapping

from auditor.model.base import CheckId, ControlId
from auditor.model.check import Check
from auditor.model.policy import Control, Framework
from auditor.report.law import controls_behind
from auditor.report.model import LawRef

Law = Mapping[CheckId, tuple[LawRef, ...]]


def law_of(frameworks: Iterable[Framework], checks: Iterable[Check]) -> Law:
    """Return the controls behind each check, its main reason first; none is absent."""
    law = tuple(frameworks)
    return refs_of(law, controls_behind(law, checks))


def refs_of(
    frameworks: Iterable[Framework], behind: Mapping[CheckId, tuple[ControlId, ...]]
) -> Law:
    """Return the same from what `controls_behind` says."""
    refs = {
        control.id: _ref(framework, control)
        for framework in frameworks
        for control in framework.controls
    }
    return {
        check: tuple(refs[control] for control in controls) for check, controls in behind.items()
    }


def _ref(framework: Framework, control: Control) -> LawRef:
    return LawRef(
        id=control.id,
        short=framework.short,
        article=control.article,
        text=control.text,
        mark=control.mark,
        standing=control.status,
    )
