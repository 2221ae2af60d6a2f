"""Fetch one file to disk: bounded in time and size, a chunk in memory, never more believed."""

import asyncio
import hashlib
import re
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx

from auditor import __version__
from auditor.errors import ConfigError, StoreError
from auditor.feeds.apt import Mirror
from auditor.feeds.errors import FeedError, MissingError
from auditor.model.base import Value

SILENCE = 20.0
"""Seconds without a byte after which a site is left."""
REDIRECTS = 5
_VALIDATOR = re.compile(r"[ -~]{1,200}")
_UNREACHABLE = (httpx.ConnectError, httpx.ConnectTimeout)
ROUTE = "check the way out (http_proxy, https_proxy), or bring a bundle: auditor feeds import"
MOVED = "has the address moved? Set `urls` or `mirror` in feeds.yaml of the home folder"
LATER = "try again later; what is held stays"


class Bounds(Value, frozen=True):
    """How much a file may take: bytes, and seconds in all, redirects and silence included."""

    size: int
    seconds: float = 120.0


class Download(Value, frozen=True):
    """A file that came; `path` is None where the site says that it is unchanged."""

    path: Path | None
    sha256: str = ""
    size: int = 0
    validator: str = ""
    """ETag, else Last-Modified, as the site wrote it."""
    modified: datetime | None = None
    """Last-Modified, UTC."""


def client(mirror: Mirror) -> httpx.AsyncClient:
    """Return a client that goes through a mirror's proxy and trusts its authority."""
    try:
        return httpx.AsyncClient(
            timeout=SILENCE,
            verify=ssl.create_default_context(cafile=mirror.ca_file or None),
            proxy=mirror.proxy or None,
            trust_env=not mirror.direct,
            headers={"User-Agent": f"auditor/{__version__}", "Accept-Encoding": "identity"},
        )
    except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
        raise ConfigError(
            "--mirror",
            f"proxy or certificates are not usable: {error}",
            hint="see Acquire::http::Proxy and Acquire::https::CaInfo of apt, and http_proxy",
        ) from error


async def download(
    client: httpx.AsyncClient, url: str, target: Path, bounds: Bounds, validator: str = ""
) -> Download:
    """Write what an address gives to `target`; raises `FeedError`, `MissingError` for a 404.

    `validator` is that of the copy that is held: what is unchanged is not sent again. Where no
    connection comes about, it is tried once more.
    """
    try:
        async with asyncio.timeout(bounds.seconds):
            try:
                return await _follow(client, url, target, bounds.size, validator)
            except _UNREACHABLE:
                return await _follow(client, url, target, bounds.size, validator)
    except TimeoutError as error:
        problem = f"{shown(url)}: not there within {bounds.seconds:.0f} s"
        raise FeedError(problem, LATER) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        words = str(error) or type(error).__name__
        raise FeedError(f"{shown(url)}: {words}", ROUTE) from error


async def _follow(
    client: httpx.AsyncClient, url: str, target: Path, limit: int, validator: str
) -> Download:
    condition = _condition(validator)
    request = client.build_request("GET", url, headers=condition)
    for _ in range(REDIRECTS + 1):
        answer = await client.send(request, stream=True)
        try:
            if answer.next_request is None:
                return await _read(answer, shown(url), target, limit, conditional=bool(condition))
            _must_be_allowed(request.url, answer.next_request.url, shown(url))
            request = answer.next_request
        finally:
            await answer.aclose()
    raise FeedError(f"{shown(url)}: more than {REDIRECTS} redirects", MOVED)


def _must_be_allowed(here: httpx.URL, there: httpx.URL, asked: str) -> None:
    if there.scheme not in ("http", "https"):
        raise FeedError(f"{asked}: redirects to the protocol {there.scheme!r}", MOVED)
    if (here.scheme, there.scheme) == ("https", "http"):
        raise FeedError(f"{asked}: redirects from https to http, which anyone can change", MOVED)


async def _read(
    answer: httpx.Response, url: str, target: Path, limit: int, *, conditional: bool
) -> Download:
    status = answer.status_code
    if status in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
        raise MissingError(f"{url}: HTTP {status}", MOVED)
    if conditional and status == httpx.codes.NOT_MODIFIED:
        return Download(path=None)
    if status != httpx.codes.OK:
        raise FeedError(f"{url}: HTTP {status}", LATER)
    if answer.headers.get("content-type", "").startswith("text/html"):
        problem = f"{url}: answers with a web page; is a log-in or a proxy in between?"
        raise FeedError(problem, "open the address in a browser on this machine")
    digest, size = await _written(answer, url, target, limit)
    tag, modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
    validator = tag or modified
    return Download(
        path=target,
        sha256=digest,
        size=size,
        validator=validator if _VALIDATOR.fullmatch(validator) else "",
        modified=_moment(modified),
    )


async def _written(answer: httpx.Response, url: str, target: Path, limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    too_long = FeedError(
        f"{url}: more than {limit} bytes", "if that is right, raise `megabytes` in feeds.yaml"
    )
    if int(answer.headers.get("content-length", "0")) > limit:
        raise too_long
    try:
        with target.open("wb") as file:
            async for chunk in answer.aiter_raw():
                size += len(chunk)
                if size > limit:
                    raise too_long
                digest.update(chunk)
                file.write(chunk)
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror}") from error
    return digest.hexdigest(), size


def _condition(validator: str) -> dict[str, Any]:
    if not validator:
        return {}
    tagged = validator.startswith(('"', "W/"))
    return {"If-None-Match" if tagged else "If-Modified-Since": validator}


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError):
        return None


def shown(url: str) -> str:
    """Return an address without the user and password that it may hold."""
    scheme, mark, rest = url.partition("://")
    place, slash, path = rest.partition("/")
    return f"{scheme}{mark}{place.rpartition('@')[2]}{slash}{path}"
