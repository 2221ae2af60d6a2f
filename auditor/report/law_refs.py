"""The law behind each check, as reports print it."""

from collections.abc import Iterable, Mapping

from auditor.model.base import CheckId
from auditor.model.check import Check
from auditor.model.policy import Control, Framework
from auditor.report.law import controls_behind
from auditor.report.model import LawRef


def law_of(
    frameworks: Iterable[Framework], checks: Iterable[Check]
) -> Mapping[CheckId, tuple[LawRef, ...]]:
    """Return the controls behind each check, its main reason first; none is absent."""
    law = tuple(frameworks)
    refs = {
        control.id: _ref(framework, control) for framework in law for control in framework.controls
    }
    return {
        check: tuple(refs[control] for control in controls)
        for check, controls in controls_behind(law, checks).items()
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
