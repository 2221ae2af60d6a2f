"""The shape of a probe type: typed arguments, a shell text or a network question, a pure parser."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import msgspec

from auditor.model.base import ProbeKey, Text, Value
from auditor.model.fact import Field, Json, Observation, Why
from auditor.model.feed import Feeds
from auditor.model.inventory import Target
from auditor.model.result import Result

if TYPE_CHECKING:
    from auditor.probe.crawl import Crawl


class Via(StrEnum):
    """Which collector asks."""

    SSH = "ssh"
    """One POSIX sh script; the local collector runs the same."""
    PORTS = "ports"
    TLS = "tls"
    HTTP = "http"
    SSH_SERVER = "ssh_server"
    """What an SSH server says before anyone logs in."""
    DNS = "dns"
    PAGES = "pages"
    """The pages of a site, fetched once and read by many probes."""
    BROWSER = "browser"
    """A real browser (an optional part of the auditor)."""
    ATTEST = "attest"
    """What people have stated; nothing is asked of a target."""
    FLEET = "fleet"
    """Nothing is asked: the facts of all targets of a run are joined when it ends."""
    DERIVED = "derived"
    """Nothing is asked: other probes' facts and the auditor's own data are joined."""


class Args(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the arguments of a probe type; all fields have defaults or are required."""


class Unseen(Exception):  # noqa: N818 - it is an answer ("not seen"), not a failure
    """Raised by a parser: the text does not hold the fact. It becomes a `Gap`."""

    def __init__(self, why: Why, detail: str) -> None:
        super().__init__(why, detail)
        self.why = why
        self.detail = detail


class Section(Value, frozen=True):
    """A piece of the script that visits a target; its output comes back as one frame.

    `text` is the body of a POSIX sh function: it reads only, uses no temp file, never `exit`, and
    may write `t SECONDS COMMAND …` for a command with a time limit. Its error output is dropped
    unless it redirects it. Sections with the same key have the same text. `limit` is in bytes.
    It leaves IFS, options and directory as they are, and uses no variable that begins with A_.
    """

    key: str
    text: str
    shown: str
    """What a person would type to repeat it."""
    root: bool = False
    limit: int = 65_536
    walk: bool = False
    """Walks the file system: runs last, at the lowest priority."""
    bounded: bool = False
    """Its output has an end by construction: no process is spent on cutting it at `limit`."""
    volatile: tuple[str, ...] = ()
    """Beginnings of lines that differ from one moment to the next: left out of the evidence, which
    is the same for the same target. An empty beginning leaves out all."""


class Frame(Value, frozen=True):
    """What one section printed: inert text without control characters but newline and tab.

    `rc` is -1 where it is unknown (cut); `denied` says that it was not run for want of root,
    `busy` that the target had too much to do.
    """

    key: str
    text: str
    rc: int = 0
    ms: int = 0
    cut: bool = False
    denied: bool = False
    busy: bool = False


Frames: TypeAlias = Mapping[str, Frame]
Seen: TypeAlias = Mapping[ProbeKey, Observation]
"""What was seen of one target."""
Record: TypeAlias = dict[str, Json]


class Derivation(Value, frozen=True):
    """What a derived probe joins: facts by probe key, and the auditor's own data.

    `facts` holds a record for each needed or joined probe that was seen, `gaps` the reason for the
    others.
    """

    target: Target
    facts: Mapping[ProbeKey, Mapping[str, Json]]
    gaps: Mapping[ProbeKey, tuple[Why, str]]
    feeds: Feeds
    now: datetime


class Member(Value, frozen=True):
    """A target of a run and what was seen of it; facts that were not seen are missing."""

    target: Target
    facts: Mapping[ProbeKey, Mapping[str, Json]]
    results: tuple[Result, ...] = ()
    """What the checks of the target itself said."""


