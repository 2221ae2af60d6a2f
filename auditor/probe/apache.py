"""Apache's configuration: its sections, conditions and includes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from auditor.probe.config_tree import Directive, Tree, grow, included
from auditor.probe.texts import TextFile, Texts

_MAINS = (
    "/etc/apache2/apache2.conf",
    "/etc/httpd/conf/httpd.conf",
    "/etc/apache2/httpd.conf",
    "/opt/lampp/etc/httpd.conf",
)
_ENVVARS = "/etc/apache2/envvars"
RULES = ("/etc/modsecurity/*.conf", "/etc/httpd/modsecurity.d/*.conf")
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
    *RULES,
)
_HARMLESS = re.compile(r".*(/modsecurity-crs/|/crs/|coreruleset|\.load$|/mime\.types$|/magic$).*")
"""Rules of a web application firewall, and what loads modules of Debian's own packages."""

_WORD = re.compile(r'"(?:[^"\\]|\\.)*"?|\'(?:[^\'\\]|\\.)*\'?|[^\s]+')
_VARIABLE = re.compile(r"\$\{(\w{1,100})\}")
_EXPORT = re.compile(r"\s*(?:export\s+)?(\w{1,100})=(\S*)")
_BUILT_IN = frozenset(
    ("core", "so", "http", "http_core", "log_config", "logio", "version", "unixd", "watchdog")
)


class Section(NamedTuple):
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
            root[0] = filled(directive.args[0], variables)
        if directive.name == "define" and directive.args:
            variables[directive.args[0]] = directive.args[1] if directive.args[1:] else ""
        if directive.name not in ("include", "includeoptional") or not directive.args:
            return None
        name = filled(directive.args[0], variables)
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


def filled(text: str, variables: Mapping[str, str]) -> str:
    """Put the values of variables that are known in place of ${NAME}."""
    return _VARIABLE.sub(lambda match: variables.get(match[1], match[0]), text)


def _module(name: str) -> str:
    return name.removeprefix("mod_").removesuffix(".c").removesuffix("_module")


def modules_of(directives: Sequence[Directive]) -> frozenset[str]:
    """Return the modules that are built in or loaded, without mod_ and _module."""
    found = set(_BUILT_IN)
    for one in directives:
        if one.name == "loadmodule" and one.args:
            found.add(_module(one.args[0]))
        if one.block is not None:
            found |= modules_of(one.block)
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


def flat(
    directives: Sequence[Directive],
    modules: frozenset[str],
    variables: Mapping[str, str],
    within: tuple[Directive, ...] = (),
) -> Iterator[Section]:
    """Yield every directive with its sections, where the conditions around it hold."""
    for one in directives:
        if one.block is None:
            yield Section(one, within)
        elif one.name in _CONDITIONS:
            if _holds(one, modules, variables):
                yield from flat(one.block, modules, variables, within)
        else:
            yield Section(one, within)
            yield from flat(one.block, modules, variables, (*within, one))
