"""OpenSSH's client configuration as ssh(1) reads it, except that nothing in it is ever executed.

paramiko's own reader knows no Include, runs the command of `Match exec`, asks the DNS while it
reads, and forgets where a word stands. What this one does not do it refuses, by file and line.
"""

import getpass
import glob
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from auditor.collect.host_patterns import listed

INCLUDE_DEPTH = 16
_SYSTEM = Path("/etc/ssh")
_KEYWORD = re.compile(r"([^\s=]++)(?:\s*+=\s*+|\s++|$)(.*)")
_GAP = re.compile(r"\A[ \t]*+(?:#.*)?")
_WORD = re.compile(
    r"""(?:\\['"\\ ]|"(?:\\['"\\]|[^"])*+"|'(?:\\['"\\]|[^'])*+'|[^'" \t])++"""  # may be quoted
)
_PIECE = re.compile(r"""\\(['"\\ ])|"((?:\\['"\\]|[^"])*+)"|'((?:\\['"\\]|[^'])*+)'""")
_ESCAPED = re.compile(r"""\\(['"\\])""")
_GATHERED = ("identityfile",)
"""Options that every line adds to; of all others the first line counts."""
_COMMANDS = ("proxycommand", "localcommand", "remotecommand", "knownhostscommand")
"""These take the rest of the line as it is."""
_RIVALS = {"proxycommand": "proxy", "proxyjump": "proxy"}
"""Of these the first line counts, whichever it is."""


class Misconfigured(Exception):  # noqa: N818 - what the operator wrote, told as a gap
    """The configuration cannot be followed; the text names file and line."""


class Option(msgspec.Struct, frozen=True):
    """One option that is in effect: its keyword in small letters, its words, where it stands."""

    keyword: str
    words: tuple[str, ...]
    place: str

    @property
    def word(self) -> str:
        """The first word."""
        return self.words[0]


Options = dict[str, Option]
"""Keyword → option; ProxyCommand and ProxyJump share the key `proxy`."""


def options_for(host: str, files: Iterable[Path], *, user: str | None = None) -> Options:
    """Return what the files say of `host` as it was asked for; raises `Misconfigured`.

    `user` is the name that is settled already: `Match user` compares it. The files are read in
    order; one that does not exist says nothing.
    """
    reading = _Reading(host, user)
    reading.files(files)
    if reading.wants_final:
        reading.final = True
        reading.files(files)
    return reading.options


class _Reading:
    """One question to the files; `final` is set for the second time they are read."""

    def __init__(self, host: str, user: str | None) -> None:
        self.options: Options = {}
        self.wants_final = False
        self.final = False
        self._host = host
        self._user = user

    def files(self, files: Iterable[Path]) -> None:
        for path in files:
            self._file(path, active=True, depth=0)

    def _file(self, path: Path, *, active: bool, depth: int) -> None:
        """Read one file; `active` tells whether its lines hold before its first Host or Match."""
        reachable = active
        for number, line in enumerate(_read(path).split("\n"), start=1):
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            place = f"{path}:{number}"
            keyword, rest = _split(text)
            if keyword in ("host", "match"):
                active = reachable and self._holds(keyword, words_of(rest, place), place)
            elif active and keyword == "include":
                for included in _included(words_of(rest, place), path, place):
                    self._deeper(included, depth, place)
            elif active:
                self._take(keyword, rest, place)

    def _deeper(self, path: Path, depth: int, place: str) -> None:
        if depth >= INCLUDE_DEPTH:
            raise Misconfigured(f"{place}: Include goes deeper than {INCLUDE_DEPTH} files")
        self._file(path, active=True, depth=depth + 1)

    def _take(self, keyword: str, rest: str, place: str) -> None:
        words = (rest,) if rest and keyword in _COMMANDS else words_of(rest, place)
        option = Option(keyword, words, place)
        if not words:
            raise Misconfigured(f"{place}: {keyword} has no value")
        key = _RIVALS.get(keyword, keyword)
        if keyword in _GATHERED and key in self.options:
            before = self.options[key]
            fresh = tuple(word for word in option.words if word not in before.words)
            self.options[key] = Option(keyword, before.words + fresh, before.place)
        else:
            self.options.setdefault(key, option)

    def _holds(self, keyword: str, words: tuple[str, ...], place: str) -> bool:
        if not words:
            raise Misconfigured(f"{place}: {keyword.capitalize()} names nothing")
        if keyword == "host":
            return listed(words, self._host)
        return self._match(words, place)

    def _match(self, words: tuple[str, ...], place: str) -> bool:
        """Follow the criteria from left to right, as far as they hold."""
        left = list(words)
        while left:
            criterion, _, value = left.pop(0).partition("=")
            name = criterion.lower().removeprefix("!")
            if name in ("all", "canonical", "final"):
                held = self._plain(name)
            elif not value and not left:
                raise Misconfigured(f"{place}: Match {name} has no value")
            else:
                held = self._criterion(name, value or left.pop(0), place)
            if held is criterion.startswith("!"):
                return False
        return True

    def _plain(self, name: str) -> bool:
        self.wants_final = self.wants_final or name == "final"
        return name == "all" or self.final

    def _criterion(self, name: str, value: str, place: str) -> bool:
        known = {
            "host": self._hostname,
            "originalhost": self._host.lower,
            "user": self._login,
            "localuser": getpass.getuser,
        }
        if name not in known:
            raise Misconfigured(
                f"{place}: Match {name} is not followed: the auditor runs no command for it"
                if name == "exec"
                else f"{place}: Match {name} is not known here"
            )
        patterns = value.lower() if name.endswith("host") else value
        return listed(patterns.split(","), known[name]())

    def _hostname(self) -> str:
        given = self.options.get("hostname")
        name = self._host if given is None else expand(given, given.word, {"h": self._host})
        return name.lower()

    def _login(self) -> str:
        given = self.options.get("user")
        return self._user or (given.word if given else getpass.getuser())


