"""What the files of packet filters will set up at the next boot."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from auditor.probe.firewall_rules import Chain, denies, read_saved
from auditor.probe.texts import TextFile, Texts

_NFT = ("/etc/nftables.conf", "/etc/sysconfig/nftables.conf")
_NFT_PARTS = ("/etc/nftables.d/*", "/etc/nftables/*.nft")
_SAVED = {
    "4": ("/etc/iptables/rules.v4", "/etc/sysconfig/iptables"),
    "6": ("/etc/iptables/rules.v6", "/etc/sysconfig/ip6tables"),
}
_UFW, _UFW_DEFAULTS = "/etc/ufw/ufw.conf", "/etc/default/ufw"
_FIREWALLD = "/etc/firewalld/firewalld.conf"
_ZONES = ("/etc/firewalld/zones/*.xml", "/usr/lib/firewalld/zones/*.xml")
_UNITS = {
    "nftables": ("nftables.service",),
    "iptables": ("netfilter-persistent.service", "iptables.service", "ip6tables.service"),
    "ufw": ("ufw.service",),
    "firewalld": ("firewalld.service",),
}
_MASKS = ("/etc/systemd/system", "/run/systemd/system")
READS = (
    *(f"{_MASKS[0]}/*.wants/{unit}" for units in _UNITS.values() for unit in units),
    *(f"{folder}/{unit}" for folder in _MASKS for units in _UNITS.values() for unit in units),
    *_NFT,
    *_NFT_PARTS,
    *(path for paths in _SAVED.values() for path in paths),
    *(_UFW, _UFW_DEFAULTS, _FIREWALLD),
    *_ZONES,
)

_SETTING = re.compile(r"\s*([A-Za-z0-9_]+)\s*=\s*[\"']?([^\"'#\s]*)[\"']?.*")
_INCLUDE = re.compile(r"\s*include\s+[\"']([^\"']+)[\"'].*")
_TABLE = re.compile(r"\s*table\s+(?:(ip6?|inet|arp|bridge|netdev)\s+)?\S+.*")
_HOOK = re.compile(r".*\bhook\s+(\w+)\b.*")
_POLICY = re.compile(r".*\bpolicy\s+(\w+)\b.*")
_TARGET = re.compile(r".*<zone\b[^>]*\btarget=[\"']([^\"']+)[\"'].*")
_LONG = 1000
"""Characters of a line of XML that are looked at."""
_FAMILIES = {"ip": "4", "ip6": "6", "inet": "46"}


class Persisted(NamedTuple):
    """Whether the next boot refuses what comes in, and by which lines."""

    starts: tuple[str, ...]
    """Tools that the next boot starts."""
    denies4: bool
    denies6: bool
    places: tuple[tuple[str, str], ...]


def persisted(seen: Texts) -> Persisted:
    """Judge the files of the tools that the next boot starts."""
    starts = tuple(tool for tool, units in _UNITS.items() if any(_starts(seen, u) for u in units))
    places: dict[str, str] = {}
    for tool in starts:
        for family, place in _TOOLS[tool](seen).items():
            places.setdefault(f"persisted{family}", place)
    return Persisted(starts, "persisted4" in places, "persisted6" in places, tuple(places.items()))


def _starts(seen: Texts, unit: str) -> bool:
    """Tell whether a target pulls a unit in that is not masked: a mask is a file without lines."""
    masks = (seen.file(f"{folder}/{unit}") for folder in _MASKS)
    is_masked = any(mask is not None and not mask.lines for mask in masks)
    return not is_masked and bool(seen.glob(f"{_MASKS[0]}/*.wants/{unit}"))


def _nftables(seen: Texts) -> Mapping[str, str]:
    """Return the place of a base chain of input that drops, for each family."""
    found: dict[str, str] = {}
    for main in (file for path in _NFT if (file := seen.file(path))):
        for file in (main, *_included(seen, main)):
            _nft_file(file, found)
    return found


def _included(seen: Texts, main: TextFile) -> Sequence[TextFile]:
    wanted = [match[1] for _, text in main.lines if (match := _INCLUDE.fullmatch(text))]
    return [
        file
        for pattern in _NFT_PARTS
        for file in seen.glob(pattern)
        if any(_is_named(file.path, name) for name in wanted)
    ]


def _is_named(path: str, name: str) -> bool:
    folder, star, _ = name.partition("*")
    return path.startswith(folder) if star else path == name


def _nft_file(file: TextFile, found: dict[str, str]) -> None:
    families = hook = ""
    for number, text in file.lines:
        if table := _TABLE.fullmatch(text):
            families = _FAMILIES.get(table[1] or "ip", "")
        if hooked := _HOOK.fullmatch(text):
            hook = hooked[1]
        policy = _POLICY.fullmatch(text)
        if policy and hook == "input" and policy[1] == "drop":
            for family in families:
                found.setdefault(family, f"{file.path}:{number}")


def _iptables(seen: Texts) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for family, paths in _SAVED.items():
        for file in (file for path in paths if (file := seen.file(path))):
            chains: Mapping[str, Chain] = read_saved(
                "\n".join(text.strip() for _, text in file.lines), family
            )
            if denies(chains, "input", family):
                found.setdefault(family, file.path)
    return found


def _ufw(seen: Texts) -> Mapping[str, str]:
    on = _settings(seen.file(_UFW)).get("ENABLED", ("", ""))
    defaults = _settings(seen.file(_UFW_DEFAULTS))
    policy, place = defaults.get("DEFAULT_INPUT_POLICY", ("", ""))
    if on[0].lower() != "yes" or policy not in ("DROP", "REJECT"):
        return {}
    six = defaults.get("IPV6", ("yes", ""))[0].lower() == "yes"
    return {"4": place, **({"6": place} if six else {})}


def _firewalld(seen: Texts) -> Mapping[str, str]:
    """Return the place of the default zone: it refuses unless its target is ACCEPT."""
    zone, place = _settings(seen.file(_FIREWALLD)).get("DefaultZone", ("public", _FIREWALLD))
    for folder in _ZONES:
        for file in seen.glob(folder):
            if file.path.rpartition("/")[2] == f"{zone}.xml":
                targets = [m[1] for _, text in file.lines if (m := _TARGET.fullmatch(text[:_LONG]))]
                return {} if "ACCEPT" in targets else {"4": place, "6": place}
    return {}


def _settings(file: TextFile | None) -> Mapping[str, tuple[str, str]]:
    return {
        match[1]: (match[2], f"{file.path}:{number}")
        for number, text in (file.lines if file else ())
        if file and (match := _SETTING.fullmatch(text))
    }


_TOOLS = {"nftables": _nftables, "iptables": _iptables, "ufw": _ufw, "firewalld": _firewalld}
