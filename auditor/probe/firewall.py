"""Is what comes in refused unless a rule lets it pass: now, and after the next boot."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.fields import leaf, record
from auditor.probe.firewall_files import READS, persisted
from auditor.probe.firewall_rules import (
    LOOPBACK_V4,
    LOOPBACK_V6,
    Chain,
    asks,
    denies,
    read_nft,
    read_saved,
)
from auditor.probe.texts import texts


class FirewallArgs(Args, frozen=True):
    """Takes no arguments."""


_RUNNING = Section(
    key="firewall",
    root=True,
    shown="nft -j -s -t list ruleset; iptables-save; ip6tables-save",
    text=r"""
IFS= read -r l </proc/sys/kernel/osrelease
s=
if [ ! -d /sys/module/nf_tables ]; then
  for f in "/lib/modules/$l/kernel/net/netfilter/nf_tables.ko"*; do
    [ -e "$f" ] && s=1
  done
fi
if command -v nft >/dev/null; then
  printf '\n= nft\n'
  if [ -n "$s" ]; then
    printf '{"nftables": []}\n'
  else
    t 10 nft -j -s -t list ruleset || printf '\n= failed\n'
  fi
fi
for w in ip ip6; do
  if [ -z "$s" ] && command -v "${w}tables-save" >/dev/null; then
    printf '\n= %stables\n' "$w"
    "${w}tables-save" || printf '\n= failed\n'
  fi
  l=
  IFS= read -r l <"/proc/net/${w}_tables_names"
  if [ -n "$l" ] && command -v "${w}tables-legacy-save" >/dev/null; then
    printf '\n= %stables-legacy\n' "$w"
    "${w}tables-legacy-save" || printf '\n= failed\n'
  fi
done
return 0
""",
    limit=2**20,
    volatile=("# Generated", "# Completed", ":", "["),
)
"""Where the kernel's nf_tables is a module that nothing has loaded there are no rules, and asking
would load it. The older tables are asked only where they hold something, for the same reason.
"""
_PART = re.compile(r"^= (nft|ip6?tables(?:-legacy)?|failed)$", re.MULTILINE)
_DENY = frozenset({"drop", "reject"})
_ACCEPT = frozenset({"accept"})


def _reads(_many: Sequence[FirewallArgs]) -> tuple[str, ...]:
    return READS


def _sections(_many: Sequence[FirewallArgs]) -> tuple[Section, ...]:
    return (_RUNNING,)


def _parse(_args: FirewallArgs, frames: Frames) -> Record:
    kept = persisted(texts(frames))
    found: Record = {
        "starts": list(kept.starts),
        "persisted4": kept.denies4,
        "persisted6": kept.denies6,
        "places": dict(kept.places),
    }
    try:
        found |= _judged(_running(answer(frames, _RUNNING.key)))
    except Unseen as unseen:
        found[GAP] = {"why": unseen.why, "detail": unseen.detail}
    return found


@lru_cache(maxsize=16)
def _running(text: str) -> Mapping[str, Mapping[str, Chain]]:
    """Return what each tool shows; raises `Unseen` where one of them failed."""
    parts = _PART.split(text)
    if "failed" in parts[1::2]:
        raise Unseen(Why.UNREADABLE, "a packet filter's tool failed")
    shown: dict[str, Mapping[str, Chain]] = {}
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        if name == "nft":
            shown[name] = read_nft(body.strip())
        else:
            shown[name] = read_saved(body, "6" if name.startswith("ip6") else "4")
    return shown


def _judged(shown: Mapping[str, Mapping[str, Chain]]) -> Record:
    sets = list(shown.values())
    tables = {" ".join(name.split()[:2]) for name in shown.get("nft", {})}
    return {
        "tools": sorted(shown),
        "tables": sorted(tables),
        "chains": sorted({c.hook for one in sets for c in one.values() if c.hook and c.policy}),
        **{
            f"running{family}": any(denies(one, "input", family) for one in sets) for family in "46"
        },
        **{
            f"forward{family}": any(denies(one, "forward", family) for one in sets)
            for family in "46"
        },
        **{
            f"loopback{family}": any(asks(one, family, _ACCEPT, frozenset({"lo"})) for one in sets)
            for family in "46"
        },
        "spoofed4": any(asks(one, "4", _DENY, frozenset({LOOPBACK_V4})) for one in sets),
        "spoofed6": any(asks(one, "6", _DENY, frozenset({LOOPBACK_V6})) for one in sets),
        **{
            f"established{family}": any(
                asks(one, family, _ACCEPT, frozenset({"established"})) for one in sets
            )
            for family in "46"
        },
    }


PROBE = ProbeType(
    name="firewall",
    via=Via.SSH,
    args=FirewallArgs,
    doc=Text(
        id="Penyaring paket (nftables, iptables, ufw, firewalld): apakah yang masuk ditolak bila "
        "tidak ada aturan yang mengizinkannya, sekarang dan setelah boot",
        en="Packet filter (nftables, iptables, ufw, firewalld): is what comes in refused unless a "
        "rule lets it pass, now and after the next boot",
    ),
    gives=record(
        "Firewall",
        "Firewall",
        {
            "starts": leaf(
                Kind.TEXTS, "Dijalankan saat boot", "Started at boot", may_be_empty=True
            ),
            "tools": leaf(Kind.TEXTS, "Alat terpasang", "Tools installed", may_be_empty=True),
            "tables": leaf(Kind.TEXTS, "Tabel nftables", "nftables' tables", may_be_empty=True),
            "chains": leaf(Kind.TEXTS, "Rantai dasar", "Base chains", may_be_empty=True),
            "persisted4": leaf(Kind.BOOL, "IPv4 ditolak saat boot", "IPv4 refused after boot"),
            "persisted6": leaf(Kind.BOOL, "IPv6 ditolak saat boot", "IPv6 refused after boot"),
            "running4": leaf(Kind.BOOL, "IPv4 masuk ditolak", "Incoming IPv4 refused"),
            "running6": leaf(Kind.BOOL, "IPv6 masuk ditolak", "Incoming IPv6 refused"),
            "forward4": leaf(Kind.BOOL, "Penerusan IPv4 ditolak", "Forwarding of IPv4 refused"),
            "forward6": leaf(Kind.BOOL, "Penerusan IPv6 ditolak", "Forwarding of IPv6 refused"),
            "loopback4": leaf(Kind.BOOL, "Loopback IPv4 diterima", "IPv4 loopback accepted"),
            "loopback6": leaf(Kind.BOOL, "Loopback IPv6 diterima", "IPv6 loopback accepted"),
            "spoofed4": leaf(
                Kind.BOOL, "Alamat loopback IPv4 palsu ditolak", "False IPv4 loopback refused"
            ),
            "spoofed6": leaf(
                Kind.BOOL, "Alamat loopback IPv6 palsu ditolak", "False IPv6 loopback refused"
            ),
            "established4": leaf(
                Kind.BOOL, "Sambungan IPv4 berjalan diterima", "Established IPv4 accepted"
            ),
            "established6": leaf(
                Kind.BOOL, "Sambungan IPv6 berjalan diterima", "Established IPv6 accepted"
            ),
        },
    ),
    sections=_sections,
    reads=_reads,
    parse=_parse,
)
