"""What cron and anacron start, as whom, and who may add to it."""

import re
from collections.abc import Iterator, Sequence

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Unseen, Via
from auditor.probe.fields import leaf, record, table
from auditor.probe.texts import TextFile, Texts, texts


class CronArgs(Args, frozen=True):
    """Takes no arguments."""


_SYSTEM = "/etc/crontab"
_PARTS = "/etc/cron.d/*"
_ANACRON = "/etc/anacrontab"
_OWN = ("/var/spool/cron/crontabs/*", "/var/spool/cron/*", "/var/spool/cron/tabs/*")
"""Debian's, RHEL's and SUSE's crontabs of users."""
_LISTS = {
    "cron_allow": "/etc/cron.allow",
    "cron_deny": "/etc/cron.deny",
    "at_allow": "/etc/at.allow",
    "at_deny": "/etc/at.deny",
}
_READS = (_SYSTEM, _PARTS, _ANACRON, *_OWN, *_LISTS.values())

_SETTING = re.compile(r"\s*[\"']?[A-Za-z_][A-Za-z0-9_]*[\"']?\s*=.*")
_NICKNAME = re.compile(r"\s*(@[a-z]+)\s+(.*)")
_FIVE = re.compile(r"\s*((?:\S+\s+){4}\S+)\s+(.*)")
_ANACRON_JOB = re.compile(r"\s*(\S+\s+\S+)\s+(\S+)\s+(.*)")
_COMMAND = 200
"""Characters of a command that are kept."""


def _reads(_many: Sequence[CronArgs]) -> tuple[str, ...]:
    return _READS


def _parse(_args: CronArgs, frames: Frames) -> Record:
    seen = texts(frames)
    found: Record = {}
    for name, path in _LISTS.items():
        try:
            file = seen.file(path)
        except Unseen as unseen:
            found[GAP] = {"why": unseen.why, "detail": unseen.detail}
            continue
        found[f"{name}_exists"] = file is not None
        found[name] = [text.strip() for _, text in file.lines] if file else []
    try:
        found["jobs"] = [job for jobs in _jobs(seen) for job in jobs]
    except Unseen as unseen:
        found[GAP] = {"why": unseen.why, "detail": unseen.detail}
    return found


def _jobs(seen: Texts) -> Iterator[Iterator[Record]]:
    for file in (seen.file(_SYSTEM), *seen.glob(_PARTS)):
        if file:
            yield _table(file, "")
    for pattern in _OWN:
        for file in _files(seen, pattern):
            yield _table(file, file.path.rpartition("/")[2])
    if anacron := seen.file(_ANACRON):
        yield _anacron(anacron)


def _files(seen: Texts, pattern: str) -> Iterator[TextFile]:
    """Yield the files of a folder that holds folders too; raises `Unseen` for closed ones."""
    if pattern in seen.unseen:
        raise Unseen(*seen.unseen[pattern])
    for path in seen.folders.get(pattern.rpartition("/")[0], ()):
        is_folder = path in seen.unseen and seen.unseen[path][0] is Why.UNREADABLE
        if not is_folder and (file := seen.file(path)):
            yield file


def _table(file: TextFile, owner: str) -> Iterator[Record]:
    """Yield the jobs of a crontab; without `owner` each names its account before its command."""
    for number, text in file.lines:
        match = _NICKNAME.fullmatch(text) or _FIVE.fullmatch(text)
        if match is None or _SETTING.fullmatch(text):
            continue
        user, command = (owner, match[2]) if owner else _parted(match[2])
        yield _job(match[1], user, command, f"{file.path}:{number}")


def _parted(text: str) -> tuple[str, str]:
    user, *rest = text.split(None, 1) or [""]
    return user, rest[0] if rest else ""


def _anacron(file: TextFile) -> Iterator[Record]:
    for number, text in file.lines:
        match = _ANACRON_JOB.fullmatch(text)
        if match and not _SETTING.fullmatch(text):
            yield _job(match[1], "root", match[3], f"{file.path}:{number}")


def _job(schedule: str, user: str, command: str, place: str) -> Record:
    return {
        "job": f"{place.rpartition(':')[0]}: {command[:60]}",
        "user": user,
        "schedule": " ".join(schedule.split()),
        "command": command[:_COMMAND],
        "place": place,
    }


PROBE = ProbeType(
    name="cron",
    via=Via.SSH,
    args=CronArgs,
    doc=Text(
        id="Pekerjaan cron dan anacron dengan akunnya, dan daftar siapa yang boleh memakai cron "
        "dan at",
        en="Jobs of cron and anacron with their accounts, and the lists of who may use cron and at",
    ),
    gives=record(
        "Cron",
        "Cron",
        {
            "jobs": table(
                "Pekerjaan terjadwal",
                "Scheduled jobs",
                "job",
                {
                    "job": leaf(Kind.TEXT, "Pekerjaan", "Job"),
                    "user": leaf(Kind.TEXT, "Akun", "Account"),
                    "schedule": leaf(Kind.TEXT, "Jadwal", "Schedule"),
                    "command": leaf(Kind.TEXT, "Perintah", "Command", may_be_empty=True),
                    "place": leaf(Kind.TEXT, "Tempat", "Place"),
                },
                may_be_empty=True,
            ),
            "cron_allow_exists": leaf(Kind.BOOL, "cron.allow ada", "cron.allow exists"),
            "cron_deny_exists": leaf(Kind.BOOL, "cron.deny ada", "cron.deny exists"),
            "at_allow_exists": leaf(Kind.BOOL, "at.allow ada", "at.allow exists"),
            "at_deny_exists": leaf(Kind.BOOL, "at.deny ada", "at.deny exists"),
            "cron_allow": leaf(Kind.TEXTS, "Boleh memakai cron", "May use cron", may_be_empty=True),
            "cron_deny": leaf(
                Kind.TEXTS, "Tidak boleh memakai cron", "May not use cron", may_be_empty=True
            ),
            "at_allow": leaf(Kind.TEXTS, "Boleh memakai at", "May use at", may_be_empty=True),
            "at_deny": leaf(
                Kind.TEXTS, "Tidak boleh memakai at", "May not use at", may_be_empty=True
            ),
        },
    ),
    reads=_reads,
    parse=_parse,
)
