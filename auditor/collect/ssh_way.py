"""How ssh_config says to reach one host, as values: what it says of anything else is left alone.

It can never loosen a check: whatever StrictHostKeyChecking says, host keys are compared.
"""

import getpass
import os
import re
import socket
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from auditor.collect.ssh_config import Misconfigured, Option, Options, expand, options_for

_REFUSED = {
    "proxycommand": "the auditor runs no command: write ProxyJump, or jump in the inventory",
    "canonicalizehostname": "names are not looked up to be changed: write the whole name",
    "revokedhostkeys": "this list is not read: write @revoked lines into known_hosts",
}
_LISTS = ("hostkeyalgorithms", "ciphers", "macs", "kexalgorithms")
_ENVIRONMENT = re.compile(r"\$\{([^}]*)\}")
_PORT_LIMIT = 65_535
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of one host; None or nothing where nothing is. Times are seconds."""

    hostname: str
    hostname_place: str = ""
    user: str | None = None
    port: int | None = None
    alias: str | None = None
    keys: tuple[Path, ...] = ()
    only_these_keys: bool = False
    agent: bool = True
    password: bool = True
    jump: str | None = None
    jump_place: str = ""
    known_hosts: tuple[Path, ...] = ()
    connect_timeout: float | None = None
    keepalive: float | None = None
    bind: str | None = None
    compression: bool = True
    """Not ssh's own default: an answer is text, and packs to a quarter."""
    algorithms: Mapping[str, Option] = {}
    """hostkeyalgorithms, ciphers, macs, kexalgorithms → the list as it is written."""


def way_to(
    host: str, files: Iterable[Path], *, user: str | None, port: int | None, direct: bool
) -> Way:
    """Ask the files about a host; raises `Misconfigured`.

    `user` and `port` are those that are settled already; `direct`: so is the way there.
    """
    options = options_for(host, tuple(files), user=user)
    _refuse(options, direct=direct)
    tokens = _tokens(host, options, user=user, port=port)
    proxy = None if direct else options.get("proxy")
    jump = expand(proxy, proxy.word, tokens) if proxy and not _is_none(proxy) else None
    alias = options.get("hostkeyalias")
    hostname = options.get("hostname")
    bind = options.get("bindaddress")
    return Way(
        hostname=tokens["h"],
        hostname_place=hostname.place if hostname else "",
        user=_word(options, "user"),
        port=_number(options, "port", 1, _PORT_LIMIT),
        alias=alias.word.lower() if alias else None,
        keys=_paths(options, "identityfile", tokens),
        only_these_keys=_is_yes(options, "identitiesonly"),
        agent=not ("identityagent" in options and _is_none(options["identityagent"])),
        password=not _is_no(options, "passwordauthentication"),
        compression=not _is_no(options, "compression"),
        jump=jump,
        jump_place=proxy.place if proxy else "",
        known_hosts=_paths(options, "userknownhostsfile", tokens)
        + _paths(options, "globalknownhostsfile", tokens),
        connect_timeout=_seconds(options, "connecttimeout"),
        keepalive=_seconds(options, "serveraliveinterval"),
        bind=bind.word if bind else None,
        algorithms={name: options[name] for name in _LISTS if name in options},
    )


def chosen(option: Option | None, known: tuple[str, ...]) -> tuple[str, ...]:
    """Apply an algorithm list of ssh_config to the names known here, which are in their order."""
    if option is None:
        return known
    sign, names = option.word[:1], option.word.lstrip("+-^").split(",")
    named = tuple(dict.fromkeys(k for name in names for k in known if fnmatchcase(k, name.strip())))
    rest = tuple(name for name in known if name not in named)
    found = {"+": known, "-": rest, "^": named + rest}.get(sign, named)
    if not found:
        raise Misconfigured(f"{option.place}: no algorithm of {option.keyword} is known here")
    return found


def _refuse(options: Options, *, direct: bool) -> None:
    for option in options.values():
        settled = direct and option.keyword == "proxycommand"
        harmless = option.word.lower() in ("none", "no")
        if option.keyword in _REFUSED and not harmless and not settled:
            raise Misconfigured(
                f"{option.place}: {option.keyword} is not followed: {_REFUSED[option.keyword]}"
            )


def _tokens(host: str, options: Options, *, user: str | None, port: int | None) -> dict[str, str]:
    """Return what `%` with a letter stands for."""
    hostname = options.get("hostname")
    name = expand(hostname, hostname.word, {"h": host}) if hostname else host
    alias = options.get("hostkeyalias")
    return {
        "h": name,
        "n": host,
        "p": str(port or _number(options, "port", 1, _PORT_LIMIT) or 22),
        "r": user or _word(options, "user") or getpass.getuser(),
        "u": getpass.getuser(),
        "d": str(Path.home()),
        "i": str(os.getuid()),
        "l": socket.gethostname(),
        "L": socket.gethostname().partition(".")[0],
        "k": alias.word if alias else host,
    }


def _paths(options: Options, keyword: str, tokens: dict[str, str]) -> tuple[Path, ...]:
    option = options.get(keyword)
    if option is None or _is_none(option):
        return ()
    return tuple(_path(option, expand(option, word, tokens)) for word in option.words)


def _path(option: Option, text: str) -> Path:
    """Return a path with `~` and `${NAME}` replaced; a relative one begins where we are."""

    def value(match: "re.Match[str]") -> str:
        if match[1] not in os.environ:
            raise Misconfigured(f"{option.place}: there is no variable {match[1]}")
        return os.environ[match[1]]

    try:
        return Path(_ENVIRONMENT.sub(value, text)).expanduser()
    except RuntimeError as error:
        raise Misconfigured(f"{option.place}: {text} belongs to nobody") from error


def _number(options: Options, keyword: str, least: int, most: int) -> int | None:
    option = options.get(keyword)
    if option is None or _is_none(option):
        return None
    if not re.fullmatch(r"[0-9]{1,6}", option.word) or not least <= int(option.word) <= most:
        raise Misconfigured(
            f"{option.place}: {keyword} is {option.word!r}, not a number from {least} to {most}"
        )
    return int(option.word)


def _seconds(options: Options, keyword: str) -> float | None:
    """Return a time as ssh writes it: 90, 90s, 1m30s."""
    option = options.get(keyword)
    if option is None or _is_none(option):
        return None
    if not re.fullmatch(r"(?:[0-9]{1,6}[smh]?)+", option.word.lower()):
        raise Misconfigured(f"{option.place}: {keyword} is {option.word!r}, not a time")
    parts = re.findall(r"([0-9]+)([smh]?)", option.word.lower())
    return float(sum(int(number) * _UNITS[unit] for number, unit in parts))


def _word(options: Options, keyword: str) -> str | None:
    option = options.get(keyword)
    return option.word if option else None


def _is_none(option: Option) -> bool:
    return option.word.lower() == "none"


def _is_yes(options: Options, keyword: str) -> bool:
    return (_word(options, keyword) or "").lower() in ("yes", "true")


def _is_no(options: Options, keyword: str) -> bool:
    return (_word(options, keyword) or "").lower() in ("no", "false")
