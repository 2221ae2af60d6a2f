"""Web sites made of pages, served by real nginx on loopback and crawled by the real collector.

The shortest use, in a test with pytest's `tmp_path`:

    with serve(tmp_path, model({"/wbs.html": "<html>…", "/skm.html": None})) as served:
        record = served.record(PROBE)      # what PROBE.read says of the site, over the network
        crawl = served.crawl()             # or the Crawl itself

`model(changes)` is the exemplary site as path → content, with pages replaced, added or (None) taken
away; `edited(path, old, new)` is one page of it with a text replaced, for `changes`. `serve` takes
any such mapping. Content is text or bytes; text may hold placeholders, filled when serving begins:
{{today}} {{today-10}} (2026-11-24), {{tanggal}} {{tanggal+3}} (24 November 2026), {{year}}
{{year-1}}, {{site}} (the name of the site). `now` is the clock of all of it, `NOW` by default.

More of `serve`: `variants` give other pages to some visitors (cloaking): a regular expression
without spaces, "agent:Googlebot" or "referer:google", → mapping of paths; `headers` are the header
fields of all answers; `extra` is raw nginx configuration inside the server (locations, redirects);
`names` are the sites, each of which gets a copy; `addresses` are those that nginx listens at.
`served.judged("channels")` judges the sites by all checks of checks/channels. "/404.html" is shown,
with status 404, for what is not there.
"""

import os
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from auditor.collect import Limit, Settings
from auditor.collect.pages import PagesCollector
from auditor.load.checks import _file
from auditor.model.fact import Fact, Gap
from auditor.model.inventory import Authority, City, Inventory, Opd, Scope, Target, TargetKind
from auditor.model.policy import Entry, Policy
from auditor.model.result import Result
from auditor.plan import Task, plan
from auditor.probe.base import Args, Probe, ProbeType, Via
from auditor.probe.catalogue import CATALOGUE
from auditor.probe.crawl import Crawl
from auditor.probe.fields import record
from auditor.verdict import judge
from tests.servers.certificates import NOW, issue
from tests.servers.tls_servers import free_ports, nginx_server

SITE = "dinas-contoh.batukota.go.id"
MODEL = Path(__file__).parent / "model_site"
CHECKS = Path(__file__).parents[2] / "checks"
HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
TYPES = (
    "types { text/html html htm; text/css css; text/javascript js; text/plain txt; text/csv csv; "
    "application/xml xml; application/json json; application/pdf pdf; application/gzip gz; "
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx; "
    "image/svg+xml svg; image/png png; }"
)
_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
_PLACEHOLDER = re.compile(r"\{\{(today|tanggal|year|site)([+-]\d+)?\}\}")

Content = str | bytes
Pages = Mapping[str, Content]


def read_pages(folder: Path) -> dict[str, Content]:
    """Return the files of a folder as path → content; text where it is text."""
    found: dict[str, Content] = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = file.read_bytes()
        try:
            found[f"/{file.relative_to(folder)}"] = data.decode()
        except UnicodeDecodeError:
            found[f"/{file.relative_to(folder)}"] = data
    return found


def model(changes: Mapping[str, Content | None] | None = None) -> dict[str, Content]:
    """Return the exemplary site with some pages changed, added, or (None) taken away."""
    pages: dict[str, Content | None] = {**read_pages(MODEL), **(changes or {})}
    return {path: content for path, content in pages.items() if content is not None}


def edited(path: str, old: str, new: str) -> dict[str, str]:
    """Return a change of one page of the exemplary site: `old`, which must be there, is `new`."""
    text = (MODEL / path.lstrip("/")).read_text()
    assert old in text, f"{path} does not hold {old!r}"
    return {path: text.replace(old, new)}


