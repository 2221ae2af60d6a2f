"""What Apache is told to do over all its sites: the facts of the probe `web_server`."""

from collections.abc import Mapping, Sequence
from posixpath import normpath
from typing import NamedTuple

from auditor.model.fact import Json, Why
from auditor.probe import nginx
from auditor.probe.apache import RULES, Section, filled, flat, modules_of, read_apache
from auditor.probe.base import Record, Unseen
from auditor.probe.config_tree import without_innocence
from auditor.probe.nginx import PANEL, engine_of
from auditor.probe.sizes import size
from auditor.probe.texts import Texts

_UNLIMITED, _DEFAULT_BODY = 0, 2**30
"""Apache's default since 2.4.54; before, there was no limit."""
_MOST = 1_000_000
"""Roots times Options lines; real servers stay below 10,000."""
INNOCENT: Mapping[str, Json] = {**nginx.INNOCENT, "signature": False}


def facts(seen: Texts) -> Record:
    """Return the facts of a `web_server` probe about Apache."""
    read = read_apache(seen)
    if read is None:
        return {"exists": False}
    tree, variables = read
    modules = modules_of(tree.top)
    all_ = list(flat(tree.top, modules, variables))
    places: dict[str, str] = {}
    tokens = _setting(all_, "servertokens", "Full", "version_shown", places)
    limited = sorted(modules & {"evasive20", "evasive", "qos"})
    found: Record = {
        "exists": True,
        "version_shown": tokens.lower() not in ("prod", "productonly"),
        "signature": _anywhere(all_, "serversignature", ("on", "email"), "signature", places),
        "listings": _listings(all_, variables) if "autoindex" in modules else [],
        "unlogged": _unlogged(all_),
        "errors_logged": not _anywhere(all_, "errorlog", ("/dev/null",), "errors_logged", places),
        "rate_limited": bool(limited),
        "waf": _waf(seen, all_, modules, places),
        "body_limit": _body_limit(all_, places),
        "trace": _trace(all_, places),
        "user": filled(_setting(all_, "user", "daemon", "user", places), variables),
        "dav": _dav(all_) if {"dav", "dav_fs", "dav_svn"} & modules else [],
        "status_open": _status_open(all_),
        "panels_open": _panels_open(all_),
        "places": places,
    }
    unknown = _unknown(all_, variables)
    if "${" in found["user"]:
        del found["user"]
    return without_innocence(found, INNOCENT, [*tree.unread, *unknown])


def _unknown(all_: Sequence[Section], variables: Mapping[str, str]) -> list[str]:
    """Return the folders and accounts that hold a variable which no file read sets."""
    named = [
        filled(one.directive.args[0], variables)
        for one in all_
        if one.directive.name in ("documentroot", "user") and one.directive.args
    ]
    return [name for name in named if "${" in name]


def _setting(
    all_: Sequence[Section], name: str, default: str, fact: str, places: dict[str, str]
) -> str:
    """Return the last word of the whole server on a setting, and where it stands."""
    value, places[fact] = default, "default"
    for one in all_:
        if one.directive.name == name and one.directive.args and not one.within:
            value, places[fact] = one.directive.args[0], one.directive.place
    return value


def _anywhere(
    all_: Sequence[Section], name: str, bad: Sequence[str], fact: str, places: dict[str, str]
) -> bool:
    """Tell whether a setting is bad in some section, the last word in each counting."""
    last = {one.path: one.directive for one in all_ if one.directive.name == name}
    places[fact] = "default"
    for directive in last.values():
        places[fact] = directive.place
        if directive.args and directive.args[0].lower() in bad:
            return True
    return False


def _trace(all_: Sequence[Section], places: dict[str, str]) -> bool:
    """Tell whether TRACE is answered; it is by default."""
    value = _setting(all_, "traceenable", "on", "trace", places)
    if value.lower() != "off":
        return True
    return _anywhere(all_, "traceenable", ("on", "extended"), "trace", places)


def _options(args: Sequence[str], *, on: bool) -> bool:
    """Return whether folders are listed after one Options line, `on` being so before it."""
    words = [arg.lower() for arg in args]
    if not any(word[:1] in ("+", "-") for word in words):
        return not {"indexes", "all"}.isdisjoint(words)
    for word in words:
        if word in ("+indexes", "+all"):
            on = True
        elif word in ("-indexes", "-all"):
            on = False
    return on


class _Folder(NamedTuple):
    """An Options line of a section; `path` is "" outside of all."""

    kind: str
    path: str
    args: tuple[str, ...]
    place: str


def _folder_line(one: Section, variables: Mapping[str, str]) -> _Folder:
    inner = next((w for w in reversed(one.within) if w.name != "virtualhost"), None)
    path = _path(filled(inner.args[-1], variables)) if inner and inner.args else ""
    kind = inner.name if inner else "directory"
    return _Folder(kind, path, one.directive.args, one.directive.place)


