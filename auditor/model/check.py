"""A check: one question, what is expected, why, and how to mend it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec

from auditor.model.base import CheckId, Text, Value
from auditor.model.fact import Json


class Foundation(StrEnum):
    """The four foundations that advance together."""

    SECURITY = "security"
    ETHICS = "ethics"
    CULTURE = "culture"
    SKILL = "skill"


class Severity(StrEnum):
    """How much a failure matters."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for info to 4 for critical."""
        return _RANKS[self]


_RANKS = {
    Severity.INFO: 0,
    Severity.LOW: 1,
    Severity.MEDIUM: 2,
    Severity.HIGH: 3,
    Severity.CRITICAL: 4,
}


class Op(StrEnum):
    """The closed table of operators."""

    EQ = "eq"
    NE = "ne"
    IN = "in"
    NOT_IN = "not_in"
    MIN = "min"
    MAX = "max"
    MATCHES = "matches"
    NOT_MATCHES = "not_matches"
    CONTAINS = "contains"
    CONTAINS_ALL = "contains_all"
    CONTAINS_NONE = "contains_none"
    SUBSET_OF = "subset_of"
    EMPTY = "empty"
    EXISTS = "exists"
    STARTS_WITH = "starts_with"
    MODE_MAX = "mode_max"
    VERSION_MIN = "version_min"
    OLDER_THAN = "older_than"
    NEWER_THAN = "newer_than"
    WRITTEN = "written"
    """True: the value stands in a file; that it is the default does not do."""


class Quantifier(StrEnum):
    """How many parts must hold."""

    ALL = "all"
    ANY = "any"
    NONE = "none"
    COUNT = "count"


class Assertion(Value, frozen=True, tag="assertion"):
    """`path op operand`; an operand "$x" stands for parameter x. In a list: path in the item."""

    path: str
    op: Op
    operand: Json


class Group(Value, frozen=True, tag="group"):
    """Several expectations, of which all, any or none must hold; never empty."""

    quantifier: Quantifier
    of: tuple["Expectation", ...]


class Each(Value, frozen=True, tag="each"):
    """A statement over the items of a table.

    Of the items that satisfy `where`, all/any/none satisfy `that` (empty: holds); with `count`,
    their number lies in `least`..`most`.
    """

    quantifier: Quantifier
    path: str
    where: tuple["Expectation", ...] = ()
    that: tuple["Expectation", ...] = ()
    least: int | None = None
    most: int | None = None


Expectation: TypeAlias = Assertion | Group | Each


class ParamType(StrEnum):
    """The type of a parameter."""

    INT = "int"
    STR = "str"
    BOOL = "bool"
    STRINGS = "strings"
    PORTS = "ports"
    MODE = "mode"
    DURATION = "duration"
    """Written "7d", "12h", "30m", "90s"; bound as seconds."""
    DATE = "date"


class Param(Value, frozen=True):
    """A value that a policy may set."""

    type: ParamType
    default: Json
    min: int | None = None
    max: int | None = None
    choices: tuple[Json, ...] = ()


class Applies(Value, frozen=True):
    """For whom a check is meant. Everything that is named must hold; `unless`: must not.

    `os` entries are an id ("debian") or an id with a bound ("ubuntu>=20.04").
    """

    os: tuple[str, ...] = ()
    package: tuple[str, ...] | str = ()
    """At least one is installed."""
    role: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    sites: bool | None = None
    """The target serves sites."""
    domains: bool | None = None
    """The inventory names domains of the target."""
    networks: bool | None = None
    """The inventory names networks of the target."""
    ssh: bool | None = None
    """The target is visited over SSH or is local."""
    container: bool | None = None
    unless: "Applies | None" = None


class Fix(Value, frozen=True):
    """How to mend it; `run` is shown, never executed."""

    id: str
    en: str
    run: str = ""


class Example(Value, frozen=True):
    """A case that proves the check: facts as the probes would give them, and the verdict."""

    name: str
    verdict: Annotated[
        str, msgspec.Meta(pattern=r"^(pass|fail|error|not_applicable|not_checked)\Z")
    ]
    given: Mapping[str, Json]
    """Alias → record, or `{gap: why}`."""
    params: Mapping[str, Json] = msgspec.field(default_factory=dict)
    target: Mapping[str, Json] = msgspec.field(default_factory=dict)
    """Fields of the target that differ from an ordinary server."""


class Check(Value, frozen=True):
    """One requirement that a machine or a person can answer."""

    id: CheckId
    title: Text
    why: Text
    fix: Fix
    severity: Severity
    probe: Mapping[str, Mapping[str, Mapping[str, Json]]]
    """Alias → {probe type: arguments}; arguments may hold $params and $target fields."""
    expect: tuple[Expectation, ...]
    foundation: Foundation = Foundation.SECURITY
    applies: Applies = Applies()
    when: tuple[Expectation, ...] = ()
    """Facts that must hold for the check to have a meaning; else it is not applicable."""
    params: Mapping[str, Param] = msgspec.field(default_factory=dict)
    refs: tuple[str, ...] = ()
    tests: tuple[Example, ...] = ()
