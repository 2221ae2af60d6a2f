"""Ansible's INI inventory: [group], [group:children], [group:vars], ranges of hosts."""

import itertools
import re
import shlex
from collections.abc import Iterator

from auditor.errors import ConfigError
from auditor.load.importing.groups import ALL, Groups

RANGE_LIMIT = 10_000
"""Hosts that one line may stand for."""
_SECTION = re.compile(r"\[([^\[\]:]+)(?::(children|vars))?\]\s*(?:[#;].*)?")
_RANGE = re.compile(r"\[(\d+:\d+|[a-z]:[a-z]|[A-Z]:[A-Z])(?::(\d{1,5}))?\]")
_PORT = re.compile(r"([^:\[\]]+):(\d{1,5})")


def read_ini(text: str, path: str) -> Groups:
    """Read an inventory; hosts before the first section are in no group but `all`."""
    groups = Groups(path)
    group, kind = ALL, "hosts"
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        if line[0] == "[" and (match := _SECTION.fullmatch(line)):
            group, kind = match[1].strip(), match[2] or "hosts"
            groups.add_group(group)
        elif kind == "children":
            groups.add_group(_words(line, path, number)[0], group)
        elif kind == "vars":
            name, _, value = line.partition("=")
            groups.add_variables(group, {name.strip(): value.strip().strip("\"'")})
        else:
            _host(groups, line, group, path, number)
    return groups


def _words(line: str, path: str, number: int) -> list[str]:
    try:
        return shlex.split(line, comments=True)
    except ValueError as error:
        hint = "is a quote not closed?"
        raise ConfigError(path, f"cannot be read: {error}", line=number, hint=hint) from error


def _host(groups: Groups, line: str, group: str, path: str, number: int) -> None:
    pattern, *pairs = _words(line, path, number)
    variables: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            hint = "after a host come key=value pairs"
            raise ConfigError(path, f"{pair!r} is no variable", line=number, hint=hint)
        variables[name] = value
    if match := _PORT.fullmatch(pattern):
        pattern = match[1]
        variables.setdefault("ansible_port", match[2])
    for name in _expanded(pattern, path, number):
        groups.add_host(name, group, variables, number)


def _expanded(pattern: str, path: str, number: int) -> Iterator[str]:
    """Yield every host of "web[01:20].lab"; a pattern without a range is one host."""
    parts: list[list[str]] = []
    total, end = 1, 0
    for match in _RANGE.finditer(pattern):
        members = _members(match[1], int(match[2] or 1), path, number)
        total *= len(members)
        if total > RANGE_LIMIT:
            problem = f"{pattern!r} stands for more than {RANGE_LIMIT} hosts"
            raise ConfigError(path, problem, line=number)
        parts += [[pattern[end : match.start()]], members]
        end = match.end()
    for combination in itertools.product(*parts, [pattern[end:]]):
        yield "".join(combination)


def _members(bounds: str, step: int, path: str, number: int) -> list[str]:
    first, _, last = bounds.partition(":")
    problem = ConfigError(path, f"[{bounds}] is no range", line=number, hint="such as [01:20]")
    if step < 1:
        raise problem
    if first.isdigit():
        if len(last) > len(str(RANGE_LIMIT)) + 1 or int(last) < int(first):
            raise problem
        if (int(last) - int(first)) // step >= RANGE_LIMIT:
            raise problem
        return [str(n).zfill(len(first)) for n in range(int(first), int(last) + 1, step)]
    if last < first:
        raise problem
    return [chr(code) for code in range(ord(first), ord(last) + 1, step)]
