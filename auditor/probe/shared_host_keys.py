"""SSH host keys that several targets of a run share, as cloned machines do."""

from collections import defaultdict

from auditor.model.base import Text
from auditor.model.fact import Kind
from auditor.model.inventory import Target
from auditor.probe import ssh_server
from auditor.probe.base import Args, Member, Probe, ProbeType, Record, Via
from auditor.probe.fields import leaf, record, table

SHOWN = 50
"""Targets that are named at most."""
_SSH = Probe(type=ssh_server.PROBE, args=ssh_server.PROBE.args())


class SharedHostKeysArgs(Args, frozen=True):
    """Takes no arguments."""


class SharedHostKeys:
    """Which target shows which host key, by fingerprint."""

    def __init__(self) -> None:
        self._holders: dict[str, dict[str, Target]] = defaultdict(dict)
        self._own: dict[str, dict[str, str]] = {}
        self._whole: dict[str, bool] = {}

    def add(self, member: Member) -> None:
        """Take in the host keys of a target."""
        fact = member.facts.get(_SSH.key)
        if fact is None or "host_keys" not in fact:
            return
        shown = [key for key in fact["host_keys"] if "fingerprint" in key]
        own = {key["fingerprint"]: key["type"] for key in shown}
        self._whole[member.target.id] = len(shown) == len(fact["host_keys"])
        for fingerprint in own:
            self._holders[fingerprint][member.target.id] = member.target
        self._own[member.target.id] = own

    def record(self, target: Target) -> Record | None:
        """Return the host keys that targets at other addresses show as well.

        None where a key was not shown and none of the others is shared; without a server there is
        nothing to compare.
        """
        if target.id not in self._own:
            return None
        keys: list[Record] = []
        for fingerprint, kind in sorted(self._own[target.id].items()):
            holders = self._holders[fingerprint].values()
            others = sorted(one.id for one in holders if one.address != target.address)
            if others:
                keys.append({"key": fingerprint, "type": kind, "targets": others[:SHOWN]})
        if not keys and not self._whole[target.id]:
            return None
        has_any = bool(self._own[target.id])
        compared = sum(one != target.id and bool(own) for one, own in self._own.items())
        return {"compared": compared if has_any else 0, "keys": keys}


PROBE = ProbeType(
    name="shared_host_keys",
    via=Via.FLEET,
    args=SharedHostKeysArgs,
    doc=Text(
        id="Kunci host SSH yang juga ditunjukkan target lain dalam run ini",
        en="SSH host keys that other targets of this run show as well",
    ),
    gives=record(
        "Kunci host bersama",
        "Shared host keys",
        {
            "compared": leaf(Kind.INT, "Target lain yang dibandingkan", "Other targets compared"),
            "keys": table(
                "Kunci host bersama",
                "Shared host keys",
                "key",
                {
                    "key": leaf(Kind.TEXT, "Sidik jari kunci", "Fingerprint of the key"),
                    "type": leaf(Kind.TEXT, "Jenis kunci", "Key type"),
                    "targets": leaf(Kind.TEXTS, "Target lain", "Other targets"),
                },
                may_be_empty=True,
            ),
        },
    ),
    needs=lambda _args: (_SSH,),
    gather=lambda _args: SharedHostKeys(),
)
