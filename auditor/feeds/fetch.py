"""Get a Debian suite's signed index from a mirror or a folder: bounded in time and size."""

import asyncio
import re
import ssl
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import httpx
import msgspec

from auditor import __version__
from auditor.errors import ConfigError
from auditor.feeds.apt import Mirror
from auditor.feeds.verify import (
    KEYRING,
    FeedError,
    Release,
    packages_path,
    read_index,
    read_release,
    renewed,
)
from auditor.model.base import Value
from auditor.model.feed import SuiteIndex

RELEASE_LIMIT = 4 * 2**20
INDEX_LIMIT = 64 * 2**20
SECONDS = 120.0
"""For one file, redirects and a proxy's silence included, however slowly it comes."""
SILENCE = 20.0
REDIRECTS = 5
AT_ONCE = 4
_VALIDATOR = re.compile(r"[ -~]{1,200}")
_UNCHANGED = httpx.codes.NOT_MODIFIED


class Wanted(Value, frozen=True):
    """A security suite to get: release (codename) and architecture."""

    release: str
    arch: str

    @property
    def name(self) -> str:
        """Name of the feed, as in `SuiteIndex`."""
        return f"{self.release}-security {self.arch}"


class _Answer(Value, frozen=True):
    status: int
    data: bytes
    validator: str


def read_suite(folder: Path, codename: str, arch: str, *, keyring: Path = KEYRING) -> SuiteIndex:
    """Verify a suite from files `CODENAME-security.InRelease` and `.Packages.xz` of a folder."""
    stem = folder / f"{codename}-security"
    release = read_release(_contents(Path(f"{stem}.InRelease"), RELEASE_LIMIT), keyring)
    _must_be(release, codename)
    packed = _contents(Path(f"{stem}.Packages.xz"), INDEX_LIMIT)
    index = read_index(release, arch, packed)
    return msgspec.structs.replace(index, source=str(folder))


