"""The TLS checks of 50 servers: ours against sslyze's smallest command set and testssl.sh.

Run: `python -m tests.bench.bench_tls [servers]`. Each measurement is a process of its own.
Ours goes the way of a run: checks read, planned, collected, judged.
"""

import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.servers.certificates import SITE
from tests.servers.tls_servers import free_port

SERVERS = 50
AT_ONCE = 10
"""Servers that are looked at side by side; sslyze's own default."""
BY_TESTSSL = 2
"""Servers that testssl.sh looks at, one after another: it needs a quarter of a minute for each."""
ROUNDS = 3
NEEDED = {"testssl.sh": {"wall": 100}, "sslyze": {"CPU": 8, "memory": 5}}
"""How many times less than each ours must take."""


class Row(NamedTuple):
    """What a tool took for all servers: wall and CPU in seconds, peak memory in MB."""

    what: str
    wall: float
    cpu: float
    memory: float | None


class Verdicts(NamedTuple):
    """What a tool says of a server; `keys` are those of the certificates that it shows."""

    versions: list[str]
    suites: list[str]
    days_left: int
    trusted: bool
    signature: str
    keys: list[str]


def _address(number: int) -> str:
    return f"127.0.1.{number + 1}"


class Audit(NamedTuple):
    """What is asked, of whom, and the way to it."""

    checks: dict
    policies: tuple
    settings: object
    targets: tuple
    opener: object


def _audit(count: int, port: int, root: str, checks: dict) -> Audit:
    from datetime import UTC, date, datetime

    import msgspec

    from auditor.collect import Settings
    from auditor.collect.tls import TlsCollector
    from auditor.load.policies import load_policy
    from auditor.model.inventory import Authority, City, Inventory, Opd, Scope, Target
    from auditor.model.policy import Entry

    targets = tuple(
        Target(id=f"t{n}", opd="o", address=_address(n), sites=(SITE,)) for n in range(count)
    )
    inventory = Inventory(
        city=City(name="K"),
        authority=Authority(
            letter="1", date=date(2026, 1, 1), valid_until=date.max, scope=Scope(("127.0.0.0/8",))
        ),
        opds=(Opd(id="o", name="O"),),
        targets=targets,
        ca_file=root,
    )
    policies = tuple(
        msgspec.structs.replace(policy, checks=(Entry(use="tls.*"),))
        for policy in load_policy("network-internet")
    )
    wanted = {
        name: check
        for name, check in checks.items()
        if name.startswith("tls.")
        and all(kind in _OURS for question in check.probe.values() for kind in question)
    }
    print(f"{len(wanted)} checks", file=sys.stderr)
    settings = Settings(inventory=inventory, now=lambda: datetime.now(UTC))
    return Audit(wanted, policies, settings, targets, lambda *_, **__: TlsCollector(https=port))


_OURS = {"tls", "shared_keys"}
"""Probe types whose facts come from the TLS view alone."""


def ours(count: int, port: int, root: str) -> dict[str, Verdicts]:
    """Collect and judge the TLS checks of the policy `network-internet`."""
    from auditor.collect.engine import Engine, settle
    from auditor.fleet import Fleet, over_fleet
    from auditor.load.checks import _file
    from auditor.model.feed import Feeds
    from auditor.plan import plan
    from auditor.probe.catalogue import CATALOGUE
    from auditor.verdict import join, judge, visit

    errors: list = []
    places = sorted((Path(__file__).parents[2] / "checks" / "tls").glob("*.yaml"))
    checks = {one.value.id: one.value for place in places for one in _file(place, errors)}
    asked = _audit(count, port, root, checks)
    inventory = asked.settings.inventory
    work = plan(inventory, asked.policies, asked.checks, CATALOGUE, asked.targets)
    settle()
    now = asked.settings.now()
    fleet = Fleet(work.checks)
    items, visits = {}, []
    engine = Engine(asked.settings, jobs=AT_ONCE, stopped=threading.Event(), opener=asked.opener)
    for done in engine.run(work.tasks):
        (target,) = done.task.targets
        seen = {observation.probe: observation for observation in done.observations}
        seen = join(target, work.derived[target.id], seen, Feeds(), now)
        alone = tuple(bound for bound in work.checks[target.id] if not over_fleet(bound))
        results = judge(target, alone, seen, now)
        fleet.add(target, seen.values())
        visits.append((target, visit(target, work, seen, now, done.ms, results)))
        items[target.address] = _item(seen.values())
    for target, visited in visits:
        results = fleet.amended(visited, target, now).results
        assert len(results) == len(asked.checks)
        unseen = [(r.check, r.reasons[0].message.en) for r in results if r.status == "error"]
        assert not unseen, unseen
    return _verdicts(items)


