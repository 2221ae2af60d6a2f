"""TLS keys and wildcard certificates that several targets of a run share."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from auditor.model.base import Text
from auditor.model.fact import GAP, Json, Kind, Why
from auditor.model.inventory import Target
from auditor.probe import tls
from auditor.probe.base import Args, Member, Probe, ProbeType, Record, Via
from auditor.probe.fields import leaf, record, table

SHOWN = 50
"""Targets that are named at most."""
_TLS = Probe(type=tls.PROBE, args=tls.PROBE.args())


class SharedKeysArgs(Args, frozen=True):
    """Takes no arguments."""


class SharedKeys:
    """Who shows which key (SHA-256 of the SubjectPublicKeyInfo), and which wildcards with it."""

    def __init__(self) -> None:
        self._holders: dict[str, dict[str, Target]] = defaultdict(dict)
        self._own: dict[str, dict[str, set[str]]] = {}
        self._whole: dict[str, bool] = {}
        self._wildcards: dict[str, dict[str, Target]] = defaultdict(dict)
        self._stars: dict[str, set[str]] = {}

    def add(self, member: Member) -> None:
        """Take in the certificates of a target."""
        fact = member.facts.get(_TLS.key)
        if fact is None:
            return
        target = member.target
        keys: dict[str, set[str]] = defaultdict(set)
        stars: set[str] = set()
        for endpoint, certificate in _certificates(fact):
            for key in certificate["spkis"]:
                keys[key].add(endpoint)
            stars |= {name for name in certificate.get("names", ()) if name.startswith("*.")}
        for key in keys:
            self._holders[key][target.id] = target
        for name in stars:
            self._wildcards[name][target.id] = target
        self._own[target.id] = dict(keys)
        self._whole[target.id] = not any(map(_unseen, fact.get("endpoints", ())))
        self._stars[target.id] = stars

    def record(self, target: Target) -> Record | None:
        """Return what a target shares with which others at other addresses.

        Where a certificate of its own was not seen, that nothing is shared is not known.
        """
        if not (self._own.get(target.id) or self._whole.get(target.id)):
            return None
        keys: list[Record] = []
        for key, endpoints in sorted(self._own[target.id].items()):
            if others := _others(target, self._holders[key]):
                keys.append({"key": key[:16], "endpoints": sorted(endpoints), **_named(others)})
        wildcards: list[Record] = []
        for name in sorted(self._stars[target.id]):
            others = _others(target, self._wildcards[name])
            if foreign := [one for one in others if one.opd != target.opd]:
                wildcards.append({"name": name, **_named(foreign)})
        compared = sum(one != target.id and bool(keys) for one, keys in self._own.items())
        compared = compared if self._own[target.id] else 0
        shared = {"keys": keys, "wildcards": wildcards}
        if self._whole[target.id]:
            return {"compared": compared, **shared}
        told = {name: rows for name, rows in shared.items() if rows}
        gap = {"why": Why.NO_DATA.value, "detail": "not each of its certificates was seen"}
        return {"compared": compared, **told, GAP: gap}


def _unseen(endpoint: Mapping[str, Json]) -> bool:
    """Tell whether an endpoint may show a certificate that is not known."""
    certificate = endpoint.get("cert") or {}
    if "spkis" in certificate or endpoint.get("offered") is False:
        return False
    return GAP in endpoint or GAP in certificate


def _certificates(fact: Mapping[str, Json]) -> Iterator[tuple[str, Record]]:
    for endpoint in fact.get("endpoints", ()):
        certificate = endpoint.get("cert") or {}
        if certificate.get("spkis"):
            yield endpoint["endpoint"], certificate


def _others(target: Target, holders: Mapping[str, Target]) -> list[Target]:
    return [one for one in holders.values() if one.address != target.address]


def _named(others: list[Target]) -> Record:
    return {
        "targets": sorted(one.id for one in others)[:SHOWN],
        "opds": sorted({one.opd for one in others})[:SHOWN],
    }


_WITH = {
    "targets": leaf(Kind.TEXTS, "Target lain", "Other targets"),
    "opds": leaf(Kind.TEXTS, "OPD", "Offices"),
}

PROBE = ProbeType(
    name="shared_keys",
    via=Via.FLEET,
    args=SharedKeysArgs,
    doc=Text(
        id="Kunci TLS dan sertifikat wildcard yang dipakai bersama target lain dalam run ini",
        en="TLS keys and wildcard certificates that are shared with other targets of this run",
    ),
    gives=record(
        "Kunci bersama",
        "Shared keys",
        {
            "compared": leaf(Kind.INT, "Target lain yang dibandingkan", "Other targets compared"),
            "keys": table(
                "Kunci TLS bersama",
                "Shared TLS keys",
                "key",
                {
                    "key": leaf(Kind.TEXT, "Sidik jari kunci", "Fingerprint of the key"),
                    "endpoints": leaf(Kind.TEXTS, "Titik layanan", "Endpoints"),
                    **_WITH,
                },
                may_be_empty=True,
            ),
            "wildcards": table(
                "Wildcard lintas OPD",
                "Wildcards over offices",
                "name",
                {"name": leaf(Kind.TEXT, "Nama wildcard", "Wildcard name"), **_WITH},
                may_be_empty=True,
            ),
        },
    ),
    needs=lambda _args: (_TLS,),
    gather=lambda _args: SharedKeys(),
)
