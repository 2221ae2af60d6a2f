"""Real servers of four makers: what we see, and what ssh-audit sees of the same."""

import json
from pathlib import Path

import msgspec
import pytest

from auditor.evaluate import evaluate
from auditor.load.checks import load_checks
from auditor.model.fact import Why
from auditor.model.inventory import Scope, Ssh, Zone
from auditor.model.policy import Entry, Policy
from auditor.plan import plan
from auditor.probe.catalogue import CATALOGUE
from auditor.probe.ssh_server_names import Use
from tests.servers import ssh_audit_oracle as oracle
from tests.servers.ssh_server_asking import Silent, ask, fact, gap, hurried, look
from tests.servers.ssh_server_fleet import OPENSSH, OTHERS, dropbear, fleet
from tests.servers.tls_servers import free_port, scripted
from tests.unit.evaluate.world import text

NAMES = [*OPENSSH, *OTHERS]
DOC = Path(__file__).parents[2] / "docs/comparison-ssh.md"
NOT_SHOWN_TO_THEM = {"hardened", "certified"}
"""ssh-audit takes part in no post-quantum exchange, and does not look into certificates."""


@pytest.fixture(scope="module")
def ports(tmp_path_factory):
    with fleet(tmp_path_factory.mktemp("fleet")) as found:
        yield found


@pytest.fixture(scope="module")
def theirs(ports):
    by_port = oracle.look(ports.values())
    return {name: by_port[port] for name, port in ports.items()}


@pytest.fixture
def seen(ports, settings, limit):
    return lambda name: fact(ports[name], settings, limit)


def statuses(seen, settings) -> dict[str, str]:
    """Return the verdict of each check on what was seen."""
    from auditor.model.inventory import Target

    checks = {name: check for name, check in load_checks().items() if name != SHARED}
    policy = Policy(id="p", title=text("p"), checks=(Entry(use="ssh-server.*"),))
    target = Target(id="t", opd="o", address="127.0.0.1")
    inventory = msgspec.structs.replace(settings.inventory, targets=(target,))
    bound = plan(inventory, (policy,), checks, CATALOGUE).checks["t"]
    results = [evaluate(one, "t", {seen.probe: seen}, settings.now()) for one in bound]
    return {r.check.removeprefix("ssh-server."): r.status.value for r in results}


SHARED = "ssh-server.host-key-shared"


@pytest.mark.parametrize("name", NAMES)
def test_the_algorithms_and_keys_are_those_that_ssh_audit_sees(name, seen, theirs):
    value = seen(name).value
    (row,) = value["servers"]
    them = theirs[name]

    assert row["software"] == them.banner.split("-", 2)[2].split(" ")[0]
    for use, field in oracle.FIELDS.items():
        assert set(row[field]) == set(them.algorithms[use]), use
    assert set(row["compression"]) == set(them.compression)
    shown = {(key["type"], key["fingerprint"]) for key in value["host_keys"]}
    if name in NOT_SHOWN_TO_THEM:
        assert shown
        assert not them.fingerprints
    else:
        assert shown == them.fingerprints
        rsa = [key["bits"] for key in value["host_keys"] if key["type"] == "ssh-rsa"]
        assert rsa == [them.rsa_bits][: len(rsa)]


@pytest.mark.parametrize("name", NAMES)
def test_every_difference_from_ssh_audit_is_explained(name, seen, theirs):
    (row,) = seen(name).value["servers"]
    told = DOC.read_text()

    for one in oracle.differences(row, theirs[name]):
        assert one.why, one
        assert one.ours == "ok"
        assert f"`{one.name}`" in told, one


@pytest.mark.parametrize("name", NAMES)
def test_terrapin_is_found_where_ssh_audit_finds_it(name, seen, theirs):
    (row,) = seen(name).value["servers"]
    reasons = {
        reason
        for use in (Use.CIPHER, Use.MAC)
        for verdict in theirs[name].algorithms[use].values()
        for reason in verdict.reasons
    }

    assert row["terrapin"] is any("Terrapin" in reason for reason in reasons)


