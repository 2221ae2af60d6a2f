"""What guards a machine: scanners, agents, integrity checkers, bans; and which of them run."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from auditor.model.base import Text
from auditor.model.fact import Kind
from auditor.probe import processes
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via, answer
from auditor.probe.fields import leaf, record, table
from auditor.probe.texts import TextFile, Texts, texts


class ProtectionArgs(Args, frozen=True):
    """Takes no arguments."""


class _Guard(NamedTuple):
    """A program: where it is installed, and the names of its processes (15 characters at most)."""

    name: str
    role: str
    path: str
    comms: tuple[str, ...]


_GUARDS = (
    _Guard("clamav", "antivirus", "/usr/sbin/clamd", ("clamd", "clamonacc")),
    _Guard("sophos", "antivirus", "/opt/sophos-spl/base/bin/sophos_watchdog", ("sophos_watchdog",)),
    _Guard("eset", "antivirus", "/opt/eset/efs/sbin/startd", ("startd",)),
    _Guard("kaspersky", "antivirus", "/opt/kaspersky/kesl/bin/kesl-control", ("kesl",)),
    _Guard("defender", "edr", "/opt/microsoft/mdatp/sbin/wdavdaemon", ("wdavdaemon",)),
    _Guard("crowdstrike", "edr", "/opt/CrowdStrike/falcond", ("falcond", "falcon-sensor")),
    _Guard("sentinelone", "edr", "/opt/sentinelone/bin/sentinelctl", ("s1-agent",)),
    _Guard("trendmicro", "edr", "/opt/ds_agent/ds_agent", ("ds_agent",)),
    _Guard("wazuh", "edr", "/var/ossec/bin/wazuh-agentd", ("wazuh-agentd",)),
    _Guard("ossec", "edr", "/var/ossec/bin/ossec-agentd", ("ossec-agentd",)),
    _Guard("osquery", "monitor", "/usr/bin/osqueryd", ("osqueryd",)),
    _Guard("falco", "monitor", "/usr/bin/falco", ("falco",)),
    _Guard("auditbeat", "monitor", "/usr/share/auditbeat/bin/auditbeat", ("auditbeat",)),
    _Guard("elastic-agent", "edr", "/usr/bin/elastic-agent", ("elastic-agent",)),
    _Guard("auditd", "monitor", "/usr/sbin/auditd", ("auditd",)),
    _Guard("fail2ban", "ban", "/usr/bin/fail2ban-server", ("fail2ban-server",)),
    _Guard("crowdsec", "ban", "/usr/bin/crowdsec", ("crowdsec",)),
    _Guard("sshguard", "ban", "/usr/sbin/sshguard", ("sshguard",)),
)
_INTEGRITY = ("wazuh-syscheckd", "ossec-syscheckd", "auditbeat", "samhain", "osqueryd")
"""Processes that watch files."""

_DATA = {
    "signatures": "/var/lib/clamav/daily.cvd /var/lib/clamav/daily.cld",
    "integrity": "/var/lib/aide/aide.db /var/lib/aide/aide.db.gz /var/lib/tripwire/*.twd "
    "/var/lib/samhain/samhain_file",
}
_STATS = "\n".join(
    f'for p in {paths}; do [ -f "$p" ] && set -- "$@" "$p"; done' for paths in _DATA.values()
)
SECTION = Section(
    key="protection",
    text=f"""
for p in {" ".join(guard.path for guard in _GUARDS)}; do
  [ -e "$p" ] && printf 'there %s\\n' "$p"
done
set --
{_STATS}
for p in /var/lib/aide /var/lib/tripwire; do
  [ ! -d "$p" ] || [ -x "$p" ] || return 77