def run(count: int, port: int, root: str) -> dict[str, Verdicts]:
    """Run them as the command `scan` does: all checks read, facts and results stored."""
    from auditor import audit
    from auditor.load.checks import load_checks
    from auditor.model.feed import Feeds
    from auditor.store import open_store

    asked = _audit(count, port, root, load_checks())
    request = audit.Request(
        settings=asked.settings,
        policies=asked.policies,
        checks=asked.checks,
        frameworks=(),
        feeds=Feeds(),
        targets=asked.targets,
        scope="bench",
        jobs=AT_ONCE,
    )
    audit.Engine = _engine(audit.Engine, asked.opener)
    with tempfile.TemporaryDirectory() as home, open_store(home, lock=True) as store:
        done = audit.scan(request, store, threading.Event(), _Quiet())
        judged = {v.target: {r.check: r.status for r in v.results} for v in store.visits(done.id)}
        assert len(judged) == count
        unseen = {check for said in judged.values() for check in said if said[check] == "error"}
        assert not unseen, unseen
        items = {
            target.address: _item(store.observations(done.id, target.id))
            for target in asked.targets
        }
    return _verdicts(items)


def _engine(engine, opener):
    return lambda settings, **options: engine(settings, opener=opener, **options)


class _Quiet:
    def begun(self, *_):
        pass

    def visited(self, _):
        pass


def _item(observations):
    told = next(o for o in observations if o.probe == "tls").value["endpoints"]
    (item,) = told
    return item


def _verdicts(items) -> dict[str, Verdicts]:
    return {
        address: Verdicts(
            item["versions"],
            sorted(item["suites"]),
            item["cert"]["days_left"],
            item["cert"]["trusted"],
            item["cert"]["signature"],
            [f"{item['cert']['key_type']} {item['cert']['key_bits']}"],
        )
        for address, item in items.items()
    }


def sslyze(count: int, port: int, root: str) -> dict[str, Verdicts]:
    """Look through sslyze: suites of every version, and the certificates."""
    from sslyze import ScanCommand

    from tests.servers import peers, sslyze_oracle

    servers = [peers.Server(_address(n), port, address=_address(n)) for n in range(count)]
    commands = {*sslyze_oracle.COMMANDS.values(), ScanCommand.CERTIFICATE_INFO}
    found = {}
    for result in sslyze_oracle.scan(servers, commands, Path(root)):
        said = sslyze_oracle.verdicts(result.scan_result)
        found[result.server_location.ip_address] = _of_peer(said)
    return found


def _of_peer(said) -> Verdicts:
    return Verdicts(
        sorted(said["versions"]),
        sorted({line.partition(" ")[2] for line in said["suites"]}),
        said["days left"],
        said["trusted"],
        said["signature"],
        sorted(said["key"].split(" and ")),
    )


def testssl(count: int, port: int, root: str) -> dict[str, Verdicts]:
    """Look at some servers through testssl.sh: protocols, certificates, suites."""
    from tests.servers import peers

    with tempfile.TemporaryDirectory() as folder:
        return {
            _address(n): _of_peer(
                peers.testssl(
                    peers.Server(_address(n), port, address=_address(n)),
                    Path(root),
                    Path(folder),
                    peers.TESTSSL_MINIMAL,
                )
            )
            for n in range(count)
        }


