"""What sshd does in effect for a user from an address, Match blocks and drop-ins included."""

import re
from collections.abc import Sequence
from typing import Annotated

import msgspec

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.model.text import REPLACEMENT
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
from auditor.probe.sshd_keywords import FIELDS, NUMBERS, OPTIONAL, SEPARATORS
from auditor.probe.sshd_places import READS, places

_Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.@+$-]{0,127}\Z")]
_Place = Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z0-9_:][A-Za-z0-9_.:-]{0,252})?\Z")]

OUTSIDER = "192.0.2.1"
"""An address that nobody has: `Match Address` blocks then show what a stranger gets."""


class SshdArgs(Args, frozen=True):
    """The connection that is asked about; without an address it comes from an outsider."""

    user: _Name = "root"
    addr: _Place = ""
    host: _Place = ""


_TEXT = """
for s in /usr/sbin/sshd /usr/local/sbin/sshd /usr/bin/sshd /sbin/sshd; do
  [ -x "$s" ] || continue
  t 10 "$s" -T -C '{context}' 2>&1
  return
done
return 127
"""

_KEYWORD = re.compile(r"([a-z][a-z0-9]*) (.*)")
_ENVIRONMENT = (
    "no hostkeys available",
    "Missing privilege separation directory",
    "Privilege separation user",
    "Permission denied",
)
"""What sshd says where it is not its configuration that is wrong."""


def _context(args: SshdArgs) -> str:
    addr = args.addr or OUTSIDER
    return f"user={args.user},host={args.host or addr},addr={addr}"


def _key(args: SshdArgs) -> str:
    return f"sshd:{_context(args).replace('$', '%')}"


def _sections(many: Sequence[SshdArgs]) -> tuple[Section, ...]:
    return tuple(
        Section(
            key=_key(args),
            text=_TEXT.format(context=_context(args)),
            shown=f"sshd -T -C {_context(args)}",
            root=True,
            bounded=True,
        )
        for args in many
    )


def _parse(args: SshdArgs, frames: Frames) -> Record:
    frame = take(frames, _key(args))
    if frame.rc == NOT_FOUND:
        return {"installed": False, GAP: {"why": Why.NO_DATA, "detail": "sshd is not installed"}}
    if frame.rc != 0:
        said = " ".join(frame.text.replace(REPLACEMENT, " ").split())[:400]
        message = said or f"exit status {frame.rc}"
        if any(words in message for words in _ENVIRONMENT):
            raise Unseen(Why.NO_DATA, f"sshd -T: {message}")
        return {"installed": True, "valid": False, "message": message}
    found = _configuration(frame.text)
    return found | {"places": places(frames, found)}


def _configuration(text: str) -> Record:
    values: dict[str, list[str]] = {}
    for line in text.split("\n"):
        if match := _KEYWORD.fullmatch(line.rstrip()):
            values.setdefault(match[1], []).append(match[2].strip())
    if "permitrootlogin" not in values:
        raise Unseen(Why.UNREADABLE, "sshd -T printed no configuration")
    found: Record = {"installed": True, "valid": True, "message": ""}
    found |= {keyword: [] for keyword in OPTIONAL}
    for keyword, given in values.items():
        if keyword not in found or keyword in OPTIONAL:
            _add(found, keyword, given)
    return found


def _add(found: Record, keyword: str, given: list[str]) -> None:
    """Type the values of a keyword; a number that is none is left out, and so not seen."""
    if keyword in SEPARATORS:
        found[keyword] = [
            part for value in given for part in value.split(SEPARATORS[keyword]) if part
        ]
    elif keyword not in NUMBERS:
        found[keyword] = ", ".join(given)
    elif re.fullmatch(r"[0-9]{1,9}", given[0]):
        found[keyword] = int(given[0])


PROBE = ProbeType(
    name="sshd",
    via=Via.SSH,
    args=SshdArgs,
    doc=Text(
        id="Konfigurasi sshd yang berlaku bagi pengguna dan alamat tertentu (sshd -T -C)",
        en="sshd's effective configuration for a user and an address (sshd -T -C)",
    ),
    gives=record(
        "Server SSH",
        "SSH server",
        {
            "valid": leaf(Kind.BOOL, "Konfigurasi diterima sshd", "Configuration accepted by sshd"),
            "message": leaf(Kind.TEXT, "Pesan sshd", "sshd's message", may_be_empty=True),
            "installed": leaf(Kind.BOOL, "sshd terpasang", "sshd is installed"),
            **FIELDS,
        },
        others=leaf(Kind.TEXT, "Kata kunci sshd", "sshd keyword", may_be_empty=True),
    ),
    sections=_sections,
    reads=lambda _args: READS,
    parse=_parse,
)
