"""Is what comes in refused: rules that run, and files that the next boot reads."""

import json

import pytest

from auditor.model.fact import Why
from auditor.probe import firewall
from auditor.probe.base import Frame
from tests.unit.probe.asking import parse, text_files

WANTS = "/etc/systemd/system/multi-user.target.wants"


def ask(running="", files=None, rc=0):
    frames = text_files(files or {})
    return parse(firewall, running, frames=frames, rc=rc)


def nft(*items):
    return f"\n= nft\n{json.dumps({'nftables': list(items)})}\n"


def chain(name="input", family="inet", hook="input", policy="accept"):
    base = {"type": "filter", "hook": hook, "prio": 0, "policy": policy} if hook else {}
    return {"chain": {"family": family, "table": "t", "name": name, "handle": 1, **base}}


def rule(*expr, name="input", family="inet"):
    return {"rule": {"family": family, "table": "t", "chain": name, "expr": list(expr)}}


def match(left, right, op="=="):
    return {"match": {"op": op, "left": left, "right": right}}


DROP, ACCEPT = {"drop": None}, {"accept": None}
LO = match({"meta": {"key": "iif"}}, "lo")
ESTABLISHED = match({"ct": {"key": "state"}}, ["established", "related"])
SPOOFED = match(
    {"payload": {"protocol": "ip", "field": "saddr"}}, {"prefix": {"addr": "127.0.0.0", "len": 8}}
)


@pytest.mark.parametrize(
    ("items", "four", "six"),
    [
        ([], False, False),
        ([chain()], False, False),
        ([chain(policy="drop")], True, True),
        ([chain(family="ip", policy="drop")], True, False),
        ([chain(family="ip6", policy="drop")], False, True),
        ([chain(family="bridge", policy="drop")], False, False),
        ([chain(hook="output", policy="drop")], False, False),
        ([chain(), rule({"counter": {}}, DROP)], True, True),
        ([chain(), rule({"reject": {"type": "icmpx"}})], True, True),
        ([chain(policy="drop"), rule(ACCEPT)], False, False),
        ([chain(policy="drop"), rule(LO, ACCEPT)], True, True),
        ([chain(), rule(LO, DROP)], False, False),
        ([chain(policy="drop"), rule({"return": None}), rule(ACCEPT)], True, True),
        (
            [chain(), chain("zone", hook=""), rule({"jump": {"target": "zone"}}),
             rule({"log": {}}, DROP, name="zone")],
            True, True,
        ),
        (
            [chain(policy="drop"), chain("zone", hook=""), rule({"goto": {"target": "zone"}}),
             rule(ACCEPT, name="zone")],
            False, False,
        ),
        (
            [chain(policy="drop"), chain("zone", hook=""), rule({"goto": {"target": "zone"}}),
             rule(ACCEPT)],
            True, True,
        ),
        ([chain(policy="drop"), rule({"jump": {"target": "nowhere"}})], True, True),
        (
            [chain(), chain("a", hook=""), rule({"jump": {"target": "a"}}),
             rule({"jump": {"target": "a"}}, name="a"), rule(DROP)],
            True, True,
        ),
        ([chain(), chain("second", policy="drop")], True, True),
        ([chain(), rule({"xt": {"type": "target", "name": "REJECT"}})], True, True),
        (
            [chain(policy="drop"), rule({"xt": {"type": "match", "name": "comment"}}, ACCEPT)],
            False, False,
        ),
        ([chain(), rule({"xt": {"type": "match", "name": "conntrack"}}, DROP)], False, False),
        ([{"chain": 7}, {"rule": "x"}, 5, {"rule": {"expr": ["x", {}, 4]}}], False, False),
        ([{"rule": {"family": "inet", "table": "t", "chain": "input"}}], False, False),
    ],
)  # fmt: skip
def test_a_packet_that_no_rule_names_meets_the_policy(items, four, six):
    found = ask(nft(*items))

    assert (found["running4"], found["running6"]) == (four, six)


