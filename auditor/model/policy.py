"""What is asked of whom, and the law that asks it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import msgspec

from auditor.model.base import ControlId, Text, Value
from auditor.model.check import Severity
from auditor.model.fact import Json
from auditor.model.reference import PATTERN

DUE: Mapping[Severity, int] = {
    Severity.CRITICAL: 7,
    Severity.HIGH: 30,
    Severity.MEDIUM: 90,
    Severity.LOW: 180,
    Severity.INFO: 365,
}
"""Days that a failure of each severity may stand: our proposal, no term of the law."""


class Selector(Value, frozen=True):
    """Whom an entry of a policy is for; everything that is named must hold."""

    opd: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    zone: tuple[str, ...] = ()
    kategori_se: tuple[str, ...] = ()
    iiv: bool | None = None
    data_pribadi: bool | None = None
    tag: tuple[str, ...] = ()


class Entry(Value, frozen=True):
    """Checks by id or glob: `use` asks them, `drop` takes them out again (and says why).

    `params` of a glob are for those of its checks that know them. A later entry overrides an
    earlier one for the targets that it is for.
    """

    use: str = ""
    drop: str = ""
    params: Mapping[str, Json] = msgspec.field(default_factory=dict)
    severity: Severity | None = None
    for_: Selector = msgspec.field(name="for", default=Selector())
    why: str = ""


class Policy(Value, frozen=True):
    """Chosen checks with parameters."""

    id: str
    title: Text
    checks: tuple[Entry, ...]
    extends: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    allow_commands: bool = False
    """Leave for checks that name a program to run on targets (probe `command`)."""
    weights: Mapping[Severity, int] = msgspec.field(
        default_factory=lambda: {
            Severity.CRITICAL: 10,
            Severity.HIGH: 6,
            Severity.MEDIUM: 3,
            Severity.LOW: 1,
            Severity.INFO: 0,
        }
    )
    due: Mapping[Severity, int] = msgspec.field(default_factory=dict)
    """Days that a failure of a severity may stand, where they are not those of `DUE`."""


class Mark(StrEnum):
    """How well the text of a control is known."""

    OFFICIAL = "official"
    SECONDARY = "secondary"
    RECALLED = "recalled"
    UNSURE = "unsure"
    OWN = "own"
    """No norm: a rule or a grouping of this tool."""


class Standing(StrEnum):
    """Whether a norm is in force."""

    IN_FORCE = "in_force"
    REVOKED = "revoked"
    DRAFT = "draft"
    UNVERIFIED = "unverified"


class Assurance(StrEnum):
    """What kind of evidence can answer a control."""

    AUTOMATED = "automated"
    MIXED = "mixed"
    ATTESTED = "attested"


class Security(StrEnum):
    """The five properties that Perpres 95/2018 Pasal 40 asks for."""

    CONFIDENTIALITY = "kerahasiaan"
    INTEGRITY = "keutuhan"
    AVAILABILITY = "ketersediaan"
    AUTHENTICITY = "keaslian"
    NON_REPUDIATION = "kenirsangkalan"


class Control(Value, frozen=True):
    """One requirement of a law or standard."""

    id: Annotated[ControlId, msgspec.Meta(pattern=PATTERN)]
    article: str
    text: Text
    mark: Mark
    source: str
    assurance: Assurance
    checks: tuple[str, ...] = ()
    """Ids or globs of the checks that give evidence for or against it."""
    status: Standing = Standing.IN_FORCE
    properties: tuple[Security, ...] = ()
    refs: tuple[str, ...] = ()
    """Requirements of other norms that ask for the same."""
    instrument: tuple[str, ...] = ()
    """The controls of the official audit instrument that ask for it."""


class Part(Value, frozen=True):
    """Controls of a framework that are counted together."""

    title: Text
    controls: tuple[str, ...]
    """Ids or globs."""
    area: bool = False
    """Counted, and scored, by the controls of the official audit instrument."""


class Framework(Value, frozen=True):
    """A set of controls: a regulation or a standard."""

    id: str
    title: Text
    short: str
    controls: tuple[Control, ...]
    note: Text | None = None
    parts: tuple[Part, ...] = ()
