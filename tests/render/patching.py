"""Facts about patch levels as the probes would give them, good, bad and hostile."""

from datetime import timedelta

import msgspec

from auditor.model.fact import Evidence, Fact, Gap, Why
from auditor.model.inventory import TargetKind
from auditor.model.result import Finding, FindingState
from auditor.model.shape import misfits
from auditor.probe import lifecycle, patches, reboot
from auditor.report import city
from tests.render.sample import EVIL, NOW, RUN, STEERING, summary, visits

FORMULA = "=cmd|' /C calc'!A0"
BAD = f"{EVIL}{STEERING}"


def moment(days):
    return (NOW - timedelta(days=days)).isoformat()


def action(source="openssl", days=40, due=-26, **more):
    """A row of `security`: its fix is `days` old and due in `due` days; None: next upgrade."""
    row = {
        "source": source, "packages": [f"lib{source}3", source], "have": "3.0.11-1~deb12u2",
        "want": "3.0.17-1~deb12u2", "suite": "bookworm-security", "verdict": "update_pending",
        "held": False, "cves": ["CVE-2025-9230", "CVE-2025-9231"], "kev": [], "ransomware": False,
        "advisories": ["DSA-6015-1"], "since": moment(days), "age": days * 86_400,
        "exposed": "network", "ports": ["443/tcp"], "automatable": "yes", "total": "no",
        "derived": False, "percentile": 87, "cvss": "7.5", "band": "soon",
        "due": "" if due is None else f"{(NOW + timedelta(days=due)).date()}T00:00:00+00:00",
        "overdue": due is not None and due < 0,
        "reason_id": "CVE-2025-9230: terjangkau dari jaringan lewat 443/tcp",
        "reason_en": "CVE-2025-9230: reached from the network on 443/tcp",
    }  # fmt: skip
    return row | more


def exploited(source="freetype", **more):
    """A row whose weakness is known to be exploited, on an exposed target."""
    known = {
        "cves": ["CVE-2025-27363"], "kev": ["CVE-2025-27363"], "ransomware": True,
        "percentile": 99, "cvss": "8.1", "exposed": "internet", "band": "now",
        "reason_id": "CVE-2025-27363: sudah dieksploitasi (KEV sejak 2025-05-06)",
        "reason_en": "CVE-2025-27363: known to be exploited (KEV since 2025-05-06)",
    }  # fmt: skip
    return action(source, **({"due": -30} | known | more))


def kernel(**more):
    """A row of `restart`."""
    values = {
        "packages": ["linux-image-6.1.0-35-amd64"], "have": "6.1.137-1", "want": "6.1.153-1",
        "verdict": "installed_not_running", "exposed": "none", "ports": [], "due": 5,
        "overdue": False, "cves": [f"CVE-2025-{n}" for n in range(38_000, 38_060)],
    }  # fmt: skip
    return action("linux", **(values | more))


def fact(name, value, target="web0", probe=None):
    if probe is not None:
        assert list(misfits(value, probe.gives)) == []
    return Fact(target=target, probe=name, value=value, evidence=Evidence(source="x", seen_at=NOW))


def level(*security, target="web0", restart=(), age=1, stale=False, **more):
    """The fact `patches`."""
    value = {
        "release": "bookworm", "count": len(security), "security": list(security),
        "restart": list(restart),
        "open": [
            {"source": "zlib", "verdict": "open_minor", "have": "1:1.2.13",
             "cves": ["CVE-2023-45853"], "kev": [], "note": "ignored"},
            {"source": "vim", "verdict": "open_no_fix", "have": "9.0", "cves": ["CVE-2024-1"],
             "kev": [], "note": ""},
        ],
        "unsupported": [
            {"source": "pdns", "packages": ["pdns-server"], "ended": moment(90), "limited": False,
             "note": "no longer mended"},
            {"source": "qtwebkit", "packages": ["libqt5webkit5"], "ended": "", "limited": True,
             "note": ""},
            {"source": "lxd", "packages": ["lxd"], "ended": "", "limited": False, "note": ""},
        ],
        "third_party": [{"name": "docker-ce", "version": "5:27", "source": "docker-ce"}],
        "packages": 350, "covered": 349, "coverage": 99,
        "verdicts": {"fixed": 400, "not_affected": 12, "update_pending": len(security)},
        "feeds": [
            {"name": "bookworm-security amd64", "kind": "suite", "date": moment(age),
             "age": age * 86_400, "state": "stale" if stale else "fresh", "trust": "signed",
             "signed_by": "4CB50190207B4758A3F73A796ED0E7B82643E131"},
            {"name": "kev", "kind": "kev", "date": moment(3), "age": 3 * 86_400,
             "state": "ageing", "trust": "tls", "signed_by": ""},
        ],
        "priorities": "bod-26-04", "index_date": moment(age), "index_age": age * 86_400,
        "stale": stale, "verified_by": "4CB50190207B4758A3F73A796ED0E7B82643E131",
    }  # fmt: skip
    return fact("patches", value | more, target, patches.PROBE)


def gap(why=Why.NO_DATA, detail="no security index is held", target="web0", probe="patches"):
    return Gap(target=target, probe=probe, why=why, detail=detail)


def support(days=600, target="web0", phase="full", release="debian 12 bookworm"):
    value = {
        "release": release, "eol": moment(-days), "supported": days >= 0, "days_left": days,
        "phase": phase if days >= 0 else "ended",
    }  # fmt: skip
    return fact("lifecycle", value, target, lifecycle.PROBE)