def main(count: int = SERVERS) -> list[Row]:
    """Measure all on the same servers, ours first; a verdict that differs is an AssertionError.

    The best of some rounds in turns counts, for each figure: other work only ever adds to it.
    """
    with _servers(count) as (port, root):
        rounds: list[list[Row]] = []
        for _ in range(ROUNDS):
            mine, row = _measure("ours", count, port, root)
            stored, whole_row = _measure("run", count, port, root)
            theirs, sslyze_row = _measure("sslyze", count, port, root)
            assert mine == stored
            _assert_same(mine, theirs)
            rounds.append([row, whole_row, sslyze_row])
        few = min(count, BY_TESTSSL)
        some, testssl_row = _measure("testssl", few, port, root)
    _assert_same({address: mine[address] for address in some}, some)
    each = testssl_row.wall / few, testssl_row.cpu / few
    best = [_best(rows) for rows in zip(*rounds, strict=True)]
    return [
        best[0]._replace(what="ours: TLS checks of network-internet, collected and judged"),
        best[1]._replace(what="ours: the same as a whole run: all checks read, all stored"),
        best[2]._replace(what="sslyze: certificate, suites of SSL 3.0 to TLS 1.3"),
        Row(
            f"testssl.sh -p -S -E: {each[0]:.1f} s a server (mean of {few}), times {count}",
            each[0] * count,
            each[1] * count,
            None,
        ),
    ]


def _best(rows: tuple[Row, ...]) -> Row:
    return Row(rows[0].what, *(min(figures) for figures in list(zip(*rows, strict=True))[1:]))


def _assert_same(mine: dict[str, Verdicts], theirs: dict[str, Verdicts]) -> None:
    assert mine.keys() == theirs.keys()
    for address, said in mine.items():
        assert said._replace(keys=[]) == theirs[address]._replace(keys=[]), (said, theirs[address])
        assert set(said.keys) <= set(theirs[address].keys)


@contextmanager
def _servers(count: int) -> Iterator[tuple[int, str]]:
    """Run nginx at one port of many addresses, with two certificates each."""
    from tests.servers.tls_faults import Papers, running_nginx

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        papers = Papers(folder)
        pairs = [papers.write(key, papers.leaf(key), papers.chain) for key in ("rsa", "ec")]
        shown = "ssl_protocols TLSv1.2 TLSv1.3; " + "".join(
            f"ssl_certificate {c}; ssl_certificate_key {k};" for c, k in pairs
        )
        port = free_port()
        blocks = "".join(
            f"server {{ listen {_address(n)}:{port} ssl; {shown}}}\n" for n in range(count)
        )
        with running_nginx(folder, blocks):
            yield port, str(papers.root_file)


def _measure(name: str, count: int, port: int, root: str) -> tuple[dict[str, Verdicts], Row]:
    """Run a tool in a process of its own; its peak memory is that of Python alone."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    command = [sys.executable, "-m", "tests.bench.bench_tls", name, str(count), str(port), root]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    wall = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    said = json.loads(answer.stdout)
    found = {address: Verdicts(*verdicts) for address, verdicts in said["verdicts"].items()}
    return found, Row(name, wall, cpu, said["peak"])


def _peak() -> float:
    """Return the peak memory of this process in MB (ru_maxrss would count the parent's)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _show(rows: list[Row]) -> None:
    print("TLS 1.2 and 1.3, two certificates each, one nginx")
    print(f"{'wall s':>8}{'CPU s':>8}{'peak MB':>9}")
    for what, wall, cpu, memory in rows:
        print(f"{wall:8.1f}{cpu:8.1f}{f'{memory:.0f}' if memory else '-':>9}  {what}")
    mine, _, by_sslyze, by_testssl = rows
    print(f"times less than sslyze: wall {by_sslyze.wall / mine.wall:.1f}, ", end="")
    print(f"CPU {by_sslyze.cpu / mine.cpu:.1f} (needed {NEEDED['sslyze']['CPU']}), ", end="")
    print(f"memory {by_sslyze.memory / mine.memory:.1f} (needed {NEEDED['sslyze']['memory']})")
    print(f"times faster than testssl.sh: {by_testssl.wall / mine.wall:.0f} ", end="")
    print(f"(needed {NEEDED['testssl.sh']['wall']})")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        tool = {"ours": ours, "run": run, "sslyze": sslyze, "testssl": testssl}[sys.argv[1]]
        said = tool(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
        print(json.dumps({"verdicts": said, "peak": _peak()}))
    else:
        _show(main(int(sys.argv[1]) if len(sys.argv) > 1 else SERVERS))
