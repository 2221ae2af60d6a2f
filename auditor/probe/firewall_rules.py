"""Rules of packet filters, made alike: what happens to a packet that no rule speaks of."""

import re
from collections.abc import Iterable, Mapping, Sequence
from shlex import split
from typing import NamedTuple

import msgspec

from auditor.model.fact import Json, Why
from auditor.probe.base import Unseen

_DENY = frozenset({"drop", "reject"})
_DEPTH = 12
"""Jumps within jumps that are followed; filters nest less."""
_SAYING_NOTHING = frozenset({"counter", "log", "comment", "meta_set"})
_XT_TARGETS = ("DROP", "ACCEPT", "REJECT", "RETURN")
_CHAIN = re.compile(r":(\S+) (\S+)")
LOOPBACK_V4, LOOPBACK_V6 = "127.0.0.0/8", "::1"


class Step(NamedTuple):
    """A rule: what it does (accept, drop, reject, jump NAME …) to packets that fit it.

    `always`: all packets fit. `about` are words for what it asks: "lo", "not-lo", "established",
    a source address.
    """

    does: str
    to: str
    always: bool
    about: frozenset[str]


class Chain(NamedTuple):
    """A list of steps; `hook` is input, output, forward or "" for one that is only jumped to."""

    name: str
    hook: str
    families: frozenset[str]
    """"4" and "6"."""
    policy: str
    steps: tuple[Step, ...]


Chains = Mapping[str, Chain]


def fate(chains: Chains, chain: Chain, known: dict[str, str], depth: int = 0) -> str:
    """Return what happens to a packet that only rules for all packets speak of; "" if nothing.

    `known` keeps what was found of each chain, so that each is looked at once.
    """
    if chain.name not in known:
        known[chain.name] = chain.policy
        known[chain.name] = _end(chains, chain, known, depth) or chain.policy
    return known[chain.name]


def _end(chains: Chains, chain: Chain, known: dict[str, str], depth: int) -> str:
    for step in chain.steps if depth < _DEPTH else ():
        if step.always and step.does in ("accept", *_DENY):
            return step.does
        if step.always and step.does == "return":
            break
        if step.always and step.does in ("jump", "goto") and step.to in chains:
            end = fate(chains, chains[step.to], known, depth + 1)
            if end or step.does == "goto":
                return end
    return ""


def denies(chains: Chains, hook: str, family: str) -> bool:
    """Tell whether packets of "4" or "6" are refused at a hook unless a rule lets them pass."""
    known: dict[str, str] = {}
    ends = [
        fate(chains, chain, known)
        for chain in chains.values()
        if chain.hook == hook and family in chain.families
    ]
    return any(end in _DENY for end in ends)


def asks(chains: Chains, family: str, does: frozenset[str], about: frozenset[str]) -> bool:
    """Tell whether a rule on the way of incoming packets does this to packets like that."""
    names = [c.name for c in chains.values() if c.hook == "input" and family in c.families]
    seen: set[str] = set()
    while names:
        chain = chains.get(names.pop())
        if chain is None or chain.name in seen:
            continue
        seen.add(chain.name)
        names.extend(step.to for step in chain.steps if step.to)
        if any(step.does in does and about <= step.about for step in chain.steps):
            return True
    return False


def read_saved(text: str, family: str) -> Chains:
    """Read the table filter of iptables-save; `family` is "4" or "6"."""
    policies: dict[str, str] = {}
    steps: dict[str, list[Step]] = {}
    table = ""
    for line in text.split("\n"):
        if line.startswith("*"):
            table = line[1:].strip()
        elif table == "filter" and (match := _CHAIN.match(line)):
            policies[match[1]] = match[2].lower()
        elif table == "filter" and line.startswith("-A "):
            _saved_step(line, steps)
    return {
        name: Chain(
            name=name,
            hook=name.lower() if name in ("INPUT", "OUTPUT", "FORWARD") else "",
            families=frozenset(family),
            policy=policy if policy != "-" else "",
            steps=tuple(steps.get(name, ())),
        )
        for name, policy in policies.items()
    }


