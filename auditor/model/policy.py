"""What is asked of whom, and the law that asks it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import msgspec

from auditor.model.base import ControlId, Text, Value
from auditor.model.check import Severity
from auditor.model.fact import Json


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


class Mark(StrEnum):
    """How well the text of a control is known."""

    OFFICIAL = "official"
    SECONDARY = "secondary"
    RECALLED = "recalled"
    UNSURE = "unsure"


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


class Control(Value, frozen=True):
    """One requirement of a law or standard."""

    id: Annotated[ControlId, msgspec.Meta(pattern=r"^[A-Z0-9][A-Z0-9.\-]*:[A-Za-z0-9.\-]+\Z")]
    article: str
    text: Text
    mark: Mark
    source: str
    assurance: Assurance
    checks: tuple[str, ...] = ()
    """Ids or globs of the checks that give evidence for or against it."""
    status: Standing = Standing.IN_FORCE
    properties: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()


class Framework(Value, frozen=True):
    """A set of controls: a regulation or a standard."""

    id: str
    title: Text
    short: str
    controls: tuple[Control, ...]
    note: Text | None = None
    known: tuple[str, ...] = ()
    """Prefixes of references that checks may name although no control is written yet."""
