"""A setting of PHP as each version and server interface has it in effect, with its place."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from auditor.model.base import Text
from auditor.model.fact import Kind
from auditor.probe.base import Args, Frames, ProbeType, Record, Via
from auditor.probe.fields import leaf, record, table
from auditor.probe.sizes import size
from auditor.probe.texts import TextFile, Texts, texts

Setting = Literal[
    "allow_url_fopen",
    "allow_url_include",
    "disable_functions",
    "display_errors",
    "display_startup_errors",
    "enable_dl",
    "expose_php",
    "file_uploads",
    "log_errors",
    "max_execution_time",
    "max_file_uploads",
    "max_input_vars",
    "memory_limit",
    "open_basedir",
    "post_max_size",
    "session.cookie_httponly",
    "session.cookie_lifetime",
    "session.cookie_samesite",
    "session.cookie_secure",
    "session.gc_maxlifetime",
    "session.sid_length",
    "session.use_only_cookies",
    "session.use_strict_mode",
    "session.use_trans_sid",
    "upload_max_filesize",
]


class PhpArgs(Args, frozen=True):
    """Which setting, and whether the command line's PHP counts too."""

    setting: Setting
    cli: bool = False


DEFAULTS: Mapping[str, str] = {
    "allow_url_fopen": "1",
    "allow_url_include": "0",
    "disable_functions": "",
    "display_errors": "1",
    "display_startup_errors": "1",
    "enable_dl": "1",
    "expose_php": "1",
    "file_uploads": "1",
    "log_errors": "1",
    "max_execution_time": "30",
    "max_file_uploads": "20",
    "max_input_vars": "1000",
    "memory_limit": "128M",
    "open_basedir": "",
    "post_max_size": "8M",
    "session.cookie_httponly": "0",
    "session.cookie_lifetime": "0",
    "session.cookie_samesite": "",
    "session.cookie_secure": "0",
    "session.gc_maxlifetime": "1440",
    "session.sid_length": "32",
    "session.use_only_cookies": "1",
    "session.use_strict_mode": "0",
    "session.use_trans_sid": "0",
    "upload_max_filesize": "2M",
}
"""PHP's own values where no file sets one, as its manual lists them."""

_WEB = ("fpm", "apache2", "cgi")
_DEBIAN = "/etc/php/*/"
_READS = (
    *(f"{_DEBIAN}{sapi}/php.ini" for sapi in (*_WEB, "cli")),
    *(f"{_DEBIAN}{sapi}/conf.d/*.ini" for sapi in (*_WEB, "cli")),
    f"{_DEBIAN}fpm/pool.d/*.conf",
    "/etc/php.ini",
    "/etc/php.d/*.ini",
    "/etc/php-fpm.d/*.conf",
    "/etc/php?/php.ini",
    "/etc/php??/php.ini",
    "/etc/php?/conf.d/*.ini",
    "/etc/php??/conf.d/*.ini",
    "/etc/php?/php-fpm.d/*.conf",
    "/etc/php??/php-fpm.d/*.conf",
    "/opt/lampp/etc/php.ini",
)
_VERSIONED = re.compile(r"/etc/php/([0-9.]{1,8})/(fpm|apache2|cgi|cli)/.+")
_LINE = re.compile(r"\s*([\w.]{1,100})\s*=\s*(.*)")
_SECTION = re.compile(r"\s*\[([^\]]{1,200})\]\s*")
_POOL = re.compile(r"\s*php_(?:admin_)?(?:value|flag)\[([\w.]{1,100})\]\s*=\s*(.*)")
_QUOTED = re.compile(r'"([^"]*)"|\'([^\']*)\'')
_ON = ("1", "on", "yes", "true", "stdout")


class _Value(NamedTuple):
    text: str
    place: str


class _Sapi(NamedTuple):
    """One PHP: `version` is "" where its folder does not say; `pools` have what they set alone."""

    name: str
    version: str
    values: dict[str, _Value]
    pools: dict[str, dict[str, _Value]]


@lru_cache(maxsize=8)
def _sapis(seen: Texts) -> tuple[_Sapi, ...]:
    """Read the files for all settings at once, php.ini before the folder beside it."""
    found: dict[str, _Sapi] = {}
    for pattern in _READS:
        for file in seen.glob(pattern):
            name, version = _owner(file.path)
            sapi = found.setdefault(name, _Sapi(name, version, {}, {}))
            if file.path.endswith(".conf"):
                _read_pools(file, sapi.pools)
            else:
                sapi.values.update(_read_ini(file))
    return tuple(found[name] for name in sorted(found))