done
[ $# -eq 0 ] || stat -L -c 'time %Y %n' "$@"
""",
    shown="stat /var/lib/clamav/daily.* /var/lib/aide/aide.db",
    root=True,
    bounded=True,
)
_JAILS = (
    "/etc/fail2ban/jail.conf",
    "/etc/fail2ban/jail.d/*.conf",
    "/etc/fail2ban/jail.local",
    "/etc/fail2ban/jail.d/*.local",
)
"""In the order in which fail2ban reads them."""
_HEADER = re.compile(r"\[([\w.-]{1,80})\]")
_OPTION = re.compile(r"(enabled|action|mta|destemail)\s*[=:]\s*(.*?)\s*")
_TIME = re.compile(r"time ([0-9]{1,11}) (/.*)")
_ALERTS = re.compile(r"action_m|mail|telegram|slack|webhook|xarf|notify", re.IGNORECASE)


def _sections(_args: Sequence[ProtectionArgs]) -> tuple[Section, ...]:
    return (processes.SECTION, SECTION)


def _parse(_args: ProtectionArgs, frames: Frames) -> Record:
    running = processes.running(frames)
    lines = answer(frames, SECTION.key).split("\n")
    times = {match[2]: int(match[1]) for line in lines if (match := _TIME.fullmatch(line))}
    guards = [
        {"name": guard.name, "role": guard.role, "running": not running.isdisjoint(guard.comms)}
        for guard in _GUARDS
        if f"there {guard.path}" in lines or not running.isdisjoint(guard.comms)
    ]
    signatures = [time for path, time in times.items() if path.startswith("/var/lib/clamav/")]
    places: dict[str, str] = {}
    jails, alerts = _bans(texts(frames), places)
    found: Record = {
        "guards": guards,
        "scanners": [
            str(one["name"])
            for one in guards
            if one["running"] and one["role"] in ("antivirus", "edr")
        ],
        "has_signatures": bool(signatures),
        "integrity": len(signatures) < len(times) or not running.isdisjoint(_INTEGRITY),
        "jails": jails,
        "alerts": alerts,
        "places": places,
    }
    if signatures:
        found["signatures"] = datetime.fromtimestamp(max(signatures), UTC).isoformat()
    return found


def _bans(seen: Texts, places: dict[str, str]) -> tuple[list[str], bool]:
    """Return the jails of fail2ban that are enabled, and whether its actions tell somebody."""
    values: dict[str, dict[str, str]] = {}
    for file in (file for pattern in _JAILS for file in seen.glob(pattern)):
        _read_jails(file, values, places)
    default = values.pop("DEFAULT", {})
    jails = [
        name
        for name, own in values.items()
        if {**default, **own}.get("enabled", "false").lower() in ("true", "yes", "on", "1")
    ]
    actions = [{**default, **values[name]}.get("action", "") for name in jails]
    return jails, any(_ALERTS.search(action) for action in actions)


def _read_jails(file: TextFile, values: dict[str, dict[str, str]], places: dict[str, str]) -> None:
    section: dict[str, str] = {}
    for number, line in file.lines:
        if header := _HEADER.match(line):
            section = values.setdefault(header[1], {}) if header[1] != "INCLUDES" else {}
        elif option := _OPTION.fullmatch(line):
            section[option[1]] = option[2]
            if option[1] in ("enabled", "action"):
                places["jails" if option[1] == "enabled" else "alerts"] = f"{file.path}:{number}"


PROBE = ProbeType(
    name="protection",
    via=Via.SSH,
    args=ProtectionArgs,
    doc=Text(
        id="Antivirus, agen EDR, pemeriksa keutuhan berkas dan fail2ban: terpasang, berjalan, "
        "tanda tangan terbaru",
        en="Malware scanners, EDR agents, file integrity checkers and fail2ban: installed, "
        "running, age of signatures",
    ),
    gives=record(
        "Perlindungan",
        "Protection",
        {
            "guards": table(
                "Penjaga",
                "Guards",
                "name",
                {
                    "name": leaf(Kind.TEXT, "Nama", "Name"),
                    "role": leaf(Kind.TEXT, "Peran", "Role"),
                    "running": leaf(Kind.BOOL, "Berjalan", "Running"),
                },
                may_be_empty=True,
            ),
            "scanners": leaf(
                Kind.TEXTS, "Antivirus/EDR berjalan", "Running scanners", may_be_empty=True
            ),
            "has_signatures": leaf(Kind.BOOL, "Ada tanda tangan ClamAV", "Has ClamAV signatures"),
            "signatures": leaf(Kind.TIME, "Tanda tangan terbaru", "Newest signatures"),
            "integrity": leaf(Kind.BOOL, "Keutuhan berkas diperiksa", "Files are watched"),
            "jails": leaf(Kind.TEXTS, "Penjara fail2ban", "fail2ban jails", may_be_empty=True),
            "alerts": leaf(Kind.BOOL, "Memberi peringatan", "Alerts somebody"),
        },
    ),
    sections=_sections,
    reads=lambda _args: _JAILS,
    parse=_parse,
)
