"""Where this machine's own apt gets security updates from, and through which proxy."""

import re
import subprocess
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from auditor.errors import ConfigError
from auditor.model.base import Value

_OPTION = re.compile(r'^([^\s"]+) "(.*)";$', re.MULTILINE)
_ONE_LINE = re.compile(r"^[ \t]*deb[ \t]+(?:\[[^\]\n]*\][ \t]*)?(\S+)[ \t]+(\S+)", re.MULTILINE)
_OFF = ("no", "false", "off", "without", "disable", "0")
_BY_AGE = ("stable", "oldstable", "oldoldstable", "testing")
SECONDS = 10


class Mirror(Value, frozen=True):
    """A base address that has `dists/`, and how to reach it."""

    base: str
    proxy: str = ""
    """Empty: what the environment says."""
    direct: bool = False
    """No proxy, whatever the environment says."""
    ca_file: str = ""


def own_mirror(
    codenames: Collection[str], *, security: bool = True, by_age: Collection[str] = _BY_AGE
) -> Mirror:
    """Return the mirror of apt's own configuration that serves a distribution's suites.

    `codenames` are the distribution's releases, `by_age` its other names for them. Raises
    `ConfigError` where apt names none.
    """
    names = {*codenames, *by_age}
    ends = ("-security", "/updates") if security else ("", "-updates")
    suites = {f"{name}{end}" for name in names for end in ends}
    options = _options()
    for base, suite in _sources(options):
        if suite in suites and urlsplit(base).scheme in ("http", "https"):
            return _through(base, options)
    kind = "security suite" if security else "suite"
    raise ConfigError(
        "--mirror",
        f"this machine's apt has no {kind} of this distribution",
        hint="name a mirror in feeds.yaml of the home folder or with --mirror URL, "
        "or bring copies: --from FOLDER",
    )


def _options() -> Mapping[str, str]:
    """Return apt's settings by lower-case name, as apt itself puts its files together."""
    try:
        said = subprocess.run(
            ["apt-config", "dump"],  # noqa: S607 - wherever apt is
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ConfigError(
            "--mirror", f"apt-config gives no answer: {error}", hint="name one with --mirror URL"
        ) from error
    text = said.stdout.decode("utf-8", "replace")
    return {name.lower(): value for name, value in _OPTION.findall(text)}


def _through(base: str, options: Mapping[str, str]) -> Mirror:
    """Add proxy and authority; https goes as http does where nothing else is set (apt.conf(5))."""
    parts = urlsplit(base)
    schemes = ("https", "http") if parts.scheme == "https" else ("http",)
    names = [
        f"acquire::{scheme}::{name}"
        for scheme in schemes
        for name in (f"proxy::{parts.hostname}", "proxy")
    ]
    proxy = next((options[name] for name in names if options.get(name)), "")
    direct = proxy.upper() == "DIRECT"
    authority = options.get(f"acquire::https::{parts.hostname}::cainfo")
    return Mirror(
        base=base,
        proxy="" if direct else proxy,
        direct=direct,
        ca_file=authority or options.get("acquire::https::cainfo", ""),
    )


def _sources(options: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield (address, suite) of every enabled binary source, in both of apt's formats."""
    folder = Path("/", options.get("dir", ""), options.get("dir::etc", "etc/apt"))
    single = folder / options.get("dir::etc::sourcelist", "sources.list")
    several = folder / options.get("dir::etc::sourceparts", "sources.list.d")
    for path in (single, *sorted(several.glob("*"))):
        if path.suffix not in (".list", ".sources") or not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise ConfigError(str(path), f"cannot be read: {error.strerror}") from error
        yield from _ONE_LINE.findall(text) if path.suffix == ".list" else _stanzas(text)


def _stanzas(text: str) -> Iterator[tuple[str, str]]:
    plain = re.sub(r"^#.*\n?", "", text, flags=re.MULTILINE)
    for stanza in re.split(r"\n[ \t]*\n", re.sub(r"\n[ \t]+(?=\S)", " ", plain)):
        fields = dict[str, list[str]]()
        for line in stanza.split("\n"):
            name, _, value = line.partition(":")
            fields[name.strip().lower()] = value.split()
        if "deb" in fields.get("types", ()) and not _is_off(fields.get("enabled", [])):
            for base in fields.get("uris", ()):
                for suite in fields.get("suites", ()):
                    yield base, suite


def _is_off(words: list[str]) -> bool:
    return bool(words) and words[0].lower() in _OFF