def _listings(all_: Sequence[Section], variables: Mapping[str, str]) -> list[Record]:
    """Return the roots of sites, and folders below them, whose content is listed."""
    lines = [_folder_line(one, variables) for one in all_ if one.directive.name == "options"]
    roots = {
        _path(filled(one.directive.args[0], variables)): None
        for one in all_
        if one.directive.name == "documentroot" and one.directive.args
    }
    if len(roots) * len(lines) > _MOST:
        raise Unseen(Why.CUT, "Apache has too many folders with options")
    same: dict[tuple[str, str], list[_Folder]] = {}
    for line in lines:
        same.setdefault(line[:2], []).append(line)
    rows: dict[str, Record] = {}
    for root in roots:
        above = [line for line in lines if line.kind == "directory" and _in(root, line.path)]
        _add(rows, root, sorted(above, key=lambda line: len(line.path)))
    for (kind, path), mine in same.items():
        inside = any(_in(path, root) for root in roots) or not roots
        if path and (kind != "directory" or inside):
            _add(rows, path, mine)
    return list(rows.values())


def _add(rows: dict[str, Record], path: str, lines: Sequence[_Folder]) -> None:
    on, place = False, ""
    for line in lines:
        now = _options(line.args, on=on)
        on, place = now, line.place if now else place
    if on:
        rows.setdefault(path, {"site": path, "place": place})


def _path(text: str) -> str:
    return normpath(text) if text.startswith("/") else text


def _in(path: str, folder: str) -> bool:
    """Tell whether a path is a folder or lies in it; "" holds all."""
    return f"{path}/".startswith(f"{folder.rstrip('/')}/")


def _unlogged(all_: Sequence[Section]) -> list[Record]:
    logs = [
        one
        for one in all_
        if one.directive.name in ("customlog", "transferlog", "globallog")
        and one.directive.args[:1] not in ((), ("/dev/null",))
    ]
    own = {one.site for one in all_ if one.directive.name in ("customlog", "transferlog")}
    kept = {one.site for one in logs}
    sites = [one.directive for one in all_ if one.directive.name == "virtualhost"]
    rows = [
        {"site": " ".join(site.args), "place": site.place}
        for site in sites
        if site.place not in kept and (site.place in own or None not in kept)
    ]
    return rows if sites or None in kept else [{"site": "server", "place": "default"}]


def _waf(
    seen: Texts,
    all_: Sequence[Section],
    modules: frozenset[str],
    places: dict[str, str],
) -> str:
    if "security2" not in modules:
        return "off"
    engine = "off"
    for pattern in RULES:
        for file in seen.glob(pattern):
            for number, line in file.lines:
                words = line.split()
                if words[0].lower() == "secruleengine" and words[1:]:
                    engine, places["waf"] = engine_of(words[1]), f"{file.path}:{number}"
    for one in all_:
        if one.directive.name == "secruleengine" and one.directive.args:
            engine, places["waf"] = engine_of(one.directive.args[0]), one.directive.place
    return engine


def _body_limit(all_: Sequence[Section], places: dict[str, str]) -> int:
    """Return the largest limit in bytes in any section; 0 is none at all."""
    limits = {
        one.path: (size(one.directive.args[0]), one.directive.place)
        for one in all_
        if one.directive.name == "limitrequestbody" and one.directive.args
    }
    limits.setdefault((), (_DEFAULT_BODY, "default"))
    known = [(_UNLIMITED if limit is None else limit, place) for limit, place in limits.values()]
    worst = max(known, key=lambda one: (one[0] == _UNLIMITED, one[0]))
    places["body_limit"] = worst[1]
    return worst[0]


def _dav(all_: Sequence[Section]) -> list[Record]:
    return [
        {
            "site": " ".join(one.within[-1].args) if one.within else "server",
            "place": one.directive.place,
        }
        for one in all_
        if one.directive.name == "dav" and one.directive.args[:1] not in ((), ("off",), ("Off",))
    ]


def _rules(all_: Sequence[Section]) -> Mapping[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the words of every Require by each section that it stands in."""
    found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for one in all_:
        if one.directive.name == "require":
            for depth in range(len(one.path) + 1):
                found.setdefault(one.path[:depth], []).append(one.directive.args)
    return found


def _panels_open(all_: Sequence[Section]) -> list[Record]:
    """Return administrators' pages that no section of theirs keeps to addresses or accounts."""
    rules = _rules(all_)
    closed: set[str] = set()
    named: dict[str, str] = {}
    for one in all_:
        directive = one.directive
        words = " ".join(directive.args).lower()
        match = PANEL.search(f"/{words}")
        if match is None:
            continue
        if directive.name in ("alias", "scriptalias", "location", "directory"):
            named.setdefault(match[1].lower(), directive.place)
        inside = rules.get((*one.path, directive.place), [])
        if directive.block is not None and inside and ("all", "granted") not in inside:
            closed.add(match[1].lower())
    return [
        {"site": f"/{name}", "place": place} for name, place in named.items() if name not in closed
    ]


def _status_open(all_: Sequence[Section]) -> list[Record]:
    """Return the status pages that no Require keeps to some addresses or accounts."""
    rules = _rules(all_)
    rows = []
    for one in all_:
        is_status = one.directive.name == "sethandler" and one.directive.args[:1] in (
            ("server-status",),
            ("server-info",),
        )
        if is_status and ("all", "granted") in rules.get(one.path, [("all", "granted")]):
            label = " ".join(one.within[-1].args) if one.within else "server"
            rows.append({"site": label, "place": one.directive.place})
    return rows