def _read(path: Path) -> str:
    """Return a file's text; as ssh does, refuse one that others could have written."""
    try:
        with path.open("rb") as file:
            seen = os.fstat(file.fileno())
            text = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise Misconfigured(f"{path}: {error.strerror}") from error
    if seen.st_mode & 0o022 or seen.st_uid not in (0, os.geteuid()):
        raise Misconfigured(f"{path}: others may write this file (chmod go-w)")
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise Misconfigured(f"{path}: not UTF-8") from error


def _split(text: str) -> tuple[str, str]:
    """Return a line's keyword in small letters and the rest."""
    match = _KEYWORD.match(text)
    return (match[1].lower(), match[2]) if match else (text, "")


def words_of(text: str, place: str) -> tuple[str, ...]:
    """Split a line into words: quotes hold words together, ` #` begins a comment."""
    words: list[str] = []
    rest = _GAP.sub("", text, count=1)
    while rest:
        match = _WORD.match(rest)
        if match is None or rest[match.end() : match.end() + 1] not in ("", " ", "\t"):
            raise Misconfigured(f"{place}: a quote is not closed")
        words.append(_PIECE.sub(_bare, match[0]))
        rest = _GAP.sub("", rest[match.end() :], count=1)
    return tuple(words)


def _bare(piece: "re.Match[str]") -> str:
    """Return a quoted piece without its quotes, an escaped character without its backslash."""
    if piece[1] is not None:
        return piece[1]
    inner = piece[2] if piece[2] is not None else piece[3]
    return _ESCAPED.sub(r"\1", inner)


def _included(words: tuple[str, ...], parent: Path, place: str) -> Iterator[Path]:
    """Yield the files of an Include: its patterns in order, each in the order of names."""
    if not words:
        raise Misconfigured(f"{place}: Include names no file")
    base = _SYSTEM if parent.is_relative_to(_SYSTEM) else Path.home() / ".ssh"
    for word in words:
        pattern = str(base / Path(word).expanduser())
        yield from (Path(found) for found in sorted(glob.glob(pattern)))  # noqa: PTH207 - glob(7)


def expand(option: Option, text: str, tokens: dict[str, str]) -> str:
    """Replace `%` tokens; raises `Misconfigured` for one that has no meaning here."""

    def replaced(match: "re.Match[str]") -> str:
        letter = match[1]
        if letter != "%" and letter not in tokens:
            raise Misconfigured(f"{option.place}: %{letter} has no meaning in {option.keyword}")
        return "%" if letter == "%" else tokens[letter]

    return re.sub(r"%(.?)", replaced, text)