def filled(text: str, site: str = SITE, now: datetime = NOW) -> str:
    """Return a text with its placeholders filled."""

    def value(match: re.Match[str]) -> str:
        kind, shift = match[1], int(match[2] or 0)
        if kind == "site":
            return site
        if kind == "year":
            return str(now.year + shift)
        day = now.date() + timedelta(days=shift)
        return (
            day.isoformat() if kind == "today" else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
        )

    return _PLACEHOLDER.sub(value, text)


def crawled(seen: list[Crawl]) -> ProbeType:
    """Return a probe that reads nothing but puts the crawl into `seen`."""
    return ProbeType(
        name="crawled",
        via=Via.PAGES,
        args=Args,
        gives=record("x", "x", {}),
        doc=NO_WORDS,
        read=lambda _args, crawl: seen.append(crawl) or {},
    )


class Served:
    """Sites that are being served; ports are those in clear and over TLS."""

    def __init__(
        self, clear: int, secure: int, names: Sequence[str], log: Path, now: datetime
    ) -> None:
        self.clear = clear
        self.secure = secure
        self.names = tuple(names)
        self.site = self.names[0]
        self.log = log
        self.now = now

    def requests(self) -> list[str]:
        """Return what nginx has been asked: "GET https://site/path agent"."""
        return self.log.read_text().splitlines()

    def target(self, sites: Sequence[str] | None = None, address: str = "127.0.0.1") -> Target:
        """Return the target that serves the sites, all of them or those given."""
        return Target(
            id="web",
            opd="o",
            kind=TargetKind.SERVER,
            address=address,
            sites=tuple(sites or self.names),
        )

    def settings(self, **more: Any) -> Settings:
        """Return settings with short waits and the clock of the sites."""
        inventory = Inventory(
            city=City(name="Kota Uji", unit="Diskominfo Uji"),
            authority=Authority(
                letter="1/ST/2026",
                date=date(2026, 1, 1),
                valid_until=date(2026, 12, 31),
                scope=Scope(networks=("127.0.0.0/8", "::1/128"), domains=("localhost",)),
            ),
            opds=(Opd(id="o", name="O"),),
            targets=(),
        )
        return Settings(
            **{"inventory": inventory, "connect_timeout": 3.0, "now": lambda: self.now, **more}
        )

    def observe(
        self,
        *types: ProbeType,
        target: Target | None = None,
        seconds: float = 60.0,
        **more: Any,
    ) -> list[Fact | Gap]:
        """Return what the collector sees of a target for each probe; `more` goes to settings."""
        probes = tuple(Probe(type=kind, args=kind.args()) for kind in types)
        task = Task(via=Via.PAGES, targets=(target or self.target(),), probes=probes)
        limit = Limit(seconds, threading.Event(), time.monotonic)
        collector = PagesCollector(self.clear, self.secure, pause=0)
        return list(collector.collect(task, self.settings(**more), limit))

    def record(self, kind: ProbeType, **more: Any) -> dict[str, Any]:
        """Return what a probe says of the first site."""
        (fact,) = self.observe(kind, target=self.target((self.site,)), **more)
        assert isinstance(fact, Fact), fact
        (found,) = fact.value["sites"]
        return dict(found)

    def judged(self, folder: str, target: Target | None = None, **more: Any) -> dict[str, Result]:
        """Return what every check of a folder of `checks/` says of the sites, by its id."""
        target = target or self.target()
        errors: list[Any] = []
        places = sorted((CHECKS / folder).glob("*.yaml"))
        checks = {one.value.id: one.value for place in places for one in _file(place, errors)}
        assert checks, folder
        assert not errors, errors
        everything = Entry(use="*")
        policy = Policy(id="p", title=NO_WORDS, frameworks=(), checks=(everything,))
        inventory = self.settings(**more).inventory
        inventory = msgspec.structs.replace(inventory, targets=(target,))
        bound = plan(inventory, (policy,), checks, CATALOGUE).checks[target.id]
        kinds = {probe.type for check in bound for probe in check.questions()}
        seen = {one.probe: one for one in self.observe(*kinds, target=target, **more)}
        return {one.check: one for one in judge(target, bound, seen, self.now)}

    def crawl(self, **more: Any) -> Crawl:
        """Return what is fetched of the first site; fails where its front page is not seen."""
        seen: list[Crawl] = []
        found = self.record(crawled(seen), **more)
        assert seen, found
        return seen[0]


