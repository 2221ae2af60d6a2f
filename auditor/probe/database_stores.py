"""Redis, MongoDB and Memcached: stores that ask nobody who they are unless they are told to."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from auditor.model.fact import Json
from auditor.probe.addresses import is_loopback
from auditor.probe.base import Record
from auditor.probe.config_tree import included, without_innocence
from auditor.probe.texts import TextFile, Texts

REDIS_READS = ("/etc/redis/*.conf", "/etc/redis.conf", "/etc/valkey/*.conf", "/etc/redis/*.acl")
_REDIS_MAINS = (
    "/etc/redis/redis.conf",
    "/etc/redis.conf",
    "/etc/valkey/valkey.conf",
)
MONGODB_READS = ("/etc/mongod.conf", "/etc/mongodb.conf")
MEMCACHED_READS = ("/etc/memcached.conf", "/etc/sysconfig/memcached")
_DANGEROUS = ("CONFIG", "DEBUG", "FLUSHALL", "MODULE")
"""Commands of Redis by which an intruder writes files, loads code or empties it all."""
_DEEPEST = 10
_INNOCENT: Mapping[str, Json] = {"exposed": False, "dangerous": []}


class _Line(NamedTuple):
    words: tuple[str, ...]
    place: str


def redis(seen: Texts, _programs: frozenset[str]) -> Record:
    """Return the facts of Redis or Valkey; a password is only said to be set or not."""
    lines: dict[str, list[_Line]] = {}
    unread: list[str] = []
    for path in _REDIS_MAINS:
        if main := seen.file(path):
            _read_redis(seen, main, lines, unread, _DEEPEST)
    places: dict[str, str] = {}

    def last(name: str, fact: str, default: str) -> str:
        found = lines.get(name, [_Line((default,), "default")])[-1]
        places[fact] = found.place
        return " ".join(found.words)

    bound = last("bind", "exposed", "* -::*").split()
    addresses = [word.removeprefix("-") for word in bound]
    password = last("requirepass", "", "").strip("\"'")
    accounts = _closed(lines, seen)
    has_port = last("port", "", "6379") != "0" or last("tls-port", "", "0") != "0"
    hidden = {one.words[0].upper() for one in lines.get("rename-command", ()) if len(one.words) > 1}
    found: Record = {
        "addresses": addresses if has_port else [],
        "exposed": has_port and any(not is_loopback(address) for address in addresses),
        "authentication": bool(password) or accounts,
        "protected": last("protected-mode", "protected", "yes") == "yes",
        "tls": last("tls-port", "tls", "0") != "0",
        "dangerous": [name for name in _DANGEROUS if name not in hidden],
        "places": {name: place for name, place in places.items() if name},
    }
    return without_innocence(found, _INNOCENT, unread)


def _read_redis(
    seen: Texts,
    file: TextFile,
    lines: dict[str, list[_Line]],
    unread: list[str],
    depth: int,
) -> None:
    for number, line in file.lines:
        words = line.split()
        if words[0].lower() != "include":
            found = _Line(tuple(words[1:]), f"{file.path}:{number}")
            lines.setdefault(words[0].lower(), []).append(found)
        else:
            files, outside = included(seen, words[-1].strip("\"'"), REDIS_READS)
            unread.extend(filter(None, [outside]))
            for one in files if depth else []:
                _read_redis(seen, one, lines, unread, depth - 1)


def _closed(lines: Mapping[str, Sequence[_Line]], seen: Texts) -> bool:
    """Tell whether the access list gives the account "default" a password or switches it off."""
    rules = [one.words for one in lines.get("user", ())]
    for one in lines.get("aclfile", ()):
        file = seen.file(one.words[0].strip("\"'")) if one.words else None
        rules += [tuple(line.split()[1:]) for _, line in file.lines] if file else []
    default = [words for words in rules if words[:1] == ("default",)]
    return bool(default) and all(_needs_password(words) for words in default)


def _needs_password(words: Sequence[str]) -> bool:
    return "off" in words or (
        "nopass" not in words and any(word[:1] in (">", "#") for word in words)
    )


_KEY = re.compile(r"(\s*)([\w.]{1,60})\s*[:=]\s*(.*?)\s*")


def mongodb(seen: Texts, _programs: frozenset[str]) -> Record:
    """Return the facts of MongoDB by its YAML, or by the older form with "="."""
    values: dict[str, _Line] = {}
    for path in MONGODB_READS:
        if file := seen.file(path):
            values |= _yaml(file)
    places: dict[str, str] = {}

    def told(fact: str, names: Sequence[str], default: str) -> str:
        line = next((values[name] for name in names if name in values), None)
        places[fact] = line.place if line else "default"
        return line.words[0] if line else default

    bound = told("exposed", ("net.bindip", "bind_ip"), "localhost")
    if told("", ("net.bindipall", "bind_ip_all"), "false") == "true":
        bound, places["exposed"] = "0.0.0.0", places[""]  # noqa: S104 - what was read
    addresses = [part.strip() for part in bound.split(",") if part.strip()]
    authorization = told("authentication", ("security.authorization", "auth"), "disabled")
    mode = told("tls", ("net.tls.mode", "net.ssl.mode", "tlsmode", "sslmode"), "disabled")
    return {
        "addresses": addresses,
        "exposed": any(not is_loopback(address) for address in addresses),
        "authentication": authorization in ("enabled", "true"),
        "tls": mode not in ("disabled", ""),
        "tls_required": mode.lower() in ("requiretls", "requiressl"),
        "places": {name: place for name, place in places.items() if name},
    }


def _yaml(file: TextFile) -> dict[str, _Line]:
    """Return dotted keys in small letters: enough of YAML for nested names with plain values."""
    found: dict[str, _Line] = {}
    above: list[tuple[int, str]] = []
    for number, line in file.lines:
        match = _KEY.fullmatch(line.partition(" #")[0])
        if match is None:
            continue
        indent = len(match[1].expandtabs())
        while above and above[-1][0] >= indent:
            above.pop()
        above.append((indent, match[2].lower()))
        if match[3]:
            name = ".".join(part for _, part in above)
            found[name] = _Line((match[3].strip("\"'"),), f"{file.path}:{number}")
    return found


def memcached(seen: Texts, _programs: frozenset[str]) -> Record:
    """Return the facts of Memcached by its command line options."""
    words: list[tuple[str, str]] = []
    for path in MEMCACHED_READS:
        file = seen.file(path)
        for number, line in file.lines if file else ():
            text = line.strip()
            if text.startswith("OPTIONS="):
                text = text.removeprefix("OPTIONS=").strip("\"'")
            words += [(word, f"{path}:{number}") for word in _split(text)]
    places = {"exposed": "default", "authentication": "default", "udp": "default"}
    addresses, udp, sasl = [], "0", False
    for (word, place), (value, _) in pairwise([*words, ("", "")]):
        if word in ("-l", "--listen"):
            addresses += [part for part in value.split(",") if part]
            places["exposed"] = place
        elif word in ("-U", "--udp-port"):
            udp, places["udp"] = value, place
        elif word in ("-S", "--enable-sasl", "-Y", "--auth-file"):
            sasl, places["authentication"] = True, place
    listens = addresses or ["*"]
    return {
        "addresses": listens,
        "exposed": any(not is_loopback(address) for address in listens),
        "authentication": sasl,
        "udp": udp != "0",
        "places": places,
    }


def _split(text: str) -> list[str]:
    """Split options, also where a value hangs on its letter (-l127.0.0.1) or an equals sign."""
    found: list[str] = []
    for word in text.split():
        if word.startswith("--"):
            found += word.split("=", 1)
        elif word[:2] in ("-l", "-U", "-Y") and len(word) > len("-l"):
            found += [word[:2], word[2:]]
        else:
            found.append(word)
    return found
