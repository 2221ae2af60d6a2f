"""Get a Debian suite's signed index over HTTP: bounded in time and size, from the own mirror."""

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from auditor import __version__
from auditor.errors import ConfigError
from auditor.feeds.verify import KEYRING, FeedError, read_index, read_release
from auditor.model.feed import SuiteIndex

SIZE_LIMIT = 64 * 2**20
SECONDS = 120.0
"""For one file, however slowly it comes."""
_ONE_LINE = re.compile(r"^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)", re.MULTILINE)


def fetch_suite(
    mirror: str, codename: str, arch: str, *, client: httpx.Client, keyring: Path = KEYRING
) -> SuiteIndex:
    """Fetch and verify `codename-security` from a mirror's base address."""
    base = f"{mirror.rstrip('/')}/dists/{codename}-security"
    release = read_release(_get(client, f"{base}/InRelease"), keyring)
    if release.codename != codename:
        raise FeedError(f"the mirror gives {release.suite} for {codename}-security")
    packed = _get(client, f"{base}/main/binary-{arch}/Packages.xz")
    return read_index(release, arch, packed)


def read_suite(folder: Path, codename: str, arch: str, *, keyring: Path = KEYRING) -> SuiteIndex:
    """Verify a suite from files `CODENAME-security.InRelease` and `.Packages.xz` of a folder."""
    stem = folder / f"{codename}-security"
    try:
        in_release = Path(f"{stem}.InRelease").read_bytes()
        packed = Path(f"{stem}.Packages.xz").read_bytes()
    except OSError as error:
        raise FeedError(f"{error.filename}: {error.strerror}") from error
    return read_index(read_release(in_release, keyring), arch, packed)


def new_client(proxy: str | None = None) -> httpx.Client:
    """Return a client; without `proxy` the environment's proxy settings count."""
    return httpx.Client(
        timeout=20.0,
        proxy=proxy,
        follow_redirects=True,
        max_redirects=5,
        headers={"User-Agent": f"auditor/{__version__}"},
    )


def _get(client: httpx.Client, url: str) -> bytes:
    data = bytearray()
    until = time.monotonic() + SECONDS
    try:
        with client.stream("GET", url) as answer:
            if answer.status_code != httpx.codes.OK:
                raise FeedError(f"{url}: HTTP {answer.status_code}")
            for chunk in answer.iter_raw(65_536):
                data += chunk
                if len(data) > SIZE_LIMIT or time.monotonic() > until:
                    raise FeedError(f"{url}: more than {SIZE_LIMIT} bytes or {SECONDS:.0f} s")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise FeedError(f"{url}: {str(error) or type(error).__name__}") from error
    return bytes(data)


def own_mirror(sources: Path = Path("/etc/apt")) -> str:
    """Return the base address from which this machine's own apt gets security updates."""
    for address, suite in _sources(sources):
        if suite.endswith("-security") and address.startswith(("http://", "https://")):
            return address
    raise ConfigError(
        "--mirror", "this machine's apt has no security suite", hint="name one with --mirror URL"
    )


def _sources(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (address, suite) of every binary source, in both of apt's formats."""
    for path in sorted([*folder.glob("sources.list"), *folder.glob("sources.list.d/*")]):
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.suffix == ".list":
            yield from _ONE_LINE.findall(text)
        elif path.suffix == ".sources":
            for stanza in re.split(r"\n\s*\n", text):
                fields = dict(re.findall(r"^(\w[\w-]*):\s*(.*)$", stanza, re.MULTILINE))
                for address in fields.get("URIs", "").split():
                    for suite in fields.get("Suites", "").split():
                        yield address, suite


def apt_proxy() -> str | None:
    """Return the HTTP proxy that this machine's apt uses, if any."""
    try:
        said = subprocess.run(
            ["apt-config", "shell", "P", "Acquire::http::Proxy"],  # noqa: S607 - apt's own PATH
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r"P='([^']+)'", said)
    return match[1] if match and match[1] != "DIRECT" else None