NO_WORDS = record("x", "x", {}).label


@contextmanager
def serve(
    folder: Path,
    pages: Pages,
    *,
    variants: Mapping[str, Pages] | None = None,
    headers: Mapping[str, str] = HEADERS,
    extra: str = "",
    names: Sequence[str] = (SITE,),
    addresses: Sequence[str] = ("127.0.0.1",),
    now: datetime = NOW,
) -> Iterator[Served]:
    """Serve pages until the block ends; see the module."""
    every = {"main": pages}
    every |= {f"v{at}": other for at, other in enumerate((variants or {}).values())}
    for name in names:
        for kind, some in every.items():
            _write(folder / "sites" / name / kind, some, name, now)
    clear, secure = free_ports()
    config = _maps(list(variants or {}), names) + _server(
        folder, clear, secure, headers, extra, addresses
    )
    log = folder / "asked.log"
    log.touch()
    with nginx_server(folder, config):
        yield Served(clear, secure, names, log, now)


def _write(root: Path, pages: Pages, site: str, now: datetime) -> None:
    root.mkdir(parents=True, exist_ok=True)
    for path, content in pages.items():
        file = root / path.lstrip("/")
        if path.endswith("/"):
            file = file / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(
            content if isinstance(content, bytes) else filled(content, site, now).encode()
        )
        os.utime(file, (now.timestamp(), now.timestamp()))


def _maps(variants: list[str], names: Sequence[str]) -> str:
    """Return the maps of nginx from a request to the folder of its site and variant."""
    by: dict[str, str] = {"agent": "", "referer": ""}
    for at, variant in enumerate(variants):
        field, _, pattern = variant.partition(":")
        by[field] += f'"~*{pattern}" v{at};'
    homes = "".join(f"{name} {name}; www.{name} {name};" for name in names)
    return f"""map_hash_max_size 8192; map_hash_bucket_size 256;
        map $host $home {{ default {names[0]}; {homes} }}
        map $http_user_agent $by_agent {{ default ""; {by["agent"]} }}
        map $http_referer $variant {{ default $by_agent; {by["referer"]} }}
        log_format asked '$request_method $scheme://$host$request_uri $http_user_agent $msec';
    """


def _server(
    folder: Path,
    clear: int,
    secure: int,
    headers: Mapping[str, str],
    extra: str,
    addresses: Sequence[str],
) -> str:
    certificate, key = issue(names=[SITE, f"www.{SITE}"]).write(folder, "site")
    listens = "".join(
        f"listen {address}:{clear}; listen {address}:{secure} ssl;" for address in addresses
    )
    fields = "".join(f'add_header {name} "{value}" always;' for name, value in headers.items())
    return f"""{TYPES} default_type application/octet-stream;
        server {{ {listens} ssl_certificate {certificate}; ssl_certificate_key {key};
            server_name _; server_tokens off; absolute_redirect off; root {folder}/sites;
            access_log {folder}/asked.log asked; charset utf-8;
            charset_types text/css text/plain text/csv application/xml;
            {fields}
            if ($scheme = http) {{ return 301 https://$host$request_uri; }}
            error_page 404 /main/404.html;
            location = /main/404.html {{ internal; try_files /$home/main/404.html =404; }}
            location = / {{ try_files /$home/$variant/index.html /$home/main/index.html =404; }}
            location / {{
                try_files /$home/$variant$uri /$home/$variant$uri/index.html
                    /$home/main$uri /$home/main$uri/index.html =404; }}
            {extra}
        }}
    """