def _contents(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise FeedError(f"{path}: {error.strerror}") from error
    if len(data) > limit:
        raise FeedError(f"{path}: more than {limit} bytes")
    return data


def fetch_suites(
    mirror: Mirror,
    wanted: Sequence[Wanted],
    held: Mapping[str, SuiteIndex],
    *,
    now: datetime,
    keyring: Path = KEYRING,
) -> dict[str, SuiteIndex | FeedError]:
    """Fetch and verify suites side by side; return by name what came or why it did not.

    `held` are the indexes of before, by name: what is unchanged is not fetched again.
    """
    if not re.fullmatch(r"https?://[^/\s][^\s]*", mirror.base):
        raise ConfigError(
            "--mirror", f"{mirror.base!r} is no address", hint="http://… or https://…"
        )
    return asyncio.run(_fetch_all(mirror, wanted, held, now, keyring))


async def _fetch_all(
    mirror: Mirror,
    wanted: Sequence[Wanted],
    held: Mapping[str, SuiteIndex],
    now: datetime,
    keyring: Path,
) -> dict[str, SuiteIndex | FeedError]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(suite: Wanted) -> SuiteIndex | FeedError:
        async with turn:
            try:
                index = await _fetch(client, mirror.base, suite, held.get(suite.name), keyring)
            except FeedError as error:
                return error
            return msgspec.structs.replace(index, fetched=now)

    async with _client(mirror) as client:
        answers = await asyncio.gather(*(one(suite) for suite in wanted))
    return {suite.name: answer for suite, answer in zip(wanted, answers, strict=True)}


def _client(mirror: Mirror) -> httpx.AsyncClient:
    try:
        return httpx.AsyncClient(
            timeout=SILENCE,
            verify=ssl.create_default_context(cafile=mirror.ca_file or None),
            proxy=mirror.proxy or None,
            trust_env=not mirror.direct,
            follow_redirects=True,
            max_redirects=REDIRECTS,
            headers={"User-Agent": f"auditor/{__version__}", "Accept-Encoding": "identity"},
        )
    except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
        raise ConfigError(
            "--mirror",
            f"proxy or certificates are not usable: {error}",
            hint="see Acquire::http::Proxy and Acquire::https::CaInfo of apt, and http_proxy",
        ) from error


async def _fetch(
    client: httpx.AsyncClient, base: str, suite: Wanted, held: SuiteIndex | None, keyring: Path
) -> SuiteIndex:
    folder = f"{base.rstrip('/')}/dists/{suite.release}-security"
    source = shown(folder)
    if held is not None and not (held.verified_by and held.source == source):
        held = None
    condition = _condition(held.validator) if held else {}
    answer = await _get(client, f"{folder}/InRelease", RELEASE_LIMIT, condition)
    if held is not None and answer.status == _UNCHANGED:
        return held
    release = await asyncio.to_thread(read_release, answer.data, keyring)
    _must_be(release, suite.release)
    listed = release.packages(suite.arch)
    if held is not None and release.verified_by and held.sha256 == listed.sha256:
        index = renewed(held, release)
    else:
        packed = await _packages(client, folder, release, suite.arch)
        index = await asyncio.to_thread(read_index, release, suite.arch, packed)
    return msgspec.structs.replace(index, source=source, validator=answer.validator)


async def _packages(client: httpx.AsyncClient, folder: str, release: Release, arch: str) -> bytes:
    """Fetch a package list by its hash, else by its name, which may be newer than the release."""
    listed, path = release.packages(arch), packages_path(arch)
    limit = min(INDEX_LIMIT, listed.size)
    if release.by_hash:
        place = f"{folder}/{path.rpartition('/')[0]}/by-hash/SHA256/{listed.sha256}"
        try:
            return (await _get(client, place, limit)).data
        except _MissingError:
            pass
    return (await _get(client, f"{folder}/{path}", limit)).data


class _MissingError(FeedError):
    """The mirror does not have the file."""


async def _get(
    client: httpx.AsyncClient, url: str, limit: int, headers: Mapping[str, str] | None = None
) -> _Answer:
    try:
        async with asyncio.timeout(SECONDS), client.stream("GET", url, headers=headers) as answer:
            return await _read(answer, shown(url), limit, conditional=bool(headers))
    except TimeoutError as error:
        raise FeedError(f"{shown(url)}: not there within {SECONDS:.0f} s") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise FeedError(f"{shown(url)}: {str(error) or type(error).__name__}") from error


async def _read(answer: httpx.Response, url: str, limit: int, *, conditional: bool) -> _Answer:
    if answer.status_code == httpx.codes.NOT_FOUND:
        raise _MissingError(f"{url}: HTTP 404")
    if answer.status_code != httpx.codes.OK and not (
        conditional and answer.status_code == _UNCHANGED
    ):
        raise FeedError(f"{url}: HTTP {answer.status_code}")
    if answer.headers.get("content-type", "").startswith("text/html"):
        raise FeedError(f"{url}: answers with a web page; is a log-in or a proxy in between?")
    data = bytearray()
    async for chunk in answer.aiter_raw():
        data += chunk
        if len(data) > limit:
            raise FeedError(f"{url}: more than {limit} bytes")
    validator = answer.headers.get("etag") or answer.headers.get("last-modified") or ""
    return _Answer(
        status=answer.status_code,
        data=bytes(data),
        validator=validator if _VALIDATOR.fullmatch(validator) else "",
    )


def _condition(validator: str) -> dict[str, str]:
    if not validator:
        return {}
    tagged = validator.startswith(('"', "W/"))
    return {"If-None-Match" if tagged else "If-Modified-Since": validator}


def _must_be(release: Release, codename: str) -> None:
    if release.codename != codename:
        raise FeedError(f"{release.suite} is given for {codename}-security")


def shown(url: str) -> str:
    """Return an address without the user and password that it may hold."""
    scheme, mark, rest = url.partition("://")
    place, slash, path = rest.partition("/")
    return f"{scheme}{mark}{place.rpartition('@')[2]}{slash}{path}"
