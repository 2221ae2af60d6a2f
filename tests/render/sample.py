"""A run as the store would give it: four offices, gaps, and text that wants to break out."""

from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase

from auditor.findings import track
from auditor.load.checks import load_checks
from auditor.load.frameworks import load_frameworks
from auditor.load.policies import load_policy
from auditor.model.base import Text
from auditor.model.fact import Evidence, Fact
from auditor.model.inventory import Authority, City, Inventory, Opd, Scope, Tags, Target
from auditor.model.result import Reason, Result, Run, RunState, Status, TargetState, Visit
from auditor.report import gather

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
EVIL = "<script>document.title='pwned'</script>\"><img src=x onerror=alert(1)>{{7*7}}"
STEERING = "\x1b[31mmerah\x1b]0;judul\x07 \u202ekanan\u2066 \x9b2J"
LONG = "A" * 100_000
HOSTILE = f"{EVIL} {STEERING}"
OPDS = tuple(
    Opd(id=name, name=words, head=f"Kepala {words}")
    for name, words in (
        ("kominfo", "Dinas Komunikasi dan Informatika"),
        ("dinkes", "Dinas Kesehatan"),
        ("dukcapil", "Dinas Kependudukan dan Pencatatan Sipil"),
        ("bapenda", f"Badan Pendapatan Daerah {EVIL}"),
    )
)
CHECKS = {
    name: check
    for name, check in load_checks().items()
    if any(fnmatchcase(name, entry.use) for entry in load_policy("quick")[-1].checks)
}
"""Those of one policy: the pages are about their number only where a test says so."""
POLICIES = load_policy("spbe")
FRAMEWORKS = load_frameworks(POLICIES)
STATUSES = (Status.PASS, Status.FAIL, Status.PASS, Status.ERROR, Status.NOT_APPLICABLE)
STATES = (TargetState.SEEN, TargetState.PARTLY, TargetState.UNREACHABLE)


def inventory(number=8) -> Inventory:
    targets = tuple(
        Target(
            id=f"web{n}",
            opd=OPDS[n % 4].id,
            address=f"10.0.{n // 250}.{n % 250}",
            name=f"Peladen {n} {HOSTILE}" if n == 1 else "",
            sites=("web.batu.lab",) if n % 2 else (),
            tags=Tags(kategori_se="tinggi", data_pribadi=True, iiv=True) if n % 3 == 0 else Tags(),
        )
        for n in range(number)
    )
    return Inventory(
        city=City(name="Kota Batu", unit="Diskominfo"),
        authority=Authority(
            letter="800/123/35.79.4/2026",
            date=NOW.date(),
            valid_until=NOW.date() + timedelta(days=90),
            scope=Scope(networks=("10.0.0.0/8",), domains=("batu.lab",)),
            issued_by="Sekretaris Daerah",
        ),
        opds=OPDS,
        targets=targets,
    )


def visit(number: int) -> Visit:
    results = []
    for n, check in enumerate(CHECKS.values()):
        status = STATUSES[(n + number) % len(STATUSES)]
        rest = f"{HOSTILE} {LONG if n == 0 else ''}"
        words = Text(id=f"Port terbuka: {rest}", en=f"Open port: {rest}")
        items = [f"{n}/tcp" for n in range(3 if n % 7 else 120)] if status is Status.FAIL else [""]
        results.append(
            Result(
                check=check.id,
                target=f"web{number}",
                status=status,
                severity=check.severity,
                foundation=check.foundation,
                reasons=tuple(
                    Reason(status=status, message=words, item=item, place=f"/etc/x:1 {HOSTILE}")
                    for item in items
                ),
                probes=("sshd",),
                more=5 if n == 3 else 0,
            )
        )
    return Visit(
        target=f"web{number}",
        state=STATES[number % 3],
        reason="" if number % 3 == 0 else HOSTILE,
        started=NOW,
        ms=10,
        results=tuple(results),
    )


RUN = Run(
    id="20261124-0100-aaaa", started=NOW, ended=NOW + timedelta(minutes=5),
    state=RunState.INCOMPLETE, scope="policy=spbe", policy="spbe", tool_version="0.1.0",
)  # fmt: skip
EARLIER = Run(
    id="20261123-0100-bbbb", started=NOW - timedelta(days=1), ended=NOW, state=RunState.COMPLETE,
    scope="policy=spbe", policy="spbe", tool_version="0.1.0",
)  # fmt: skip


def visits(number=7) -> list[Visit]:
    return [visit(n) for n in range(number)]


def findings(seen):
    return track({}, [result for one in seen for result in one.results], NOW)


def summary(seen, number=8, previous=None, found=None, waivers=()):
    return gather(
        RUN,
        seen,
        inventory=inventory(number),
        policies=POLICIES,
        checks=tuple(CHECKS.values()),
        frameworks=FRAMEWORKS,
        targets=tuple(f"web{n}" for n in range(number)),
        findings=findings(seen) if found is None else found,
        waivers=waivers,
        previous=previous,
        digest="ab" * 32,
    )


def evidence(target):
    seen = Evidence(source=f"sshd -T {HOSTILE}", excerpt=HOSTILE * 3 + LONG, seen_at=NOW)
    return {"sshd": Fact(target=target, probe="sshd", value={}, evidence=seen)}