def restarting(required=True, target="web0"):
    value = {
        "required": required, "packages": [], "running": "6.1.0-32-amd64",
        "newest": "6.1.0-35-amd64", "reason": "kernel",
    }  # fmt: skip
    return fact("reboot", value, target, reboot.PROBE)


def upkeep(days=2, target="web0", **more):
    return fact("updates", {"manager": "apt", "lists_time": moment(days)} | more, target)


def hostile(target="web0"):
    """A fact in which every text wants to break out."""
    row = {
        "source": f"a{EVIL}", "packages": [BAD], "have": FORMULA, "want": BAD, "suite": BAD,
        "cves": [BAD] * 3, "kev": [BAD], "advisories": [FORMULA, BAD], "reason_id": BAD,
        "reason_en": FORMULA, "ports": ["1/tcp"], "cvss": "high",
    }  # fmt: skip
    return level(
        action() | row | {"due": "soon"},
        target=target,
        restart=[kernel() | row | {"source": BAD}],
        open=[{"source": BAD, "verdict": "undetermined", "have": BAD, "cves": [BAD], "kev": [BAD],
               "note": BAD}],
        unsupported=[{"source": BAD, "packages": [BAD], "ended": "", "limited": False,
                      "note": BAD}],
        third_party=[{"name": BAD, "version": FORMULA, "source": BAD}],
        feeds=[{"name": BAD, "kind": BAD, "date": moment(1), "age": 86_400, "state": "fresh",
                "trust": "none", "signed_by": BAD}],
        priorities=BAD,
        release=BAD,
    )  # fmt: skip


def many(number, target):
    """A fact with as many updates as wanted."""
    rows = [action(f"paket{n}", due=n % 40 - 20, want=f"1.{n}") for n in range(number)]
    return level(*rows, target=target)


FLEET = {
    "web0": lambda n: (
        level(exploited(), action(), action("curl", due=None, exposed="none", ports=[],
              cves=[], percentile=-1, cvss="", advisories=[]), target=n, restart=[kernel()]),
        support(target=n), restarting(target=n), upkeep(target=n, automatic=True),
    ),
    "web1": lambda n: (hostile(n), support(-80, target=n, release=f"debian 10 {BAD}"),
                       restarting(required=False, target=n), upkeep(days=60, target=n)),
    "web2": lambda n: (gap(target=n, detail=BAD),),
    "web3": lambda n: (level(action("git"), target=n, age=20, stale=True), support(target=n)),
    "web4": lambda n: (level(target=n), support(200, target=n, phase="lts")),
    "web5": lambda n: (gap(Why.UNSUPPORTED, f"support of Debian {BAD} ended", n),
                       support(-400, target=n)),
    "web6": lambda n: (partly(n), support(target=n)),
}  # fmt: skip
"""What was seen of each target; the last target of the sample's city was never come to."""


def partly(target="web6"):
    """A fact of which parts could not be seen: the KEV mark and what no update mends."""
    row = action("sudo", due=10)
    del row["kev"], row["ransomware"]
    row["gap"] = {"why": "no_data", "detail": "no catalogue (KEV) is held"}
    whole = level(row, target=target)
    value = dict(whole.value)
    for name in ("open", "third_party", "covered", "coverage"):
        del value[name]
    value["gap"] = {"why": "no_data", "detail": "no list of all packages is held"}
    return fact("patches", value, target, patches.PROBE)


def look(target):
    made = FLEET.get(target)
    return made(target) if made else ()


def before(target):
    """The run before: web0 lacked one more update, web4 one whose fix was out for 5 days."""
    if target == "web0":
        return (level(exploited(), action(), action("bind9", days=31), target=target),
                support(target=target))  # fmt: skip
    if target == "web4":
        return (level(action("nginx", days=5), target=target), support(target=target))
    return ()


def finding(item, target="web0", state=FindingState.FIXED, check="patch.security-updates", **more):
    from auditor.model.base import Text
    from auditor.model.check import Foundation, Severity

    values = {
        "first_seen": NOW - timedelta(days=20), "last_seen": NOW - timedelta(days=10),
        "fixed_at": NOW - timedelta(days=8) if state is FindingState.FIXED else None,
    }  # fmt: skip
    return Finding(
        id=f"{check}-{target}-{item}", check=check, target=target, item=item,
        severity=Severity.HIGH, foundation=Foundation.SECURITY, state=state,
        message=Text(id="x", en="y"), **(values | more),
    )  # fmt: skip


REMEMBERED = (
    finding("libxml2"),
    finding("bind9", fixed_at=NOW),
    finding("gone", state=FindingState.UNSEEN),
    finding("", check="patch.reboot", state=FindingState.OPEN),
)


def patched(number=8, seen=look, previous=before, findings=REMEMBERED):
    """A summary with the patch level in it."""
    made = summary(visits(min(number, 7)), number=number)
    whole = city(RUN, made.targets, seen, findings=findings, previous=previous)
    return msgspec.structs.replace(made, patch=whole)


def sites(rows):
    """The same rows as sites, which have no packages."""
    return [
        msgspec.structs.replace(
            row, target=msgspec.structs.replace(row.target, kind=TargetKind.SITE)
        )
        for row in rows
    ]
