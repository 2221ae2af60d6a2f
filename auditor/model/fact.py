"""What was seen on a target, what could not be seen, and the types that facts have."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

import msgspec

from auditor.model.base import ProbeKey, TargetId, Text, Value

Json: TypeAlias = Any
"""A JSON value: None, bool, int, float, str, list or dict with text keys."""

GAP = "gap"
"""Key in a record whose missing leaves could not be seen: `{"why": Why, "detail": str}`."""


class Why(StrEnum):
    """Why a fact could not be seen."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    DENIED = "denied"
    NEEDS_ROOT = "needs_root"
    HOST_KEY = "host_key"
    SCOPE = "scope"
    """The authority letter does not cover where it leads."""
    UNSUPPORTED = "unsupported"
    UNREADABLE = "unreadable"
    CUT = "cut"
    NO_DATA = "no_data"
    STALE = "stale"
    BUSY = "busy"
    INTERRUPTED = "interrupted"
    FAULT = "fault"
    UNANSWERED = "unanswered"
    """A person has not answered yet."""
    EXPIRED = "expired"
    """What a person stated is no longer valid."""
    WITHHELD = "withheld"
    """The auditor held back, as the authority letter does not cover it."""
    NO_TOOL = "no_tool"
    """An optional part of the auditor (a browser, a table of countries) is not there."""


WHY: Mapping[Why, Text] = {
    Why.UNREACHABLE: Text(id="tidak terjangkau", en="unreachable"),
    Why.REFUSED: Text(id="ditolak", en="refused"),
    Why.TIMEOUT: Text(id="tidak menjawab pada waktunya", en="no answer in time"),
    Why.DENIED: Text(id="tidak diizinkan", en="not permitted"),
    Why.NEEDS_ROOT: Text(id="perlu hak root", en="needs root"),
    Why.HOST_KEY: Text(id="kunci host tidak dikenal", en="host key not known"),
    Why.SCOPE: Text(id="di luar surat tugas", en="outside the authority letter"),
    Why.UNSUPPORTED: Text(id="tidak didukung", en="not supported"),
    Why.UNREADABLE: Text(id="jawaban tidak dapat dibaca", en="answer cannot be read"),
    Why.CUT: Text(id="jawaban terlalu panjang", en="answer too long"),
    Why.NO_DATA: Text(id="tidak ada data", en="no data"),
    Why.STALE: Text(id="data usang", en="data is stale"),
    Why.BUSY: Text(id="target sedang sibuk", en="the target is busy"),
    Why.INTERRUPTED: Text(id="terputus", en="interrupted"),
    Why.FAULT: Text(id="kesalahan pada auditor", en="fault in the auditor"),
    Why.UNANSWERED: Text(id="belum dijawab", en="not answered yet"),
    Why.EXPIRED: Text(id="masa berlaku habis", en="no longer valid"),
    Why.WITHHELD: Text(
        id="tidak dimuat karena di luar surat tugas",
        en="not loaded, as the authority letter does not cover it",
    ),
    Why.NO_TOOL: Text(id="alat bantu tidak terpasang", en="an optional tool is not installed"),
}
"""The reasons in words."""

WAITING = frozenset({Why.UNANSWERED, Why.EXPIRED, Why.NO_TOOL, Why.WITHHELD})
"""Nobody tried to look: the check is not examined, which is neither a pass nor an error."""


class Evidence(Value, frozen=True):
    """Where an observation comes from: enough for a person to repeat it.

    `source` is the command, URL or tool; `excerpt` is redacted, inert text of at most 4 kB.
    """

    source: str
    excerpt: str = ""
    seen_at: datetime | None = None


class Fact(Value, frozen=True, tag="fact"):
    """One probe's answer on one target; `value` is a record of the probe type's fields."""

    target: TargetId
    probe: ProbeKey
    value: Mapping[str, Json]
    evidence: Evidence


class Gap(Value, frozen=True, tag="gap"):
    """A probe that got no answer. A check that needs it can never pass."""

    target: TargetId
    probe: ProbeKey
    why: Why
    detail: str
    evidence: Evidence | None = None


Observation: TypeAlias = Fact | Gap


class Kind(StrEnum):
    """The type of a field; operators are typed by it."""

    BOOL = "bool"
    INT = "int"
    TEXT = "text"
    TEXTS = "texts"
    MODE = "mode"
    """File mode as four octal digits: "0640"."""
    DURATION = "duration"
    """Seconds, as an integer."""
    TIME = "time"
    """ISO 8601 with offset."""
    VERSION = "version"
    PORTS = "ports"
    """List of "22/tcp"."""
    RECORD = "record"
    TABLE = "table"
    """List of records; `Field.key` names the fields that tell one item from another."""


class Field(Value, frozen=True):
    """The type of one fact, with the words that a report uses for it."""

    kind: Kind
    label: Text
    may_be_empty: bool = False
    key: tuple[str, ...] = ()
    fields: Mapping[str, "Field"] = msgspec.field(default_factory=dict)
    others: "Field | None" = None
    """Type of fields that are not listed, for records with open names (sshd keywords)."""

    def at(self, path: str) -> "Field | None":
        """Return the type at a dotted `path`, or None where there is no such field."""
        here: Field | None = self
        for name in path.split(".") if path else ():
            if here is None or here.kind is not Kind.RECORD:
                return None
            here = here.fields.get(name, here.others)
        return here
