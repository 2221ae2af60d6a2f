"""A small world for the judge: one probe type with every kind of field, one target."""

from datetime import UTC, datetime

from auditor.bind import BoundCheck
from auditor.model.base import TargetId, Text
from auditor.model.check import (
    Applies,
    Assertion,
    Check,
    Each,
    Expectation,
    Fix,
    Group,
    Op,
    Quantifier,
    Severity,
)
from auditor.model.fact import Evidence, Fact, Field, Gap, Kind, Why
from auditor.probe.base import Args, Probe, ProbeType, Via

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
WEB = TargetId("web1")


def text(words: str) -> Text:
    return Text(id=words, en=f"{words} (en)")


def field(kind: Kind, label: str, **more: object) -> Field:
    return Field(kind=kind, label=text(label), **more)


ITEMS = field(
    Kind.TABLE,
    "Akun",
    key=("name",),
    fields={
        "name": field(Kind.TEXT, "Nama"),
        "uid": field(Kind.INT, "UID"),
        "password": field(Kind.TEXT, "Kata sandi"),
        "cert": field(
            Kind.RECORD, "Sertifikat", fields={"days_left": field(Kind.INT, "Sisa hari")}
        ),
        "ports": field(Kind.PORTS, "Port", may_be_empty=True),
    },
)
WORLD = field(
    Kind.RECORD,
    "Dunia",
    fields={
        "valid": field(Kind.BOOL, "Sah"),
        "message": field(Kind.TEXT, "Pesan"),
        "number": field(Kind.INT, "Angka"),
        "word": field(Kind.TEXT, "Kata"),
        "flag": field(Kind.BOOL, "Tanda"),
        "words": field(Kind.TEXTS, "Daftar kata", may_be_empty=True),
        "ports": field(Kind.PORTS, "Port terbuka", may_be_empty=True),
        "mode": field(Kind.MODE, "Izin"),
        "age": field(Kind.DURATION, "Umur"),
        "seen": field(Kind.TIME, "Waktu"),
        "version": field(Kind.VERSION, "Versi"),
        "users": ITEMS,
        "rows": field(Kind.TABLE, "Baris", key=("name",), may_be_empty=True, fields=ITEMS.fields),
        "kv": field(Kind.RECORD, "Setelan", others=field(Kind.TEXT, "Nilai")),
        "inner": field(Kind.RECORD, "Dalam", fields={"number": field(Kind.INT, "Angka dalam")}),
    },
)


class WorldArgs(Args, frozen=True):
    which: str = ""


WORLD_TYPE = ProbeType(
    name="world", via=Via.SSH, args=WorldArgs, gives=WORLD, doc=text("Segala hal")
)
OS_TYPE = ProbeType(
    name="os",
    via=Via.SSH,
    args=WorldArgs,
    doc=text("Sistem operasi"),
    gives=field(Kind.RECORD, "Sistem operasi", fields={"id": field(Kind.TEXT, "Nama")}),
)


class PackageArgs(Args, frozen=True):
    name: tuple[str, ...] = ()


PACKAGE_TYPE = ProbeType(
    name="package",
    via=Via.SSH,
    args=PackageArgs,
    doc=text("Paket"),
    gives=field(Kind.RECORD, "Paket"),
)
WORLD_PROBE = Probe(type=WORLD_TYPE, args=WorldArgs())
OS_PROBE = Probe(type=OS_TYPE, args=WorldArgs())
PACKAGE_PROBE = Probe(type=PACKAGE_TYPE, args=PackageArgs(name=("nginx",)))


def check(*expect: Expectation, applies: Applies | None = None, **more: object) -> Check:
    return Check(
        id="test.check",
        title=text("Judul"),
        why=text("Sebab"),
        fix=Fix(id="Perbaiki", en="Mend"),
        severity=Severity.HIGH,
        probe={"w": {"world": {}}},
        expect=expect,
        applies=applies or Applies(),
        **more,
    )


def bound(*expect: Expectation, applies: Applies | None = None, **more: object) -> BoundCheck:
    return BoundCheck(
        check=check(*expect, applies=applies),
        severity=Severity.HIGH,
        params={},
        probes={"w": WORLD_PROBE},
        expect=expect,
        **more,
    )


def fact(probe: Probe, **value: object) -> dict[str, Fact]:
    return {
        probe.key: Fact(target=WEB, probe=probe.key, value=value, evidence=Evidence(source="test"))
    }


def seen(**value: object) -> dict[str, Fact]:
    return fact(WORLD_PROBE, **value)


def gap(probe: Probe = WORLD_PROBE, why: Why = Why.NEEDS_ROOT) -> dict[str, Gap]:
    return {probe.key: Gap(target=WEB, probe=probe.key, why=why, detail="perlu root")}


def that(path: str, op: str, operand: object) -> Assertion:
    return Assertion(path=path, op=Op(op), operand=operand)


def group(quantifier: str, *of: Expectation) -> Group:
    return Group(quantifier=Quantifier(quantifier), of=of)


def each(quantifier: str, path: str, **more: object) -> Each:
    return Each(quantifier=Quantifier(quantifier), path=path, **more)
