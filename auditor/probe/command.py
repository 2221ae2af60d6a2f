"""A program that a check names, run without a shell; asked only where the policy gives leave."""

import json
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from shlex import quote
from typing import Annotated, Literal

import msgspec

from auditor.model.base import Text
from auditor.model.fact import Json, Kind, Why
from auditor.probe.base import (
    NOT_FOUND,
    Args,
    Frames,
    ProbeType,
    Record,
    Section,
    Unseen,
    Via,
    take,
)
from auditor.probe.fields import leaf, record

_SHELLS = re.compile(
    r"(ba|da|a|k|z|c|tc|fi|s)?sh|busybox|env|xargs|sudo|su|doas|eval|exec|command|nohup|timeout"
    r"|nice|script|[gmn]?awk|(python|perl|ruby|php|lua|node)[0-9.]*"
)
"""Would run what their arguments say, past the eyes of a reviewer."""
_REPEATED_TWICE = re.compile(r"[*+}]\)+[*+{?]")
_Word = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+\Z")]


class CommandArgs(Args, frozen=True):
    """A program with its arguments as they are: nothing expands them.

    `pattern` goes with the parser regex: each line is tried, its first group (or the match) kept.
    """

    argv: Annotated[tuple[_Word, ...], msgspec.Meta(min_length=1, max_length=40)]
    parser: Literal["lines", "kv", "json", "regex"] = "lines"
    pattern: str = ""
    timeout: Annotated[int, msgspec.Meta(ge=1, le=60)] = 10
    root: bool = False

    def __post_init__(self) -> None:
        name = self.argv[0].rpartition("/")[2]
        if _SHELLS.fullmatch(name) or "=" in name or name.startswith("-"):
            raise ValueError(f"{name} runs other programs: name the program itself")
        if bool(self.pattern) != (self.parser == "regex"):
            raise ValueError("pattern goes with the parser regex, and only with it")
        if _REPEATED_TWICE.search(self.pattern):
            raise ValueError("pattern repeats a repetition: it may take for ever")
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ValueError(f"pattern: {error}") from None


LIMIT = 256 * 1024
MOST = 2000
"""Lines, values and matches that are kept."""
_LONGEST = 1000
_DEEPEST = 8
_PAIR = re.compile(r"\s*([^\s=:][^=:]{0,199}?)\s*[=:]\s*(.*?)\s*")


def _key(args: CommandArgs) -> str:
    told = json.dumps([args.argv, args.timeout, args.root])
    return f"command_{sha256(told.encode()).hexdigest()[:16]}"


def _sections(many: Sequence[CommandArgs]) -> tuple[Section, ...]:
    found: dict[str, Section] = {}
    for args in many:
        words = " ".join(map(quote, args.argv))
        section = Section(
            key=_key(args),
            text=f"t {args.timeout} {words}",
            shown=words,
            root=args.root,
            limit=LIMIT,
        )
        found[section.key] = section
    return tuple(found.values())


def _parse(args: CommandArgs, frames: Frames) -> Record:
    frame = take(frames, _key(args))
    if frame.rc == NOT_FOUND:
        raise Unseen(Why.UNSUPPORTED, f"{args.argv[0]} is not installed")
    lines = [line for line in frame.text.split("\n") if line.strip()]
    if len(lines) > MOST:
        raise Unseen(Why.CUT, f"{args.argv[0]} said more than {MOST} lines")
    found: Record = {"status": frame.rc}
    match args.parser:
        case "lines":
            found["lines"] = lines
        case "kv":
            pairs = filter(None, map(_PAIR.fullmatch, lines))
            found["values"] = {pair[1]: pair[2] for pair in pairs}
        case "json":
            found["values"] = dict(_leaves(_loaded(frame.text, args.argv[0]), "", _DEEPEST))
        case _:
            found["matches"] = list(_matches(args.pattern, lines))
    return found


def _matches(pattern: str, lines: Sequence[str]) -> Iterator[str]:
    sought = re.compile(pattern)
    for line in lines:
        if match := sought.search(line[:_LONGEST]):
            yield (match[1] or "") if sought.groups else match[0]


def _loaded(text: str, name: str) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Unseen(Why.UNREADABLE, f"{name} said no JSON") from None


def _leaves(value: Json, path: str, depth: int) -> Iterator[tuple[str, str]]:
    """Yield dotted paths with plain values as text: true, false, null, numbers too."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else None
    )
    if inner is None:
        yield path, value if isinstance(value, str) else json.dumps(value)
    elif depth:
        for name, part in inner:
            yield from _leaves(part, f"{path}.{name}".lstrip("."), depth - 1)


PROBE = ProbeType(
    name="command",
    via=Via.SSH,
    args=CommandArgs,
    doc=Text(
        id="Keluaran sebuah program tanpa shell; hanya bila kebijakan menulis allow_commands: true",
        en="What a program says, without a shell; only where the policy has allow_commands: true",
    ),
    gives=record(
        "Perintah",
        "Command",
        {
            "status": leaf(Kind.INT, "Status akhir", "Exit status"),
            "lines": leaf(Kind.TEXTS, "Baris keluaran", "Lines", may_be_empty=True),
            "matches": leaf(Kind.TEXTS, "Yang cocok", "Matches", may_be_empty=True),
            "values": record("Nilai", "Values", {}, others=leaf(Kind.TEXT, "Nilai", "Value")),
        },
    ),
    sections=_sections,
    parse=_parse,
)
