"""Text files of a target: what all probes want to read is read by one process, and only once."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from shlex import quote

import msgspec

from auditor.model.fact import Why
from auditor.probe.base import Frames, Section, Unseen, answer

KEY = "texts"
FILE_LIMIT = 256 * 1024
"""Bytes; a longer file is not read, for its end would be missing."""
LIMIT = 4 * 2**20
"""Bytes of all files together."""

_SAFE = re.compile(r"/[A-Za-z0-9_.@+:/*?-]*")
_WILD = re.compile(r"[*?]")

_TEXT = r"""
set -- {patterns}
l='
'
for p do
  shift
  case $p in *"$l"*) printf '! %s\n' "${{p%%"$l"*}}?${{p##*"$l"}}"; continue ;; esac
  if [ -f "$p" ]; then
    if [ ! -r "$p" ]; then
      printf '! %s\n' "$p"
    else
      set -- "$@" "$p"
      [ -s "$p" ] && printf '+ %s\n' "$p" || printf 'e %s\n' "$p"
    fi
  elif [ -e "$p" ]; then
    [ -c "$p" ] && printf '0 %s\n' "$p" || printf 'o %s\n' "$p"
  else
    d=${{p%/*}}
    while [ -n "$d" ] && [ ! -e "$d" ] && [ ! -L "$d" ]; do d=${{d%/*}}; done
    d=${{d:-/}}
    case $p in
    *[*?]*) [ ! -d "$d" ] || {{ [ -r "$d" ] && [ -x "$d" ]; }} || printf '? %s\n' "$p" ;;
    *) [ ! -d "$d" ] || [ -x "$d" ] || printf '? %s\n' "$p" ;;
    esac
  fi
done
[ $# -gt 0 ] || return 0
t 30 find -L "$@" -maxdepth 0 -type f \( -size -{most}c -exec awk '
  FNR == 1 {{ print "@" FILENAME }}
  {{ sum += length($0) + 8 }}
  sum > {limit} {{ print "!"; exit }}
  /^[ \t]*(#|$)/ {{ next }}
  {{ print FNR ":" $0 }}
' {{}} + -o -print \) || [ $? -ne 124 ]
"""
"""First a line for each path that a pattern gives: its mark and its name. + is read below, so is e,
which is empty or the kernel's own; ! may not be read, 0 is a device (a file without lines, as
/dev/null), o is anything else, ? stands in a directory that may not be searched. What has no line
does not exist.

Then the files: "@name", and each line with its number before it; comments and blank lines are
left out. A file that is too long has its bare name; "!" says that there was too much of all.
"""


class TextFile(msgspec.Struct, frozen=True, eq=False):
    """A file; `lines` are (number from 1, text) of those that are neither blank nor comments.

    Files with one path and one text are one object: what is worked out of it can be kept by it.
    """

    path: str
    lines: tuple[tuple[int, str], ...]


class Texts(msgspec.Struct, frozen=True, eq=False):
    """What was read: files by path, and why others could not be.

    One object stands for one answer: what is worked out of it can be kept by it.
    """

    files: Mapping[str, TextFile]
    unseen: Mapping[str, tuple[Why, str]]
    """By path or, where a directory may not be searched, by pattern."""
    folders: Mapping[str, tuple[str, ...]]
    """The paths of both by the directory that they stand in, sorted."""

    def file(self, path: str) -> TextFile | None:
        """Return a file, or None where there is none; raises `Unseen` where it was not read."""
        if path in self.unseen:
            raise Unseen(*self.unseen[path])
        return self.files.get(path)

    def glob(self, pattern: str) -> list[TextFile]:
        """Return the files that fit, in C order; raises `Unseen` where one was not read."""
        files = (self.file(path) for path in _fitting(self, pattern))
        return [file for file in files if file is not None]

    def excerpt(self, place: str) -> str:
        """Return the line that a place "file:number" names, or nothing."""
        path, _, number = place.rpartition(":")
        file = self.files.get(path)
        return _numbered(file).get(number, "") if file else ""


@lru_cache(maxsize=1024)
def _numbered(file: TextFile) -> Mapping[str, str]:
    return {str(number): text for number, text in file.lines}


@lru_cache(maxsize=1024)
def _fitting(seen: Texts, pattern: str) -> tuple[str, ...]:
    folder = pattern.rpartition("/")[0]
    paths = (
        [path for paths in seen.folders.values() for path in paths]
        if _WILD.search(folder)
        else seen.folders.get(folder, ())
    )
    return tuple(path for path in sorted(paths) if fits(path, pattern))


def fits(path: str, pattern: str) -> bool:
    """Match as a shell does: a wildcard stops at a slash, and at a dot that begins a name."""
    return _matcher(pattern).fullmatch(path) is not None


@lru_cache(maxsize=1024)
def _matcher(pattern: str) -> "re.Pattern[str]":
    names = (re.sub(r"^(?=[*?])", "\0", name) for name in pattern.split("/"))
    text = re.escape("/".join(names))
    for mark, meaning in (
        (r"\x00", r"(?!\.)"),
        ("\0", r"(?!\.)"),
        (r"\*", "[^/]*"),
        (r"\?", "[^/]"),
    ):
        text = text.replace(mark, meaning)
    return re.compile(text, re.DOTALL)


def inputs(seen: Texts, patterns: Iterable[str]) -> tuple[object, ...]:
    """Return what patterns give: equal where files, and what could not be read, are the same."""
    return tuple(_input(seen, pattern) for pattern in patterns)


@lru_cache(maxsize=4096)
def _input(seen: Texts, pattern: str) -> object:
    if not _WILD.search(pattern):
        return seen.files.get(pattern) or seen.unseen.get(pattern)
    return tuple(seen.files.get(p) or (p, seen.unseen[p]) for p in _fitting(seen, pattern))


def section(patterns: Iterable[str]) -> Section:
    """Return the section that reads all files that fit; wildcards are * and ?.

    Raises ValueError for a pattern with wildcards and characters that a shell would read.
    """
    wanted = sorted(set(patterns))
    words = []
    for pattern in wanted:
        if _WILD.search(pattern) and not _SAFE.fullmatch(pattern):
            raise ValueError(f"{pattern!r} cannot be a pattern")
        words.append(pattern if _WILD.search(pattern) else quote(pattern))
    return Section(
        key=KEY,
        text=_TEXT.format(patterns=" ".join(words), most=FILE_LIMIT + 1, limit=LIMIT),
        shown=shown(wanted),
        bounded=True,
    )


def shown(patterns: Iterable[str]) -> str:
    """Return what a person would type to read the files."""
    return f"cat {' '.join(patterns)}"


def texts(frames: Frames) -> Texts:
    """Return the files of a visit; raises `Unseen` where none was read."""
    return _read(answer(frames, KEY))


@lru_cache(maxsize=32)
def _read(text: str) -> Texts:
    """Read the answer once for all probes that ask; linear in its length."""
    there: list[str] = []
    unseen: dict[str, tuple[Why, str]] = {}
    found: dict[str, TextFile] = {}
    head, *blocks = f"\n{text}".split("\n@")
    odd = head.split("\n")
    for line in odd:
        if line[1:2] == " ":
            _note(line[0], line[2:], there, unseen, found)
    for block in blocks:
        file, more = _file(block)
        known = found.get(file.path)
        if known is None or not known.lines:
            found[file.path] = file
        odd += more
    if "!" in odd:
        unseen |= dict.fromkeys(there, (Why.CUT, "the files together are too long"))
    for path in (line for line in odd if line.startswith("/")):
        unseen[path] = (Why.CUT, f"{path} is longer than {FILE_LIMIT} bytes")
    for path in (path for path in there if path not in found):
        unseen.setdefault(path, (Why.UNREADABLE, f"{path} holds something, but it was not read"))
    return _in_folders({p: file for p, file in found.items() if p not in unseen}, unseen)


def _in_folders(files: Mapping[str, TextFile], unseen: Mapping[str, tuple[Why, str]]) -> Texts:
    folders: dict[str, list[str]] = {}
    for path in sorted({*files, *unseen}):
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    return Texts(files, unseen, {name: tuple(paths) for name, paths in folders.items()})


@lru_cache(maxsize=4096)
def _file(block: str) -> tuple[TextFile, tuple[str, ...]]:
    """Return a file, one object for all targets that have the same, and lines that are not its."""
    path, *told = block.split("\n")
    lines: list[tuple[int, str]] = []
    odd: list[str] = []
    for line in told:
        number, colon, rest = line.partition(":")
        if colon and number.isdecimal() and number.isascii():
            lines.append((int(number[:9]), rest))
        elif line:
            odd.append(line)
    return TextFile(path, tuple(lines)), tuple(odd)


def _note(
    mark: str,
    path: str,
    there: list[str],
    unseen: dict[str, tuple[Why, str]],
    found: dict[str, TextFile],
) -> None:
    match mark:
        case "+":
            there.append(path)
        case "0" | "e":
            found[path] = TextFile(path, ())
        case "!":
            unseen[path] = (Why.NEEDS_ROOT, f"needs root: {path} may not be read")
        case "?":
            unseen[path] = (Why.NEEDS_ROOT, f"needs root: the folder of {path} may not be searched")
        case "o":
            unseen[path] = (Why.UNREADABLE, f"{path} is no file")
