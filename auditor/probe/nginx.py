"""nginx's configuration: blocks, what they inherit, and what is in effect for each site."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from auditor.model.fact import Json
from auditor.probe.base import Record
from auditor.probe.config_tree import Directive, Tree, grow, included, without_innocence
from auditor.probe.sizes import size
from auditor.probe.texts import TextFile, Texts

_FOLDER = "/etc/nginx"
_MAIN = f"{_FOLDER}/nginx.conf"
RULES = (
    "/etc/nginx/modsec/*.conf",
    "/etc/nginx/modsecurity/*.conf",
    "/etc/modsecurity/*.conf",
)
"""Where the engine of ModSecurity is switched on."""
READS = (
    f"{_FOLDER}/*.conf",
    f"{_FOLDER}/conf.d/*",
    f"{_FOLDER}/conf.d/*/*.conf",
    f"{_FOLDER}/default.d/*.conf",
    f"{_FOLDER}/http.d/*.conf",
    f"{_FOLDER}/modules/*.conf",
    f"{_FOLDER}/modules-enabled/*.conf",
    f"{_FOLDER}/sites-enabled/*",
    f"{_FOLDER}/snippets/*",
    f"{_FOLDER}/vhosts.d/*.conf",
    "/etc/letsencrypt/options-ssl-nginx.conf",
    "/usr/share/nginx/modules/*.conf",
    *RULES,
)
_HARMLESS = re.compile(r"(.*/)?(mime\.types|koi-utf|koi-win|win-utf|\w+_params|fastcgi\.conf)")
"""Shipped lists that say nothing of what is asked."""

_TOKEN = re.compile(
    r'#[^\n]*|"(?:[^"\\]|\\.)*"?|\'(?:[^\'\\]|\\.)*\'?|[{};]'
    r"|(?:\\.|\$\{[^}\s]*\}?|[^\s{};\\])+|\\",
    re.DOTALL,
)
_INHERITED = frozenset(
    ("server_tokens", "autoindex", "access_log", "error_log", "client_max_body_size")
)
_BLOCKS: Mapping[str, str] = {
    "http": "http",
    "server": "server",
    "location": "location",
    "if": "location",
    "limit_except": "location",
}
PANEL = re.compile(
    r"/(phpmyadmin|pma|adminer|wp-admin|wp-login|administrator|webmin|cpanel|phppgadmin)\b",
    re.IGNORECASE,
)
"""Paths at which administrators log in."""
_DEFAULT_BODY = 2**20
INNOCENT: Mapping[str, Json] = {
    "version_shown": False,
    "listings": [],
    "unlogged": [],
    "errors_logged": True,
    "dav": [],
    "status_open": [],
    "panels_open": [],
    "trace": False,
}


class _Context(NamedTuple):
    """A block with what is in effect in it; `label` names its site or path."""

    kind: str
    label: str
    place: str
    own: Mapping[str, list[Directive]]
    effect: Mapping[str, list[Directive]]


def _scan(file: TextFile) -> Iterator[tuple[str, tuple[str, ...], str]]:
    text = "\n".join(line for _, line in file.lines)
    starts = [0]
    for _, line in file.lines:
        starts.append(starts[-1] + len(line) + 1)
    words: list[str] = []
    place = ""
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word in ("{", "}", ";"):
            if words or word == "}":
                yield word, tuple(words), place
            words = []
        elif not word.startswith("#"):
            if not words:
                number = file.lines[bisect_right(starts, match.start()) - 1][0]
                place = f"{file.path}:{number}"
            words.append(word[1:-1] if word[0] in "\"'" else word)


def read_nginx(seen: Texts) -> Tree | None:
    """Return the configuration with its includes, or None where there is none.

    Raises `Unseen` where a file of it could not be read.
    """
    main = seen.file(_MAIN)
    if main is None:
        return None

    def find(directive: Directive) -> tuple[list[TextFile], str] | None:
        if directive.name != "include" or not directive.args:
            return None
        name = directive.args[0]
        if _HARMLESS.fullmatch(name):
            return [], ""
        return included(seen, name if name.startswith("/") else f"{_FOLDER}/{name}", READS)

    return grow(main, _scan, find)


def _contexts(
    directives: Sequence[Directive],
    kind: str,
    label: str,
    place: str,
    inherited: Mapping[str, list[Directive]],
) -> Iterator[_Context]:
    own: dict[str, list[Directive]] = {}
    for one in directives:
        own.setdefault(one.name, []).append(one)
    effect = {**inherited, **{name: own[name] for name in own if name in _INHERITED}}
    if kind == "server":
        label = _site(own)
    yield _Context(kind, label, place, own, effect)
    for one in directives:
        inner = _BLOCKS.get(one.name)
        if inner is not None and one.block is not None:
            name = " ".join((label, *one.args)) if inner == "location" else label
            yield from _contexts(one.block, inner, name.strip(), one.place, effect)


def _site(own: Mapping[str, list[Directive]]) -> str:
    """Name a server block by its first name and what it listens on."""
    names = [arg for one in own.get("server_name", ()) for arg in one.args]
    listens = [one.args[0] for one in own.get("listen", ()) if one.args]
    return " ".join([*names[:1], *listens[:1]]) or "default"


def facts(seen: Texts) -> Record:
    """Return the facts of a `web_server` probe about nginx."""
    tree = read_nginx(seen)
    if tree is None:
        return {"exists": False}
    contexts = list(_contexts(tree.top, "main", "", "", {}))
    sites = [one for one in contexts if one.kind == "server"]
    sites = sites or [one for one in contexts if one.kind == "http"]
    places: dict[str, str] = {}
    found: Record = {
        "exists": True,
        "version_shown": _version_shown(contexts, sites, places),
        "listings": _rows(contexts, "autoindex", ("on",)),
        "unlogged": [
            {"site": one.label, "place": _place(one, "access_log")}
            for one in sites
            if not _is_logged(one)
        ],
        "errors_logged": _errors_logged(contexts, places),
        "rate_limited": _first(contexts, "limit_req", places, "rate_limited") is not None,
        "waf": _waf(seen, contexts, places),
        "body_limit": _body_limit(contexts, sites, places),
        "trace": False,
        "user": _user(tree, places),
        "dav": _dav(contexts),
        "status_open": _status_open(contexts),
        "panels_open": _panels_open(contexts),
        "places": places,
    }
    return without_innocence(found, INNOCENT, tree.unread)


def _value(context: _Context, name: str) -> str:
    directives = context.effect.get(name)
    return directives[-1].args[0] if directives and directives[-1].args else ""


def _place(context: _Context, name: str) -> str:
    directives = context.effect.get(name)
    return directives[-1].place if directives else "default"


def _parts(contexts: Sequence[_Context], name: str) -> list[_Context]:
    """Return the parts of sites that say themselves what holds in them."""
    return [one for one in contexts if one.kind == "location" and name in one.own]


def _version_shown(
    contexts: Sequence[_Context], sites: Sequence[_Context], places: dict[str, str]
) -> bool:
    """Tell whether a site, or a part of one that says so itself, tells nginx's version."""
    judged = [*sites, *_parts(contexts, "server_tokens")]
    for one in sites:
        places.setdefault("version_shown", _place(one, "server_tokens"))
    for one in judged:
        if _value(one, "server_tokens") not in ("off", '""', ""):
            places["version_shown"] = _place(one, "server_tokens")
            return True
    loose = [one for one in sites if "server_tokens" not in one.effect]
    if loose:
        places["version_shown"] = "default"
    return bool(loose)