def test_what_rules_say_of_loopback_and_answers():
    found = ask(
        nft(
            chain(policy="drop"),
            chain("other", hook=""),
            rule(LO, ACCEPT),
            rule(ESTABLISHED, ACCEPT),
            rule(SPOOFED, match({"meta": {"key": "iifname"}}, "lo", "!="), DROP),
            rule({"jump": {"target": "other"}}),
            rule({"jump": {"target": "input"}}, name="other"),
            rule(
                match({"payload": {"protocol": "ip6", "field": "saddr"}}, "::1"), DROP, name="other"
            ),
            rule({"jump": {"target": "gone"}}),
            rule(match({"ct": {"key": "state"}}, {"set": ["invalid"]}), DROP),
            rule(match({"ct": {"key": "state"}}, "new"), ACCEPT),
        )
    )

    assert found["loopback4"] is found["loopback6"] is True
    assert found["spoofed4"] is found["spoofed6"] is True
    assert found["established4"] is True
    assert found["tables"] == ["inet t"]
    assert found["chains"] == ["input"]
    assert ask(nft(chain(policy="drop")))["loopback4"] is False


SAVED = """
*mangle
:INPUT DROP [0:0]
COMMIT
*filter
:INPUT {policy} [10:20]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:ufw-x - [0:0]
{rules}
COMMIT
"""


@pytest.mark.parametrize(
    ("policy", "rules", "denies"),
    [
        ("DROP", "", True),
        ("ACCEPT", "", False),
        ("ACCEPT", "-A INPUT -j DROP", True),
        (
            "ACCEPT",
            '-A INPUT -m comment --comment "-all that is left" -j REJECT --reject-with x',
            True,
        ),
        ("DROP", "-A INPUT -j ACCEPT", False),
        ("DROP", "-A INPUT -i lo -j ACCEPT", True),
        ("ACCEPT", "-A INPUT -j ufw-x\n-A ufw-x -j DROP", True),
        ("ACCEPT", "-A INPUT -g ufw-x\n-A ufw-x -p tcp -j ACCEPT", False),
        ("ACCEPT", "-A INPUT -j LOG --log-prefix 'it isn", False),
        ("ACCEPT", "-A INPUT", False),
        ("ACCEPT", "-A ", False),
    ],
)
def test_saved_rules_are_read_as_iptables_does(policy, rules, denies):
    text = SAVED.format(policy=policy, rules=rules)
    found = ask(f"\n= iptables\n{text}\n= ip6tables\n*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n")

    assert (found["running4"], found["running6"]) == (denies, False)
    assert (found["forward4"], found["forward6"]) == (True, False)


def test_words_of_saved_rules():
    rules = (
        "-A INPUT -i lo -j ACCEPT\n-A INPUT -s 127.0.0.0/8 ! -i lo -j DROP\n"
        "-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT"
    )
    six = "*filter\n:INPUT DROP [0:0]\n-A INPUT -s ::1/128 -j DROP\n"
    text = SAVED.format(policy="DROP", rules=rules)
    found = ask(f"\n= iptables\n{text}\n= ip6tables\n{six}")

    assert found["loopback4"] is found["spoofed4"] is found["spoofed6"] is True
    assert found["established4"] is True
    assert found["established6"] is False
    assert found["tools"] == ["ip6tables", "iptables"]


@pytest.mark.parametrize(
    "text",
    ["\n= nft\n{}", "\n= nft\nnonsense", "\n= nft\n[1]", "\n= nft\n\n= failed\n",
     "\n= nft\n" + "[" * 100_000],
)  # fmt: skip
def test_a_tool_that_fails_says_nothing(text):
    found = ask(text)

    assert "running4" not in found
    assert found["gap"]["why"] == Why.UNREADABLE
    assert found["persisted4"] is False


def test_without_root_only_files_speak():
    frames = text_files({}) | {"firewall": Frame(key="firewall", text="", denied=True)}

    assert parse(firewall, None, frames=frames)["gap"]["why"] == Why.NEEDS_ROOT