class Gathering(Protocol):
    """What is kept of the fleet while it is visited: little, however many targets there are."""

    def add(self, member: Member) -> None:
        """Take in a target."""
        ...

    def record(self, target: Target) -> Record | None:
        """Return what the fleet tells about a target, None where it was not seen itself."""
        ...


class ProbeType(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What can be asked, once for the whole tool; each is equal to itself alone.

    ssh: `sections` turns all distinct arguments of a policy into as few sections as possible,
    `reads` names text files (see texts.py), which all types share; `parse` reads one argument's
    answer out of the frames (or raises `Unseen`).
    derived: `needs` names the probes that it joins, `derive` joins them.
    fleet: `needs` names the probes that it joins, `gather` begins to join them over all targets; a
    check that asks one asks nothing else.
    pages: `read` makes a site's record out of what was fetched of the site; the fact is
    `{"sites": [{"site": name, **record}, …]}`.
    ports, tls, http, ssh_server, dns, browser, attest: the collector of that name answers.
    """

    name: str
    via: Via
    args: type[Args]
    gives: Field
    doc: Text
    sections: Callable[[Sequence[Any]], tuple[Section, ...]] | None = None
    reads: Callable[[Sequence[Any]], tuple[str, ...]] | None = None
    """Absolute paths, or patterns with * and ?."""
    parse: Callable[[Any, Frames], Record] | None = None
    shared: bool = False
    """Many questions have one answer: the evidence of each shows its own facts, not the whole."""
    needs: Callable[[Any], tuple["Probe", ...]] | None = None
    joins: tuple[str, ...] = ()
    """Names of probe types whose facts it takes in where a check asks for them anyway."""
    derive: Callable[[Any, Derivation], Record] | None = None
    gather: Callable[[Any], Gathering] | None = None
    read: "Callable[[Any, Crawl], Record] | None" = None


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """One question with its arguments bound."""

    type: ProbeType
    args: Args

    @property
    def key(self) -> ProbeKey:
        """Canonical name; equal questions have equal keys, arguments at default are left out."""
        return _key(self.type.name, self.args)


@lru_cache(maxsize=4096)
def _key(name: str, args: Args) -> ProbeKey:
    told = {
        field: value
        for field, value in msgspec.to_builtins(args).items()
        if value != _default(args, field)
    }
    text = msgspec.json.encode(told, order="sorted").decode() if told else ""
    return ProbeKey(f"{name}{text}")


def _default(args: Args, name: str) -> Json:
    value = {f.name: f.default for f in msgspec.structs.fields(args)}[name]
    return None if value is msgspec.NODEFAULT else msgspec.to_builtins(value)


def take(frames: Frames, key: str) -> Frame:
    """Return a frame that is whole, or raise `Unseen` saying what is wrong with it."""
    frame = frames.get(key)
    if frame is None:
        raise Unseen(Why.INTERRUPTED, f"no answer to {key}")
    if frame.denied:
        raise Unseen(Why.NEEDS_ROOT, "needs root")
    if frame.busy:
        raise Unseen(Why.BUSY, "its load was too high to walk its file systems")
    if frame.cut:
        raise Unseen(Why.CUT, f"the answer to {key} was longer than its limit")
    if frame.rc == TIMED_OUT:
        raise Unseen(Why.TIMEOUT, f"{key} took too long")
    return frame


def answer(frames: Frames, key: str) -> str:
    """Return the text of a section that ended well, or raise `Unseen`.

    A section whose tool is not installed ends with `NOT_FOUND`.
    """
    frame = take(frames, key)
    if frame.rc == NOT_FOUND:
        raise Unseen(Why.UNSUPPORTED, f"{key}: the tool for it is not installed")
    if frame.rc != 0:
        said = " ".join(frame.text.split())[:200]
        raise Unseen(Why.UNREADABLE, f"{key} failed with status {frame.rc}: {said}")
    return frame.text


TIMED_OUT = 124
"""Exit status of timeout(1)."""
NOT_FOUND = 127
"""Exit status of a shell that does not find a command."""