def _rows(contexts: Sequence[_Context], name: str, bad: Sequence[str]) -> list[Record]:
    return [
        {"site": one.label or one.kind, "place": directive.place}
        for one in contexts
        for directive in one.own.get(name, ())[-1:]
        if directive.args and directive.args[0] in bad
    ]


def _is_logged(site: _Context) -> bool:
    """Tell whether a site's requests are logged; nginx logs to its own folder by default."""
    logs = site.effect.get("access_log")
    return logs is None or any(one.args and one.args[0] not in ("off", "/dev/null") for one in logs)


def _errors_logged(contexts: Sequence[_Context], places: dict[str, str]) -> bool:
    places["errors_logged"] = "default"
    for one in contexts:
        for directive in one.own.get("error_log", ()):
            places["errors_logged"] = directive.place
            if directive.args[:1] in (("/dev/null",), ("off",)):
                return False
    return True


def _first(
    contexts: Sequence[_Context], name: str, places: dict[str, str], fact: str
) -> Directive | None:
    for one in contexts:
        for directive in one.own.get(name, ()):
            places[fact] = directive.place
            return directive
    return None


def _waf(seen: Texts, contexts: Sequence[_Context], places: dict[str, str]) -> str:
    """Return on, detection or off: ModSecurity must be switched on, and its engine too."""
    switch = _first(contexts, "modsecurity", places, "waf")
    if switch is None or switch.args[:1] != ("on",):
        return "off"
    engine = "off"
    for pattern in RULES:
        for file in seen.glob(pattern):
            for number, line in file.lines:
                words = line.split()
                if words[0].lower() == "secruleengine" and words[1:]:
                    engine = engine_of(words[1])
                    places["waf"] = f"{file.path}:{number}"
    return engine


