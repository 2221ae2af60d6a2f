"""What lies in the folders of web sites that should not: shells, dumps, secrets, foreign words."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from auditor.model.base import Text
from auditor.model.fact import GAP, Field, Kind, Why
from auditor.probe import web_root_script as script
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via, answer
from auditor.probe.fields import leaf, record, table


class WebRootArgs(Args, frozen=True):
    """Takes no arguments: roots are read from nginx and Apache, and usual ones are known."""


_KEY = "web_root"
SECTION = Section(
    key=_KEY,
    text=script.TEXT,
    shown="find -H ROOTS -type f -printf '%y %s %m %u %p\\n'  # and an awk over PHP, .htaccess",
    root=True,
    limit=2**20,
    walk=True,
)

_SUBJECTS: Mapping[str, str] = {
    "shell": "shells",
    "upload": "uploaded_code",
    "disguised": "disguised",
    "override": "overrides",
    "secret": "secrets",
    "repository": "repositories",
    "dump": "dumps",
    "info": "info_pages",
    "open": "open",
    "gambling": "gambling",
}
_SERVED = frozenset(("repositories", "dumps", "info_pages"))
"""Matter only where visitors can reach them: in a root, not in the folder above it."""
_READ = frozenset(("shells", "overrides", "info_pages", "gambling"))
"""Are found in the text of files: a file that was not read may hide one."""
_FIELDS = 5


class _Told(NamedTuple):
    """The answer, line by line."""

    configured: list[str]
    usual: list[str]
    broad: list[str]
    hits: dict[str, dict[tuple[str, str], Record]]
    totals: dict[str, int]
    elsewhere: list[str]
    unread: list[str]
    status: str


def _read(text: str) -> _Told:
    told = _Told([], [], [], {name: {} for name in _SUBJECTS.values()}, {}, [], [], "")
    lists = {
        "root": told.configured,
        "usual": told.usual,
        "broad": told.broad,
        "elsewhere": told.elsewhere,
        "unread": told.unread,
    }
    status = "0"
    for line in text.split("\n"):
        mark, _, rest = line.partition("\t")
        subject, _, sign = mark.partition(" ")
        parts = line.split("\t", _FIELDS - 1)
        if mark in lists:
            lists[mark].append(parts[-1])
        elif subject in _SUBJECTS and len(parts) == _FIELDS:
            row = _row(parts, sign or subject)
            told.hits[_SUBJECTS[subject]].setdefault((row["path"], row["sign"]), row)
        elif mark[:1] == "=" and mark[1:].isdecimal():
            told.totals[rest] = int(mark[1:10])
        elif mark == "!budget":
            told.unread.append("more files than are read in one visit")
        elif mark[:1] == "#":
            status = mark[1:]
    return told._replace(status=status)


def _row(parts: Sequence[str], sign: str) -> Record:
    _, line, mode, owner, path = parts
    found: Record = {"path": path, "sign": sign, "owner": owner}
    if mode.isdecimal() and mode.isascii():
        found["mode"] = mode.zfill(4)[-4:]
    found["place"] = f"{path}:{line}" if line not in ("0", "") else path
    return found


def _is_served(path: str, told: _Told) -> bool:
    """Tell whether visitors can reach it: it lies in a root, or in a usual one that holds none."""
    if any(_below(path, root) for root in told.configured):
        return True
    alone = [one for one in told.usual if not any(_below(root, one) for root in told.configured)]
    return any(_below(path, root) for root in alone)


def _below(path: str, root: str) -> bool:
    return f"{path}/".startswith(f"{root.rstrip('/')}/")


def _parse(_args: WebRootArgs, frames: Frames) -> Record:
    told = _read(answer(frames, _KEY))
    roots = dict.fromkeys([*told.configured, *told.usual])
    found: Record = {
        "roots": [{"path": root, "configured": root in told.configured} for root in roots],
        "broad": told.broad,
    }
    gap = _gap(told, walked=bool(roots))
    for mark, name in _SUBJECTS.items():
        rows = sorted(told.hits[name].values(), key=lambda row: (row["path"], row["sign"]))
        if name in _SERVED:
            rows = [row for row in rows if _is_served(row["path"], told)]
        capped = any(n > script.MOST for key, n in told.totals.items() if key.split()[0] == mark)
        hidden = gap or capped or (name in _READ and told.unread)
        if rows or not hidden:
            found[name] = rows
    if not gap or "own" in told.totals:
        found["writable_code"] = told.totals.get("own", 0)
    if len(found) < len(_SUBJECTS) + 3:
        found[GAP] = gap or _hidden(told)
    return found


def _gap(told: _Told, *, walked: bool) -> Record | None:
    """Say why an empty list does not mean that there is nothing; None: it does."""
    if walked and ("scanned" not in told.totals or told.status == "124"):
        detail = f"the walk of the web roots took longer than {script.SECONDS} s"
        return {"why": Why.TIMEOUT, "detail": detail}
    if told.status != "0":
        return {"why": Why.UNREADABLE, "detail": "find could not read every folder"}
    if told.elsewhere:
        detail = f"{told.elsewhere[0]} lies on another machine and was not walked"
        return {"why": Why.UNREADABLE, "detail": detail}
    return None


def _hidden(told: _Told) -> Record:
    if told.unread:
        return {"why": Why.CUT, "detail": f"{told.unread[0]} was not read"}
    return {"why": Why.CUT, "detail": f"only the first {script.MOST} of a kind are named"}


def _files(id_: str, en: str) -> Field:
    return table(
        id_,
        en,
        ("path", "sign"),
        {
            "path": leaf(Kind.TEXT, "Berkas", "File"),
            "sign": leaf(Kind.TEXT, "Tanda", "Sign"),
            "mode": leaf(Kind.MODE, "Izin", "Mode"),
            "owner": leaf(Kind.TEXT, "Pemilik", "Owner"),
            "place": leaf(Kind.TEXT, "Letak", "Place"),
        },
        may_be_empty=True,
    )


PROBE = ProbeType(
    name="web_root",
    via=Via.SSH,
    args=WebRootArgs,
    doc=Text(
        id="Tanda webshell, kode di folder unggahan, akal-akalan .htaccess, rahasia, cadangan, "
        "repositori dan kata judi di folder situs; hanya letak dan tandanya yang dibawa keluar",
        en="Signs of webshells, code in upload folders, .htaccess tricks, secrets, dumps, "
        "repositories and gambling words in the folders of sites; only places and signs leave",
    ),
    gives=record(
        "Folder situs",
        "Web roots",
        {
            "roots": table(
                "Folder situs",
                "Web roots",
                "path",
                {
                    "path": leaf(Kind.TEXT, "Folder", "Folder"),
                    "configured": leaf(Kind.BOOL, "Ada di konfigurasi", "Is configured"),
                },
                may_be_empty=True,
            ),
            "broad": leaf(
                Kind.TEXTS,
                "Folder sistem yang disajikan",
                "System folders served",
                may_be_empty=True,
            ),
            "shells": _files("Tanda webshell", "Signs of webshells"),
            "uploaded_code": _files("Kode di folder unggahan", "Code in upload folders"),
            "disguised": _files("Berkas berekstensi ganda", "Files with two extensions"),
            "overrides": _files("Akal-akalan .htaccess/.user.ini", ".htaccess/.user.ini tricks"),
            "secrets": _files("Rahasia terbaca semua akun", "Secrets that all may read"),
            "repositories": _files("Repositori di folder situs", "Repositories in a root"),
            "dumps": _files("Cadangan di folder situs", "Dumps and backups in a root"),
            "info_pages": _files("Halaman phpinfo", "phpinfo pages"),
            "open": _files("Dapat ditulis semua akun", "Writable by anyone"),
            "gambling": _files("Kata judi", "Gambling words"),
            "writable_code": leaf(
                Kind.INT, "Berkas kode milik akun web", "Code that the web account may change"
            ),
        },
    ),
    sections=lambda _args: (SECTION,),
    parse=_parse,
)