NFT_FILE = (
    "table inet filter {\n chain input {\n  type filter hook input priority 0; policy drop;\n }\n}"
)


@pytest.mark.parametrize(
    ("files", "four", "six"),
    [
        ({"/etc/nftables.conf": NFT_FILE}, False, False),
        ({f"{WANTS}/nftables.service": "x", "/etc/nftables.conf": NFT_FILE}, True, True),
        (
            {f"{WANTS}/nftables.service": "x", "/etc/nftables.conf": NFT_FILE,
             "/etc/systemd/system/nftables.service": ""},
            False, False,
        ),
        (
            {f"{WANTS}/nftables.service": "x", "/etc/systemd/system/nftables.service": "x",
             "/etc/nftables.conf": NFT_FILE.replace("inet", "ip")},
            True, False,
        ),
        (
            {f"{WANTS}/nftables.service": "x",
             "/etc/nftables.conf": NFT_FILE.replace("hook input", "hook output")},
            False, False,
        ),
        (
            {f"{WANTS}/nftables.service": "x", "/etc/nftables.d/a.nft": NFT_FILE,
             "/etc/nftables.conf": 'include "/etc/nftables.d/*.nft"'},
            True, True,
        ),
        (
            {f"{WANTS}/nftables.service": "x", "/etc/nftables.d/a.nft": NFT_FILE,
             "/etc/nftables.conf": 'include "/etc/nftables.d/a.nft"'},
            True, True,
        ),
        (
            {f"{WANTS}/nftables.service": "x", "/etc/nftables.d/a.nft": NFT_FILE,
             "/etc/nftables.conf": "flush ruleset"},
            False, False,
        ),
        (
            {f"{WANTS}/netfilter-persistent.service": "x",
             "/etc/iptables/rules.v4": "*filter\n:INPUT DROP [0:0]\nCOMMIT",
             "/etc/iptables/rules.v6": "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT"},
            True, False,
        ),
        (
            {f"{WANTS}/ufw.service": "x", "/etc/ufw/ufw.conf": "ENABLED=yes",
             "/etc/default/ufw": 'IPV6=yes\nDEFAULT_INPUT_POLICY="DROP"\n-'},
            True, True,
        ),
        (
            {f"{WANTS}/ufw.service": "x", "/etc/ufw/ufw.conf": "ENABLED=yes",
             "/etc/default/ufw": 'IPV6=no\nDEFAULT_INPUT_POLICY="REJECT"'},
            True, False,
        ),
        (
            {f"{WANTS}/ufw.service": "x", "/etc/ufw/ufw.conf": "ENABLED=no",
             "/etc/default/ufw": 'DEFAULT_INPUT_POLICY="DROP"'},
            False, False,
        ),
        (
            {f"{WANTS}/ufw.service": "x", "/etc/ufw/ufw.conf": "ENABLED=yes",
             "/etc/default/ufw": 'DEFAULT_INPUT_POLICY="ACCEPT"'},
            False, False,
        ),
        (
            {f"{WANTS}/firewalld.service": "x",
             "/usr/lib/firewalld/zones/other.xml": "<zone/>",
             "/usr/lib/firewalld/zones/public.xml": "<zone>"},
            True, True,
        ),
        (
            {f"{WANTS}/firewalld.service": "x",
             "/etc/firewalld/firewalld.conf": "DefaultZone=trusted",
             "/usr/lib/firewalld/zones/trusted.xml": '<zone target="ACCEPT">'},
            False, False,
        ),
        ({f"{WANTS}/firewalld.service": "x"}, False, False),
    ],
)  # fmt: skip
def test_files_count_for_the_tool_that_the_next_boot_starts(files, four, six):
    found = ask("", files)

    assert (found["persisted4"], found["persisted6"]) == (four, six)
    assert sorted(found["places"]) == ["persisted4"] * four + ["persisted6"] * six