def test_a_default_server_of_debian(seen, settings):
    one = seen("default")
    (row,) = one.value["servers"]

    assert row["comments"].startswith(("Debian", "Ubuntu"))
    assert row["gex"] == {"offered": True, "bits": 2048}
    assert set(row["login"]["methods"]) >= {"publickey", "password"}
    assert row["login"]["open"] is False
    assert {key["bits"] for key in one.value["host_keys"]} == {256, 3072}
    assert one.value["vantage"] == "zone:default"
    assert "seen from zone:default" in one.evidence.source
    assert "KEXINIT" not in one.evidence.excerpt
    failed = {check for check, status in statuses(one, settings).items() if status == "fail"}
    assert failed == {"macs", "macs-etm", "banner-version", "password-login"}


def test_a_hardened_server(seen, settings):
    judged = statuses(seen("hardened"), settings)

    assert {check for check, status in judged.items() if status != "pass"} == {
        "password-login",
        "login-open",
    }
    assert judged["password-login"] == "error"


def test_a_weak_server(seen, settings):
    judged = statuses(seen("weak"), settings)

    assert {check for check, status in judged.items() if status == "pass"} == {
        *("kex-post-quantum", "terrapin", "dsa", "protocol-1", "compression", "login-open"),
        "gex-modulus",
    }


def test_a_server_for_old_clients_shows_its_key_though_nobody_can_ask_for_the_ways_in(seen):
    value = seen("old clients only").value
    (row,) = value["servers"]

    assert [(key["type"], key["bits"]) for key in value["host_keys"]] == [("ssh-rsa", 3072)]
    assert row["login"]["gap"]["why"] == "unsupported"
    assert row["gex"] == {"offered": False}


def test_a_server_that_has_only_groups_of_its_choice(seen):
    value = seen("group of its choice").value

    assert value["servers"][0]["gex"]["bits"] == 2048
    assert value["host_keys"][0]["bits"] == 3072


def test_a_server_that_shows_a_certificate_alone(seen):
    value = seen("certified").value

    (key,) = value["host_keys"]
    assert key["type"] == "ssh-ed25519"
    assert value["servers"][0]["login"]["methods"]


def test_dropbear_has_a_short_key(seen, settings):
    judged = statuses(seen("dropbear"), settings)

    assert judged["host-key-size"] == "fail"
    assert judged["host-key-algorithms"] == "fail"
    assert judged["gex-modulus"] == "pass"
    assert judged["terrapin"] == "pass"


@pytest.mark.parametrize("name", ["tinysshd", "paramiko, not strict"])
def test_servers_without_strict_exchange_are_open_to_terrapin(name, seen, settings):
    assert statuses(seen(name), settings)["terrapin"] == "fail"


def test_compression_before_login_is_found(seen, settings):
    assert statuses(seen("paramiko, not strict"), settings)["compression"] == "fail"


def test_the_same_server_gives_the_same_facts(seen):
    first, second = (json.dumps(seen("weak").value, sort_keys=True) for _ in range(2))

    assert first == second


def test_a_closed_port_is_a_fact_even_where_ssh_is_expected(settings, limit):
    one = fact(free_port(), settings, limit)

    assert one.value["exists"] is False
    assert one.value["servers"] == []
    assert "closed" in one.evidence.excerpt
    assert set(statuses(one, settings).values()) == {"not_applicable"}


def test_a_server_that_nobody_expects_is_seen(ports, settings, limit):
    row = look(ports["default"], settings, limit, ssh=None)

    assert row["weak_kex"] == []


def test_two_servers_of_a_target(ports, settings, limit):
    value = fact(ports["dropbear"], settings, limit, usual=ports["default"]).value

    assert {row["software"][:4] for row in value["servers"]} == {"drop", "Open"}
    assert len({(key["server"], key["type"]) for key in value["host_keys"]}) == 6