def _owner(path: str) -> tuple[str, str]:
    if match := _VERSIONED.fullmatch(path):
        return f"{match[1]}/{match[2]}", match[1]
    digits = path.removeprefix("/etc/php").partition("/")[0]
    if digits.isdecimal():
        version = f"{digits[0]}.{digits[1:]}".rstrip(".")
        return version, version
    return "lampp" if path.startswith("/opt/") else "php", ""


def _clean(text: str) -> str:
    """Strip quotes and a comment behind the value."""
    text = text.strip()
    if match := _QUOTED.match(text):
        return match[1] if match[1] is not None else match[2]
    return text.partition(";")[0].strip()


def _read_ini(file: TextFile) -> dict[str, _Value]:
    """Return the last word on each setting; sections for one host or path say nothing of others."""
    found: dict[str, _Value] = {}
    skipped = False
    for number, line in file.lines:
        if line.lstrip().startswith(";"):
            continue
        if section := _SECTION.fullmatch(line):
            skipped = section[1].upper().startswith(("HOST=", "PATH="))
        elif not skipped and (match := _LINE.fullmatch(line)):
            found[match[1]] = _Value(_clean(match[2]), f"{file.path}:{number}")
    return found


def _read_pools(file: TextFile, pools: dict[str, dict[str, _Value]]) -> None:
    own: dict[str, _Value] = {}
    for number, line in file.lines:
        if line.lstrip().startswith(";"):
            continue
        if section := _SECTION.fullmatch(line):
            own = {} if section[1] == "global" else pools.setdefault(section[1], {})
        elif match := _POOL.fullmatch(line):
            own[match[1]] = _Value(_clean(match[2]), f"{file.path}:{number}")


def _row(sapi: _Sapi, name: str, value: _Value) -> Record:
    on = value.text.lower() in _ON
    number = -1 if value.text.startswith("-") else size(value.text)
    row: Record = {
        "sapi": name,
        "version": sapi.version,
        "value": value.text,
        "on": on,
        "items": [part for part in re.split(r"[\s,]+", value.text) if part],
        "place": value.place,
    }
    if number is not None:
        row["number"] = number
    return row


def _rows(sapi: _Sapi, args: PhpArgs) -> Iterator[Record]:
    name = args.setting
    value = sapi.values.get(name, _Value(DEFAULTS[name], "default"))
    if not sapi.pools:
        yield _row(sapi, sapi.name, value)
    for pool, values in sapi.pools.items():
        own = values.get(name, value)
        if name == "disable_functions" and own is not value:
            own = _Value(f"{value.text},{own.text}".strip(","), own.place)
        yield _row(sapi, f"{sapi.name} {pool}", own)


def _reads(_many: Sequence[PhpArgs]) -> tuple[str, ...]:
    return _READS


def _parse(args: PhpArgs, frames: Frames) -> Record:
    sapis = [s for s in _sapis(texts(frames)) if args.cli or not s.name.endswith("/cli")]
    rows = [row for sapi in sapis for row in _rows(sapi, args)]
    return {"installed": bool(rows), "settings": list({row["sapi"]: row for row in rows}.values())}


PROBE = ProbeType(
    name="php",
    via=Via.SSH,
    args=PhpArgs,
    doc=Text(
        id="Satu pengaturan PHP yang berlaku pada tiap versi, antarmuka server dan kumpulan "
        "(pool), dengan letaknya; bawaan PHP bila tidak ditulis",
        en="One setting of PHP in effect for each version, server interface and pool, with its "
        "place; PHP's own default where none is written",
    ),
    gives=record(
        "PHP",
        "PHP",
        {
            "installed": leaf(Kind.BOOL, "PHP terpasang", "PHP is installed"),
            "settings": table(
                "Pengaturan PHP",
                "PHP settings",
                "sapi",
                {
                    "sapi": leaf(Kind.TEXT, "PHP", "PHP"),
                    "version": leaf(Kind.VERSION, "Versi PHP", "PHP version", may_be_empty=True),
                    "value": leaf(Kind.TEXT, "Nilai", "Value", may_be_empty=True),
                    "on": leaf(Kind.BOOL, "Aktif", "On"),
                    "number": leaf(Kind.INT, "Nilai", "Value"),
                    "items": leaf(Kind.TEXTS, "Isi", "Items", may_be_empty=True),
                    "place": leaf(Kind.TEXT, "Letak", "Place"),
                },
                may_be_empty=True,
            ),
        },
    ),
    reads=_reads,
    parse=_parse,
)
