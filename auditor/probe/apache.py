"""Apache's configuration: sections, conditions, includes, and what is in effect for each site."""

import re
from collections.abc import Iterator, Mapping, Sequence
from posixpath import normpath
from typing import NamedTuple

from auditor.model.fact import Json, Why
from auditor.probe.base import Record, Unseen
from auditor.probe.config_tree import Directive, Tree, grow, included, without_innocence
from auditor.probe.nginx import engine_of
from auditor.probe.sizes import size
from auditor.probe.texts import TextFile, Texts

_MAINS = (
    "/etc/apache2/apache2.conf",
    "/etc/httpd/conf/httpd.conf",
    "/etc/apache2/httpd.conf",
    "/opt/lampp/etc/httpd.conf",
)
_ENVVARS = "/etc/apache2/envvars"
_RULES = ("/etc/modsecurity/*.conf", "/etc/httpd/modsecurity.d/*.conf")
READS = (
    *_MAINS,
    _ENVVARS,
    "/etc/apache2/*.conf",
    "/etc/apache2/conf.d/*",
    "/etc/apache2/conf-enabled/*",
    "/etc/apache2/mods-enabled/*",
    "/etc/apache2/sites-enabled/*",
    "/etc/apache2/vhosts.d/*.conf",
    "/etc/httpd/conf.d/*.conf",
    "/etc/httpd/conf.modules.d/*.conf",
    "/etc/httpd/sites-enabled/*",
    "/etc/letsencrypt/options-ssl-apache.conf",
    "/opt/lampp/etc/extra/*.conf",
    *_RULES,
)
_HARMLESS = re.compile(r".*(/modsecurity-crs/|/crs/|coreruleset|\.load$|/mime\.types$|/magic$).*")
"""Rules of a web application firewall, and what loads modules of Debian's own packages."""

_WORD = re.compile(r'"(?:[^"\\]|\\.)*"?|\'(?:[^\'\\]|\\.)*\'?|[^\s]+')
_VARIABLE = re.compile(r"\$\{(\w{1,100})\}")
_EXPORT = re.compile(r"\s*(?:export\s+)?(\w{1,100})=(\S*)")
_BUILT_IN = frozenset(
    ("core", "so", "http", "http_core", "log_config", "logio", "version", "unixd", "watchdog")
)
_UNLIMITED, _DEFAULT_BODY = 0, 2**30
"""Apache's default since 2.4.54; before, there was no limit."""
_MOST = 1_000_000
"""Roots times Options lines; real servers stay below 10,000."""
INNOCENT: Mapping[str, Json] = {
    "version_shown": False,
    "signature": False,
    "listings": [],
    "unlogged": [],
    "errors_logged": True,
    "dav": [],
    "status_open": [],
    "trace": False,
}


class _Section(NamedTuple):
    """A directive with the sections that it stands in, outermost first."""

    directive: Directive
    within: tuple[Directive, ...]

    @property
    def site(self) -> str | None:
        """The place of the virtual host that it belongs to."""
        return next((one.place for one in self.within if one.name == "virtualhost"), None)

    @property
    def path(self) -> tuple[str, ...]:
        """The places of the sections, which tell them apart."""
        return tuple(one.place for one in self.within)


def _scan(file: TextFile) -> Iterator[tuple[str, tuple[str, ...], str]]:
    held, began = "", 0
    for number, line in file.lines:
        began = began if held else number
        if line.endswith("\\"):
            held += f"{line[:-1]} "
            continue
        text, held = (held + line).strip(), ""
        place = f"{file.path}:{began}"
        if text.startswith("</"):
            yield "}", (), place
        elif words := [_bare(word) for word in _WORD.findall(text.removeprefix("<"))]:
            is_section = text.startswith("<")
            if is_section:
                words[-1] = words[-1].removesuffix(">").rstrip("\"' ")
            yield "{" if is_section else ";", (words[0].lower(), *words[1:]), place


def _bare(word: str) -> str:
    return word.strip("\"'") if word[0] in "\"'" else word


def read_apache(seen: Texts) -> tuple[Tree, Mapping[str, str]] | None:
    """Return the configuration and its variables, or None where there is none."""
    main = next((file for path in _MAINS if (file := seen.file(path))), None)
    if main is None:
        return None
    variables = _variables(seen.file(_ENVVARS))
    root = ["/etc/httpd" if main.path.startswith("/etc/httpd") else _folder(main.path)]

    def find(directive: Directive) -> tuple[list[TextFile], str] | None:
        if directive.name == "serverroot" and directive.args:
            root[0] = _filled(directive.args[0], variables)
        if directive.name == "define" and directive.args:
            variables[directive.args[0]] = directive.args[1] if directive.args[1:] else ""
        if directive.name not in ("include", "includeoptional") or not directive.args:
            return None
        name = _filled(directive.args[0], variables)
        path = name if name.startswith("/") else f"{root[0]}/{name}"
        files, outside = _of_folder(seen, path)
        return files, "" if _HARMLESS.fullmatch(outside) else outside

    return grow(main, _scan, find), variables