def test_one_server_answers_and_the_other_does_not(ports, settings, limit):
    with Silent() as port:
        one = fact(
            ports["default"], hurried(settings, 1.5), limit, usual=port, ports=(f"{port}/tcp",)
        )

    quiet = next(row for row in one.value["servers"] if row["port"] == f"{port}/tcp")
    assert quiet["gap"]["why"] == "timeout"
    judged = statuses(one, settings)
    assert judged["password-login"] == "fail"
    assert judged["kex"] == "error"
    assert judged["host-key-size"] == "error"


def test_silence_where_ssh_is_expected_is_a_gap(settings, limit):
    with Silent() as port:
        assert gap(port, hurried(settings), limit).why is Why.TIMEOUT


def test_silence_where_nobody_expects_ssh_is_no_server_if_the_target_answers_elsewhere(
    ports, settings, limit
):
    with Silent() as port:
        alive = {"ssh": None, "usual": port, "ports": (f"{ports['default']}/tcp",)}
        refusing = {"ssh": None, "usual": port, "ports": (f"{free_port()}/tcp",)}
        for more in (alive, refusing):
            assert fact(port, hurried(settings), limit, **more).value["exists"] is False
        with Silent() as other:
            mute = gap(port, hurried(settings), limit, ssh=None, ports=(f"{other}/tcp",))
        assert mute.why is Why.TIMEOUT


def test_who_takes_a_connection_and_is_silent_is_no_shut_door(ports, settings, limit):
    from tests.hostile.network_servers import says_nothing

    more = {"ssh": None, "ports": (f"{ports['default']}/tcp",)}
    with scripted(says_nothing) as port:
        assert gap(port, hurried(settings), limit, **more).why is Why.TIMEOUT


def test_this_machine_itself_is_asked_without_a_letter(ports, settings, limit):
    scope = msgspec.structs.replace(settings.inventory.authority, scope=Scope())
    inventory = msgspec.structs.replace(settings.inventory, authority=scope)
    here = msgspec.structs.replace(settings, inventory=inventory)

    one = fact(ports["default"], here, limit, local=True, ssh=None)

    assert one.value["vantage"] == "loopback"
    assert one.value["exists"] is True


def test_silence_everywhere_is_a_gap(settings, limit):
    with Silent() as port:
        assert gap(port, hurried(settings), limit, ssh=None).why is Why.TIMEOUT


def test_a_target_behind_a_jump_host_that_is_not_reached_says_so(settings, limit):
    zones = (Zone(id="default", jump="10.0.0.1"),)
    inventory = msgspec.structs.replace(settings.inventory, zones=zones)
    behind = msgspec.structs.replace(hurried(settings), inventory=inventory)
    with Silent() as port:
        assert "jump host" in gap(port, behind, limit).detail


def test_a_way_that_cannot_be_gone_is_a_gap(settings, limit):
    assert gap(22, settings, limit, ssh=Ssh(jump="not an address")).why is Why.UNREACHABLE


def test_what_the_letter_does_not_cover_is_not_asked(settings, limit):
    assert gap(22, settings, limit, address="192.0.2.1").why is Why.SCOPE


def test_a_run_that_is_stopped_ends(settings, limit, stopped):
    stopped.set()

    assert gap(free_port(), settings, limit).why is Why.INTERRUPTED


def test_a_listed_port_that_speaks_otherwise_is_no_ssh_server(settings, limit, monkeypatch):
    from auditor.collect import ssh_server_doors

    with scripted(lambda connection: connection.sendall(b"220 mail ready\r\n")) as port:
        monkeypatch.setattr(ssh_server_doors, "OTHER_PORTS", (port,))
        one = ask(free_port(), settings, limit, ssh=None, ports=(f"{port}/tcp",))

    assert one.value["exists"] is False
    assert "220 mail ready" in one.evidence.excerpt


def test_who_takes_keys_alone_names_no_other_way(tmp_path, settings, limit):
    with dropbear(tmp_path, "-s") as port:
        one = fact(port, settings, limit)

    assert one.value["servers"][0]["login"] == {"open": False, "methods": ["publickey"]}
    assert statuses(one, settings)["password-login"] == "pass"