def _saved_step(line: str, steps: dict[str, list[Step]]) -> None:
    try:
        words = split(line[:4096])
    except ValueError:
        words = line[:4096].split()
    if len(words) < 2:  # noqa: PLR2004 - -A CHAIN
        return
    rest = words[2:]
    does = to = ""
    about: set[str] = set()
    conditions = 0
    for before, word, value in zip(["", *rest], rest, [*rest[1:], ""], strict=False):
        negated = before == "!"
        if word in ("-j", "--jump", "-g", "--goto"):
            does, to = _target(value, goto=word in ("-g", "--goto"))
            break
        if word in ("-i", "--in-interface"):
            about.add(f"{'not-' if negated else ''}{value}")
        elif word in ("-s", "--source"):
            about.add(value.removesuffix("/128"))
        elif word in ("--state", "--ctstate"):
            about.update(value.lower().split(","))
        conditions += word.startswith("-") and "--comment" not in (before, word)
        conditions -= word == "-m" and value == "comment"
    steps.setdefault(words[1], []).append(Step(does, to, conditions == 0, frozenset(about)))


def _target(name: str, *, goto: bool) -> tuple[str, str]:
    plain = name.lower()
    if plain in ("accept", "drop", "reject", "return"):
        return plain, ""
    return ("goto" if goto else "jump"), name


def read_nft(text: str) -> Chains:
    """Read the JSON of `nft -j list ruleset`; raises `Unseen` for anything else."""
    try:
        whole = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        whole = None
    items = whole.get("nftables") if isinstance(whole, dict) else None
    if not isinstance(items, list):
        raise Unseen(Why.UNREADABLE, "nft gave no list of rules")
    steps: dict[str, list[Step]] = {}
    for item in items:
        if isinstance(rule := _part(item, "rule"), dict):
            steps.setdefault(_name(rule, rule.get("chain")), []).append(_nft_step(rule))
    chains = (_part(item, "chain") for item in items)
    found = (_nft_chain(chain, steps) for chain in chains if isinstance(chain, dict))
    return {chain.name: chain for chain in found}


def _part(item: Json, name: str) -> Json:
    return item.get(name) if isinstance(item, dict) else None


def _name(item: Mapping[str, Json], chain: Json) -> str:
    return f"{item.get('family')} {item.get('table')} {chain}"


_FAMILIES = {"ip": frozenset("4"), "ip6": frozenset("6"), "inet": frozenset("46")}


def _nft_chain(chain: Mapping[str, Json], steps: Mapping[str, Sequence[Step]]) -> Chain:
    name = _name(chain, chain.get("name"))
    hooked = chain.get("type") == "filter"
    return Chain(
        name=name,
        hook=str(chain.get("hook", "")) if hooked else "",
        families=_FAMILIES.get(str(chain.get("family")), frozenset()),
        policy=str(chain.get("policy", "accept")) if hooked else "",
        steps=tuple(steps.get(name, ())),
    )


def _nft_step(rule: Mapping[str, Json]) -> Step:
    does = to = ""
    always = True
    about: set[str] = set()
    expressions = rule.get("expr")
    for one in expressions if isinstance(expressions, list) else ():
        kind, body = next(iter(one.items())) if isinstance(one, dict) and one else ("", None)
        if kind in ("accept", "drop", "reject", "return"):
            does = kind
        elif kind in ("jump", "goto"):
            does, to = kind, _name(rule, _part(body, "target"))
        elif kind == "xt" and _part(body, "name") in _XT_TARGETS:
            does = str(_part(body, "name")).lower()
        elif kind not in _SAYING_NOTHING and not _is_comment(kind, body):
            always = False
            if kind == "match":
                about.update(_matched(body))
    return Step(does, to, always, frozenset(about))


def _is_comment(kind: str, body: Json) -> bool:
    return kind == "xt" and _part(body, "name") == "comment"


def _matched(match: Json) -> Iterable[str]:
    """Yield words for what a match asks: an incoming interface, a source, a connection's state."""
    left, right = _part(match, "left"), _part(match, "right")
    against = "not-" if _part(match, "op") == "!=" else ""
    key = _part(_part(left, "meta"), "key")
    if key in ("iif", "iifname"):
        yield f"{against}{right}"
    if _part(_part(left, "ct"), "key") == "state":
        states = _part(right, "set") if isinstance(right, dict) else right
        yield from (str(one) for one in (states if isinstance(states, list) else [states]))
    if _part(_part(left, "payload"), "field") == "saddr":
        prefix = _part(right, "prefix")
        yield f"{_part(prefix, 'addr')}/{_part(prefix, 'len')}" if prefix else str(right)
