"""Whether a target keeps itself up to date: its lists, its sources, automatic updates."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via, answer
from auditor.probe.fields import leaf, record


class AptArgs(Args, frozen=True):
    """Takes no arguments."""


SECTION = Section(
    key="apt",
    shown="ls -l /var/lib/apt/lists; cat /etc/apt/sources.list*; apt-config dump",
    text=r"""
command -v apt-get >/dev/null || return 127
set +f
set --
for f in /var/lib/apt/lists/*Release /var/lib/apt/lists/*Packages* \
  /var/lib/apt/periodic/update-success-stamp; do
  [ -f "$f" ] && set -- "$@" "$f"
done
[ $# -gt 0 ] && stat -c 'list %Y %n' "$@"
for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
  [ -r "$f" ] || continue
  printf 'source %s\n' "$f"
  while IFS= read -r l || [ -n "$l" ]; do
    case $l in
    *://*@*) l=${l%%://*}://${l#*@} ;;
    esac
    printf '= %s\n' "$l"
  done <"$f"
done
for f in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
  [ -r "$f" ] || continue
  while IFS= read -r l || [ -n "$l" ]; do
    case $l in
    *Unattended-Upgrade*|*Periodic*) printf 'conf %s\n' "$l" ;;
    esac
  done <"$f"
done
return 0
""",
    limit=256 * 1024,
)
"""Log-ins in source addresses are left out on the target."""

_LIST = re.compile(r"list ([0-9]{1,11}) (.*)")
_ONE_LINE = re.compile(r"deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)")
_AUTOMATIC = re.compile(
    r"""(?:APT::Periodic::)?Unattended-Upgrade\s+["']?(?:[1-9][0-9]*|always)["']?\s*;"""
)


def _sections(_args: Sequence[AptArgs]) -> tuple[Section, ...]:
    return (SECTION,)


def _parse(_args: AptArgs, frames: Frames) -> Record:
    lines = answer(frames, SECTION.key).splitlines()
    sources = list(_sources(lines))
    settings = [line[5:].strip() for line in lines if line.startswith("conf ")]
    return {
        "manager": "apt",
        "suites": list(dict.fromkeys(suite for _, suite in sources)),
        "security_suite": any(
            suite.endswith("-security") or "/updates" in suite for _, suite in sources
        ),
        "automatic": any(
            _AUTOMATIC.match(line) for line in settings if not line.startswith(("//", "#"))
        ),
        **_lists_time(lines),
    }


def _lists_time(lines: list[str]) -> Record:
    times = [int(match[1]) for line in lines if (match := _LIST.fullmatch(line))]
    if not times:
        detail = "there are no package lists: they were never fetched"
        return {GAP: {"why": Why.NO_DATA.value, "detail": detail}}
    return {"lists_time": datetime.fromtimestamp(max(times), UTC).isoformat()}


def _sources(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield (address, suite) of every enabled binary source, in both of apt's formats."""
    stanza: dict[str, str] = {}
    for line in [*lines, "source"]:
        text = line[2:].strip() if line.startswith("= ") else ""
        if match := _ONE_LINE.match(text):
            yield match[1], match[2]
        elif ":" in text and not text.startswith("#"):
            name, _, value = text.partition(":")
            stanza[name.strip().lower()] = value.strip()
        elif not text:
            yield from _stanza(stanza)
            stanza = {}


def _stanza(fields: dict[str, str]) -> Iterator[tuple[str, str]]:
    if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes") == "no":
        return
    for address in fields.get("uris", "").split():
        for suite in fields.get("suites", "").split():
            yield address, suite


PROBE = ProbeType(
    name="apt",
    via=Via.SSH,
    args=AptArgs,
    doc=Text(
        id="Kesehatan pembaruan: daftar paket, sumber, pembaruan otomatis",
        en="Update health: package lists, sources, automatic updates",
    ),
    gives=record(
        "Pembaruan mandiri",
        "Update health",
        {
            "manager": leaf(Kind.TEXT, "Pengelola paket", "Package manager"),
            "lists_time": leaf(Kind.TIME, "Daftar paket diperbarui", "Lists refreshed"),
            "suites": leaf(Kind.TEXTS, "Rangkaian sumber", "Suites", may_be_empty=True),
            "security_suite": leaf(
                Kind.BOOL, "Sumber keamanan tercantum", "Security source listed"
            ),
            "automatic": leaf(Kind.BOOL, "Pembaruan otomatis", "Automatic updates"),
        },
    ),
    sections=_sections,
    parse=_parse,
)