def engine_of(word: str) -> str:
    """Return on, detection or off for a value of SecRuleEngine."""
    return {"on": "on", "detectiononly": "detection"}.get(word.strip("\"'").lower(), "off")


def _body_limit(
    contexts: Sequence[_Context], sites: Sequence[_Context], places: dict[str, str]
) -> int:
    """Return the largest limit in bytes that is in effect anywhere; 0 is none at all."""
    limits = [
        (size(_value(one, "client_max_body_size")), _place(one, "client_max_body_size"))
        for one in (*sites, *_parts(contexts, "client_max_body_size"))
    ]
    known = [(_DEFAULT_BODY if limit is None else limit, place) for limit, place in limits]
    worst = max(known or [(_DEFAULT_BODY, "default")], key=lambda one: (one[0] == 0, one[0]))
    places["body_limit"] = worst[1]
    return worst[0]


def _user(tree: Tree, places: dict[str, str]) -> str:
    for one in tree.top:
        if one.name == "user" and one.args:
            places["user"] = one.place
            return one.args[0]
    places["user"] = "default"
    return "nobody"


def _dav(contexts: Sequence[_Context]) -> list[Record]:
    return [
        {"site": one.label, "place": directive.place}
        for one in contexts
        for directive in one.own.get("dav_methods", ())
        if directive.args and directive.args[0] != "off"
    ]


def _status_open(contexts: Sequence[_Context]) -> list[Record]:
    """Return the status pages that nothing keeps to some addresses or accounts."""
    return [
        {"site": one.label, "place": one.own["stub_status"][-1].place}
        for one in contexts
        if "stub_status" in one.own and not _is_closed(one)
    ]


def _is_closed(context: _Context) -> bool:
    """Tell whether a block keeps itself to some addresses or accounts."""
    denied = any(rule.args[:1] == ("all",) for rule in context.own.get("deny", ()))
    return denied or any(name in context.own for name in ("auth_basic", "auth_request"))


def _panels_open(contexts: Sequence[_Context]) -> list[Record]:
    """Return the locations of administrators' pages that anyone may open."""
    return [
        {"site": one.label, "place": one.place}
        for one in contexts
        if one.kind == "location" and PANEL.search(one.label) and not _is_closed(one)
    ]
