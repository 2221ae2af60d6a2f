"""Whether a target keeps itself up to date: its lists, its sources, automatic updates.

Read from files alone: no package manager is asked, and no address of a source leaves the target.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.fields import leaf, record
from auditor.probe.os_release import moment
from auditor.probe.updates_script import TEXT


class UpdatesArgs(Args, frozen=True):
    """Takes no arguments."""


SECTION = Section(
    key="updates",
    shown="ls -l /var/lib/apt/lists; cat /etc/apt/sources.list*; apt-config dump; "
    "cat /etc/yum.repos.d/* /etc/zypp/repos.d/* /etc/apk/repositories",
    text=TEXT,
    bounded=True,
)

Told = Mapping[str, Sequence[str]]
"""Values by the word that stands before them, in order."""


class _Found:
    """A record in the making, with the reasons for what it lacks."""

    def __init__(self, manager: str) -> None:
        self.facts: Record = {"manager": manager}
        self.gaps: list[str] = []

    def seen(self, closed: Sequence[str], **facts: object) -> None:
        """Keep facts that were read from files of which none was closed to the account."""
        if closed:
            self.gaps.append(f"{closed[0]} cannot be read")
        else:
            self.facts |= facts


def _sections(_args: Sequence[UpdatesArgs]) -> tuple[Section, ...]:
    return (SECTION,)


def _parse(_args: UpdatesArgs, frames: Frames) -> Record:
    told: dict[str, list[str]] = {}
    for line in answer(frames, SECTION.key).split("\n"):
        word, _, value = line.partition(" ")
        told.setdefault(word, []).append(value)
    manager = told.get("manager", [""])[0]
    if manager not in _MANAGERS:
        raise Unseen(Why.UNREADABLE, f"{manager[:40]!r} is no package manager")
    if "cut" in told:
        raise Unseen(Why.CUT, f"the settings of {manager} are too long")
    found = _Found(manager)
    _lists(told, found)
    _MANAGERS[manager](told, found)
    found.seen(told.get("unpinned", ()), pinned=_distinct(told.get("pin", ())))
    if found.gaps:
        found.facts[GAP] = {"why": Why.NO_DATA, "detail": "; ".join(found.gaps)}
    return found.facts


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _lists(told: Told, found: _Found) -> None:
    times = [moment(one) for one in told.get("list", ()) if _DIGITS.fullmatch(one)]
    if times:
        found.facts["lists_time"] = max(times).isoformat()
    elif closed := told.get("unlisted"):
        found.gaps.append(f"{closed[0]} cannot be read")
    else:
        found.gaps.append("there are no package lists: they were never fetched")


_DIGITS = re.compile(r"[0-9]{1,10}")
_FALSE = ("no", "false", "without", "off", "disable", "0")


def _apt(told: Told, found: _Found) -> None:
    suites, hidden = _distinct(told.get("suite", ())), told.get("hidden", ())
    conf = {m[1]: m[2] for line in told.get("conf", ()) if (m := _CONF.fullmatch(line))}
    sealed = told.get("sealed", ())
    if not sealed and "status 0" not in told.get("conf", ()):
        found.gaps.append("apt-config gives no answer")
    elif not sealed:
        found.facts["automatic"] = _is_unattended(conf, told)
    secure = any(suite.endswith("-security") or "/updates" in suite for suite in suites)
    if secure or not hidden:
        found.facts["security_suite"] = secure
    loose = conf.get("acquire::allowinsecurerepositories", "").lower() in _TRUE
    unsigned = list(told.get("unsigned", ())) + ["Acquire::AllowInsecureRepositories"] * loose
    found.seen(hidden, suites=suites)
    unchecked = conf.get("acquire::check-valid-until", "").lower() in _FALSE
    if "automatic" in found.facts:
        found.seen(
            hidden, unsigned=unsigned, check_valid_until=not (unchecked or told.get("unchecked"))
        )
    elif sealed:
        found.gaps.append(f"{sealed[0]} cannot be read")
    found.seen(told.get("unattached", ()), pockets=_distinct(told.get("pocket", ())))
    _dates(told, found)


_CONF = re.compile(r'([a-z:-]+) "([^"]*)";')
_TRUE = ("yes", "true", "with", "on", "enable", "1")


def _is_unattended(conf: Mapping[str, str], told: Told) -> bool:
    """Tell whether unattended-upgrades is there, switched on, and its timer not masked.

    The configuration is apt's own reading of all its files; an interval of 0 switches off.
    """
    wanted = conf.get("apt::periodic::enable", "1") != "0"
    wanted = wanted and conf.get("apt::periodic::unattended-upgrade", "0") not in ("", "0")
    return wanted and "tool" in told and "masked" not in told


def _dates(told: Told, found: _Found) -> None:
    """Take the newest date of the security lists, and the earliest end of their validity.

    The other lists of a release change a few times a year; they count where there is no other.
    """
    rows = [row for one in told.get("release", ()) if len(row := one.split("\t")) == _HEADINGS]
    secure = [r for r in rows if r[2] == "Debian-Security" or f"{r[0]} {r[1]} ".count("-security ")]
    dates = [day for row in secure or rows if (day := _day(row[3]))]
    ends = [day for row in secure or rows if (day := _day(row[4]))]
    if dates:
        found.facts["lists_date"] = max(dates).isoformat()
    else:
        found.gaps.append("the lists do not tell their date")
    if ends:
        found.facts["lists_valid_until"] = min(ends).isoformat()
    else:
        found.gaps.append("the lists do not tell until when they are valid")


_HEADINGS = 5


def _day(text: str) -> datetime | None:
    """Read a date as mail has it; None for what is none."""
    try:
        day = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return day if day.tzinfo is not None else None


def _dnf(told: Told, found: _Found) -> None:
    names = _repositories(told, found, _DISTRIBUTION)
    found.seen(
        told.get("hidden", ()),
        pockets=_distinct(
            word for name in names for word in _WORDS.split(name.lower()) if word in _EXTENDED
        ),
    )
    applied = {}
    for one in told.get("apply", ()):
        path, _, setting = one.partition(" ")
        applied[path] = setting.partition("=")[2].lower() in _TRUE
    masked = told.get("masked", ())
    on = [one for one in told.get("wants", ()) if one not in masked]
    automatic = any(_is_applied(one, applied) for one in on)
    found.seen(told.get("sealed", ()), automatic=automatic)
    _revision(told, found)


_WORDS = re.compile(r"[^a-z0-9]+")
_EXTENDED = frozenset({"eus", "aus", "e4s", "tus", "els"})
"""Red Hat's extended updates, as its repositories' names end."""
_DISTRIBUTION = re.compile(
    r"(.*[-_])?(baseos|appstream)([-_].*)?|(updates?|base|amazonlinux|amzn2?-core)"
    r"|ol[0-9]+_latest|rhel-7-server(-.+)?-rpms|ubi-[0-9]+-baseos.*",
    re.IGNORECASE,
)
"""Names of the repositories of Red Hat and its relatives that bring security updates as well."""
_CONFS: Mapping[str, Sequence[str]] = {
    "dnf-automatic.timer": ("/etc/dnf/automatic.conf",),
    "dnf5-automatic.timer": (
        "/etc/dnf/dnf5-plugins/automatic.conf",
        "/etc/dnf/automatic.conf",
        "/usr/share/dnf5/dnf5-plugins/automatic.conf",
    ),
    "yum-cron.service": ("/etc/yum/yum-cron.conf",),
}
"""Where each says whether it installs what it downloads, the strongest first."""


def _is_applied(unit: str, applied: Mapping[str, bool]) -> bool:
    if unit == "dnf-automatic-install.timer":
        return True
    return next((applied[path] for path in _CONFS.get(unit, ()) if path in applied), False)


def _zypper(told: Told, found: _Found) -> None:
    _repositories(told, found, _UPDATES)
    masked = told.get("masked", ())
    wants = told.get("wants", ())
    found.facts["automatic"] = any(one in _TIMERS and one not in masked for one in wants)
    found.facts["pockets"] = []
    _revision(told, found)


_TIMERS = frozenset({"online_update", "transactional-update.timer", "os-update.timer"})
_UPDATES = re.compile(r"(.*[^a-z])?updates?([^a-z].*)?", re.IGNORECASE)


def _repositories(told: Told, found: _Found, secure: "re.Pattern[str]") -> list[str]:
    """Note the enabled repositories, and of them those without signatures; return their names."""
    rows = [row for one in told.get("repo", ()) if len(row := one.split(" ")) == _COLUMNS]
    names = [name for name, enabled, _ in rows if enabled == "1"]
    found.seen(
        told.get("hidden", ()),
        suites=_distinct(names),
        unsigned=_distinct(name for name, enabled, check in rows if (enabled, check) == ("1", "0")),
        security_suite=any(map(secure.fullmatch, names)),
    )
    return names


_COLUMNS = 3


def _revision(told: Told, found: _Found) -> None:
    """Take the revision of the newest list: by custom it is the second at which it was made."""
    times = [one for one in told.get("revision", ()) if _SECONDS.fullmatch(one)]
    if times:
        found.facts["lists_date"] = moment(max(times)).isoformat()
    else:
        found.gaps.append("the lists do not tell their date")
    found.gaps.append("only apt's lists tell until when they are valid")


_SECONDS = re.compile(r"[1-9][0-9]{9}")


def _apk(told: Told, found: _Found) -> None:
    suites = _distinct(told.get("suite", ()))
    found.seen(
        told.get("hidden", ()),
        suites=suites,
        security_suite=any(map(_BRANCH.fullmatch, suites)),
        unsigned=[],
    )
    on = "apk-upgrade" in told.get("wants", ()) and "crond" in told
    found.seen(told.get("sealed", ()), automatic=on)
    found.facts["pockets"] = []
    found.gaps.append("apk's lists tell neither their date nor until when they are valid")


_BRANCH = re.compile(r"(v[0-9]+\.[0-9]+|edge|latest-stable)/main")

_MANAGERS: Mapping[str, Callable[[Told, _Found], None]] = {
    "apt": _apt,
    "dnf": _dnf,
    "yum": _dnf,
    "zypper": _zypper,
    "apk": _apk,
}

PROBE = ProbeType(
    name="updates",
    via=Via.SSH,
    args=UpdatesArgs,
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
            "lists_date": leaf(Kind.TIME, "Tanggal daftar paket", "Date of the lists"),
            "lists_valid_until": leaf(
                Kind.TIME, "Daftar paket berlaku sampai", "Lists are valid until"
            ),
            "suites": leaf(Kind.TEXTS, "Rangkaian sumber", "Suites", may_be_empty=True),
            "security_suite": leaf(
                Kind.BOOL, "Sumber keamanan tercantum", "Security source listed"
            ),
            "automatic": leaf(Kind.BOOL, "Pembaruan otomatis", "Automatic updates"),
            "pockets": leaf(
                Kind.TEXTS,
                "Layanan pembaruan tambahan",
                "Further update services",
                may_be_empty=True,
            ),
            "check_valid_until": leaf(
                Kind.BOOL, "Masa berlaku daftar diperiksa", "Validity of lists is checked"
            ),
            "unsigned": leaf(
                Kind.TEXTS,
                "Sumber tanpa pemeriksaan tanda tangan",
                "Sources whose signatures are not checked",
                may_be_empty=True,
            ),
            "pinned": leaf(Kind.TEXTS, "Paket yang disematkan", "Pinned", may_be_empty=True),
        },
    ),
    sections=_sections,
    parse=_parse,
)