def _of_folder(seen: Texts, path: str) -> tuple[list[TextFile], str]:
    """An include may name a folder: then it means all that is in it."""
    files, outside = included(seen, path.rstrip("/"), READS)
    names_file = not path.endswith("/") and "." in path.rpartition("/")[2]
    if files or (names_file and not outside):
        return files, ""
    inside, beyond = included(seen, f"{path.rstrip('/')}/*", READS)
    return (inside, "") if inside else ([], outside and beyond and path)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _variables(file: TextFile | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for _, line in file.lines if file else ():
        if match := _EXPORT.match(line):
            found[match[1]] = match[2].strip("\"'").replace("$SUFFIX", "")
    return found


def _filled(text: str, variables: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda match: variables.get(match[1], match[0]), text)


def _module(name: str) -> str:
    return name.removeprefix("mod_").removesuffix(".c").removesuffix("_module")


def _modules(directives: Sequence[Directive]) -> frozenset[str]:
    found = set(_BUILT_IN)
    for one in directives:
        if one.name == "loadmodule" and one.args:
            found.add(_module(one.args[0]))
        if one.block is not None:
            found |= _modules(one.block)
    return frozenset(found)


def _holds(one: Directive, modules: frozenset[str], variables: Mapping[str, str]) -> bool:
    """Tell whether a conditional section counts; a condition that is not known does."""
    name = one.args[0] if one.args else ""
    wanted = not name.startswith("!")
    name = name.removeprefix("!")
    if one.name == "ifmodule":
        return (_module(name) in modules) is wanted
    if one.name == "ifdefine":
        return (name in variables) is wanted
    return True


_CONDITIONS = ("ifmodule", "ifdefine", "ifversion", "ifdirective", "ifsection", "iffile")


def _flat(
    directives: Sequence[Directive],
    modules: frozenset[str],
    variables: Mapping[str, str],
    within: tuple[Directive, ...] = (),
) -> Iterator[_Section]:
    for one in directives:
        if one.block is None:
            yield _Section(one, within)
        elif one.name in _CONDITIONS:
            if _holds(one, modules, variables):
                yield from _flat(one.block, modules, variables, within)
        else:
            yield _Section(one, within)
            yield from _flat(one.block, modules, variables, (*within, one))


def facts(seen: Texts) -> Record:
    """Return the facts of a `web_server` probe about Apache."""
    read = read_apache(seen)
    if read is None:
        return {"exists": False}
    tree, variables = read
    modules = _modules(tree.top)
    all_ = list(_flat(tree.top, modules, variables))
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
        "user": _filled(_setting(all_, "user", "daemon", "user", places), variables),
        "dav": _dav(all_) if {"dav", "dav_fs", "dav_svn"} & modules else [],
        "status_open": _status_open(all_),
        "places": places,
    }
    unknown = _unknown(all_, variables)
    if "${" in found["user"]:
        del found["user"]
    return without_innocence(found, INNOCENT, [*tree.unread, *unknown])


def _unknown(all_: Sequence[_Section], variables: Mapping[str, str]) -> list[str]:
    """Return the folders and accounts that hold a variable which no file read sets."""
    named = [
        _filled(one.directive.args[0], variables)
        for one in all_
        if one.directive.name in ("documentroot", "user") and one.directive.args
    ]
    return [name for name in named if "${" in name]


def _setting(
    all_: Sequence[_Section], name: str, default: str, fact: str, places: dict[str, str]
) -> str:
    """Return the last word of the whole server on a setting, and where it stands."""
    value, places[fact] = default, "default"
    for one in all_:
        if one.directive.name == name and one.directive.args and not one.within:
            value, places[fact] = one.directive.args[0], one.directive.place
    return value


def _anywhere(
    all_: Sequence[_Section], name: str, bad: Sequence[str], fact: str, places: dict[str, str]
) -> bool:
    """Tell whether a setting is bad in some section, the last word in each counting."""
    last = {one.path: one.directive for one in all_ if one.directive.name == name}
    places[fact] = "default"
    for directive in last.values():
        places[fact] = directive.place
        if directive.args and directive.args[0].lower() in bad:
            return True
    return False


def _trace(all_: Sequence[_Section], places: dict[str, str]) -> bool:
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


def _folder_line(one: _Section, variables: Mapping[str, str]) -> _Folder:
    inner = next((w for w in reversed(one.within) if w.name != "virtualhost"), None)
    path = _path(_filled(inner.args[-1], variables)) if inner and inner.args else ""
    kind = inner.name if inner else "directory"
    return _Folder(kind, path, one.directive.args, one.directive.place)


def _listings(all_: Sequence[_Section], variables: Mapping[str, str]) -> list[Record]:
    """Return the roots of sites, and folders below them, whose content is listed."""
    lines = [_folder_line(one, variables) for one in all_ if one.directive.name == "options"]
    roots = {
        _path(_filled(one.directive.args[0], variables)): None
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


def _unlogged(all_: Sequence[_Section]) -> list[Record]:
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
    all_: Sequence[_Section],
    modules: frozenset[str],
    places: dict[str, str],
) -> str:
    if "security2" not in modules:
        return "off"
    engine = "off"
    for pattern in _RULES:
        for file in seen.glob(pattern):
            for number, line in file.lines:
                words = line.split()
                if words[0].lower() == "secruleengine" and words[1:]:
                    engine, places["waf"] = engine_of(words[1]), f"{file.path}:{number}"
    for one in all_:
        if one.directive.name == "secruleengine" and one.directive.args:
            engine, places["waf"] = engine_of(one.directive.args[0]), one.directive.place
    return engine


def _body_limit(all_: Sequence[_Section], places: dict[str, str]) -> int:
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


def _dav(all_: Sequence[_Section]) -> list[Record]:
    return [
        {
            "site": " ".join(one.within[-1].args) if one.within else "server",
            "place": one.directive.place,
        }
        for one in all_
        if one.directive.name == "dav" and one.directive.args[:1] not in ((), ("off",), ("Off",))
    ]


def _status_open(all_: Sequence[_Section]) -> list[Record]:
    """Return the status pages that no Require keeps to some addresses or accounts."""
    rules: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for one in all_:
        if one.directive.name == "require":
            for depth in range(len(one.path) + 1):
                rules.setdefault(one.path[:depth], []).append(one.directive.args)
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
