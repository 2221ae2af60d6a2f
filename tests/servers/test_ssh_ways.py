"""The way to a target: ssh_config, jump hosts, keys, keepalive; against real sshds on loopback."""

import os
import re
import signal
import subprocess
import threading
import time
from contextlib import ExitStack, contextmanager

import msgspec
import pytest

from auditor.collect import Limit
from auditor.collect.refusal import Refusal
from auditor.collect.ssh import SshCollector
from auditor.collect.ssh_login import connect, known_as, shown_keys
from auditor.collect.ssh_route import HOPS, config_files, route
from auditor.model.fact import Gap, Why
from auditor.model.inventory import Scope, Ssh, Target, Zone
from auditor.plan import Task
from auditor.probe.base import Probe, Via
from auditor.probe.session import PROBE as SESSION
from tests.servers.ssh_servers import USER, new_key, ssh_server
from tests.servers.tls_servers import scripted

LEFT_OPEN = ("user", "port")


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return new_key(tmp_path_factory.mktemp("client") / "key")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """An empty home without an agent."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    (tmp_path / "home/.ssh").mkdir(parents=True)
    return tmp_path / "home"


@pytest.fixture
def told(tmp_path, settings):
    """Settings with these known hosts, this ssh_config, and whatever else."""

    def make(*servers, config="", **more):
        (tmp_path / "known").write_text(
            "".join(s if isinstance(s, str) else s.known for s in servers)
        )
        path = tmp_path / "ssh_config"
        path.write_text(config)
        path.chmod(0o600)
        return msgspec.structs.replace(
            settings, known_hosts=(tmp_path / "known",), ssh_config=(path,), **more
        )

    return make


@pytest.fixture
def serve(tmp_path, key):
    """Run servers, each with an address of its own: 127.0.0.1 and so on."""
    with ExitStack() as stack:
        count = 0

        def start(config="", **more):
            nonlocal count
            count += 1
            folder, address = tmp_path / f"server{count}", f"127.0.0.{count}"
            return stack.enter_context(ssh_server(folder, key, config, address=address, **more))

        yield start


def target(address, **ssh):
    return Target(id="a", opd="o", address=address, ssh=Ssh(**ssh) if ssh else Ssh())


@contextmanager
def session(one, settings):
    with ExitStack() as stack:
        yield connect(one, settings, Limit(20, threading.Event(), time.monotonic), stack)


def refused(one, settings):
    with pytest.raises(Refusal) as caught, session(one, settings):
        pass
    return caught.value


def says(opened):
    """Run a command over the session."""
    channel = opened.transport.open_session(timeout=5)
    channel.settimeout(5)
    channel.exec_command("echo $SSH_CONNECTION")
    return channel.makefile().read().decode()


# ssh_config


def test_everything_comes_from_ssh_config(serve, told, key):
    server = serve()
    config = f"""
Host 127.1.2.3
  HostName {server.address}
  Port {server.port}
  User {USER}
  IdentityFile {key}
  IdentitiesOnly yes
"""
    with session(target("127.1.2.3", left_open=LEFT_OPEN), told(server, config=config)) as opened:
        assert says(opened).split()[2:] == [server.address, str(server.port)]
        assert opened.address == f"[{server.address}]:{server.port}"


def test_the_inventory_s_words_win(serve, told, key):
    server = serve()
    config = "Host *\n  Port 9\n  User nobody\n  IdentityFile /nowhere\n  ProxyJump 127.9.9.9\n"
    one = target(server.address, user=USER, port=server.port, key=str(key), jump="none")

    with session(one, told(server, config=config)) as opened:
        assert says(opened)


def test_what_ssh_config_does_not_say_is_the_usual(told):
    (hop,) = route(target("127.0.0.1", left_open=LEFT_OPEN), told())

    assert (hop.user, hop.port, hop.known_as) == ("auditor", 22, ("127.0.0.1", 22))


@pytest.mark.parametrize("name", ["10.0.0.1", "evil.example", "127.0.0.1.evil.example"])
def test_ssh_config_does_not_lead_out_of_the_authority_s_scope(told, name):
    with scripted(lambda _: pytest.fail("was visited")):
        refusal = refused(target("127.0.0.1"), told(config=f"Host *\n HostName {name}\n"))

    assert refusal.why is Why.SCOPE
    assert f"ssh_config:2: HostName {name} lies outside the authority's scope" in refusal.detail


def test_a_host_name_inside_the_scope_is_gone_to(told, settings):
    authority = msgspec.structs.replace(
        settings.inventory.authority, scope=Scope(networks=("127.0.0.0/8",), domains=("batu.lab",))
    )
    inventory = msgspec.structs.replace(settings.inventory, authority=authority)
    told_ = told(config="Host *\n HostName Web.Batu.Lab\n", inventory=inventory)

    assert route(target("127.0.0.1"), told_)[-1].address == "Web.Batu.Lab"


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("ProxyCommand touch {mark}\n", "proxycommand is not followed"),
        ("Match exec 'touch {mark}'\n Port 1\n", "Match exec is not followed"),
        ("Port x\n", "port is 'x'"),
        ("Ciphers nonsense\n", "no algorithm of ciphers"),
        ("HostKeyAlgorithms ssh-dss\n", "no algorithm of hostkeyalgorithms"),
    ],
)
def test_what_cannot_be_followed_is_a_refusal(serve, told, key, tmp_path, config, words):
    server = serve()
    config = config.format(mark=tmp_path / "mark")
    one = target(server.address, user=USER, port=server.port, key=str(key))

    refusal = refused(one, told(server, config=config))

    assert refusal.why is Why.UNSUPPORTED
    assert words in refusal.detail
    assert f"ssh_config: {tmp_path}/ssh_config:1" in refusal.detail
    assert not (tmp_path / "mark").exists()


def test_a_refusal_is_a_gap_for_each_probe(told):
    probes = (Probe(type=SESSION, args=SESSION.args()),)
    one = target("127.0.0.1")
    task = Task(via=Via.SSH, targets=(one,), probes=probes)
    limit = Limit(5, threading.Event(), time.monotonic)

    (seen,) = SshCollector().collect(task, told(config="ProxyCommand x\n"), limit)

    assert isinstance(seen, Gap)
    assert "proxycommand is not followed" in seen.detail


def test_known_hosts_of_ssh_config_are_believed_and_their_bans_too(serve, told, key, tmp_path):
    server = serve()
    (tmp_path / "more").write_text(server.known)
    config = f"UserKnownHostsFile {tmp_path}/more\n"
    one = target(server.address, user=USER, port=server.port, key=str(key))

    with session(one, told(config=config)) as opened:
        assert says(opened)
    (tmp_path / "more").write_text(f"@revoked * {server.public}\n")
    assert refused(one, told(server, config=config)).key_standing == "revoked"


def test_known_hosts_that_cannot_be_read_trust_nobody(serve, told, key, tmp_path):
    server = serve()
    (tmp_path / "folder").mkdir()
    one = target(server.address, user=USER, port=server.port, key=str(key))

    refusal = refused(one, told(server, config=f"UserKnownHostsFile {tmp_path}/folder\n"))

    assert (refusal.why, refusal.key_standing) == (Why.HOST_KEY, "")
    assert "host keys cannot be read: Is a directory" in refusal.detail


def test_strict_host_key_checking_cannot_be_turned_off(serve, told, key):
    server = serve()
    config = "StrictHostKeyChecking no\nUserKnownHostsFile /dev/null\nCheckHostIP no\n"
    one = target(server.address, user=USER, port=server.port, key=str(key))

    assert refused(one, told(config=config)).key_standing == "unknown"


def test_an_alias_is_the_name_of_the_key(serve, told, key):
    server = serve()
    config = "HostKeyAlias Web1\n"
    one = target(server.address, user=USER, port=server.port, key=str(key))

    with session(one, told(f"web1 {server.public}\n", config=config)):
        pass
    assert refused(one, told(server, config=config)).key_standing == "unknown"
    assert known_as(one, told(config=config)) == ("web1", 22)


@pytest.mark.parametrize(
    ("option", "line", "label"),
    [
        ("Ciphers", "aes256-ctr", "cipher: "),
        ("MACs", "hmac-sha2-512", "MAC: "),
        ("KexAlgorithms", "diffie-hellman-group16-sha512", "algorithm: "),
        ("HostKeyAlgorithms", "rsa-sha2-256", "host key algorithm: "),
    ],
)
def test_algorithms_are_those_that_ssh_config_names(serve, told, key, option, line, label):
    server = serve(kind="rsa")
    one = target(server.address, user=USER, port=server.port, key=str(key))
    config = f"{option} {line}\n"

    with session(one, told(server, config=config)) as opened:
        assert says(opened)
    agreed = [text for text in server.log.splitlines() if "debug1: kex: " in text]
    assert any(f"{label}{line}" in text for text in agreed)


def test_the_file_of_the_person_counts_before_the_system_s(tmp_path):
    assert [str(path) for path in config_files(tmp_path)] == [
        f"{tmp_path}/.ssh/config",
        "/etc/ssh/ssh_config",
    ]


def test_connect_timeout_of_ssh_config(told):
    with scripted(lambda connection: connection.recv(1) and time.sleep(5)) as port:
        one = target("127.0.0.1", port=port)
        before = time.monotonic()

        refusal = refused(one, told(config="ConnectTimeout 1\n", connect_timeout=30.0))

    assert refusal.why is Why.TIMEOUT
    assert time.monotonic() - before < 5


def test_the_source_address_is_bound(serve, told, key):
    server = serve()
    one = target(server.address, user=USER, port=server.port, key=str(key))

    with session(one, told(server, config="BindAddress 127.0.0.77\n")) as opened:
        assert says(opened).split()[0] == "127.0.0.77"
    assert refused(one, told(server, config="BindAddress 203.0.113.1\n")).why is Why.UNREACHABLE


# keys


def test_usual_keys_are_tried_and_those_that_cannot_be_used_are_told(serve, told, key, home):
    server = serve()
    one = target(server.address, user=USER, port=server.port)
    new_key(home / ".ssh/id_ed25519", "ed25519", "-N", "secret")
    (home / ".ssh/id_ecdsa").write_text("no key\n")

    refusal = refused(one, told(server))

    assert f"key {home}/.ssh/id_ed25519 cannot be used" in refusal.detail
    assert f"key {home}/.ssh/id_ecdsa cannot be used" in refusal.detail
    (home / ".ssh/id_rsa").write_bytes(key.read_bytes())
    with session(one, told(server)) as opened:
        assert says(opened)


@pytest.mark.parametrize("make", [None, "secret", "text"])
def test_a_named_key_that_cannot_be_used_is_replaced_by_no_other(
    serve, told, key, home, tmp_path, make
):
    server = serve()
    (home / ".ssh/id_ed25519").write_bytes(key.read_bytes())
    named = tmp_path / f"named-{make}"
    if make == "secret":
        new_key(named, "ed25519", "-N", "secret")
    elif make == "text":
        named.write_text("\x1b[31m")

    refusal = refused(
        target(server.address, user=USER, port=server.port, key=str(named)), told(server)
    )

    assert refusal.why is Why.REFUSED
    assert f"key {named} cannot be used" in refusal.detail


def test_half_a_login_is_none(serve, told, key):
    server = serve("PasswordAuthentication yes\nAuthenticationMethods publickey,password\n")
    one = target(server.address, user=USER, port=server.port, key=str(key))

    refusal = refused(one, told(server))

    assert "refuses the login" in refusal.detail


@contextmanager
def agent(monkeypatch, *keys):
    """Run an agent that holds these keys."""
    started = subprocess.run(["ssh-agent", "-s"], check=True, capture_output=True, text=True)
    found = dict(re.findall(r"(SSH_\w+)=([^;]+);", started.stdout))
    try:
        monkeypatch.setenv("SSH_AUTH_SOCK", found["SSH_AUTH_SOCK"])
        subprocess.run(["ssh-add", "-q", *map(str, keys)], check=True, stderr=subprocess.DEVNULL)
        yield
    finally:
        os.kill(int(found["SSH_AGENT_PID"]), signal.SIGTERM)


def test_keys_of_the_agent(serve, told, key, monkeypatch, tmp_path):
    server = serve()
    one = target(server.address, user=USER, port=server.port)
    other = new_key(tmp_path / "other")
    half = tmp_path / "half"
    half.with_name("half.pub").write_text(key.with_name("key.pub").read_text())
    half.write_text("protected\n")

    with agent(monkeypatch, other, key):
        with session(one, told(server)) as opened:
            assert says(opened)
        named = told(server, config=f"IdentityFile {half}\nIdentitiesOnly yes\n")
        with session(one, named) as opened:
            assert says(opened)
        only = refused(one, told(server, config=f"IdentityFile {other}\nIdentitiesOnly yes\n"))
        none = refused(one, told(server, config="IdentityAgent none\n"))

    assert f"(tried: agent ssh-ed25519, {other})" in only.detail
    assert "(tried: no key at hand)" in none.detail


def test_a_server_that_ends_the_login_is_told(serve, told, key, home):
    server = serve("MaxAuthTries 1\n")
    for name in ("id_ed25519", "id_rsa"):
        new_key(home / ".ssh" / name)

    refusal = refused(target(server.address, user=USER, port=server.port), told(server))

    assert refusal.why is Why.REFUSED
    assert "login broke off" in refusal.detail


def test_a_login_ends_with_its_time(serve, told, key):
    server = serve()
    now = [0.0]

    def password(_):
        now[0] = 100.0

    one = target(server.address, user=USER, port=server.port, key=str(key))
    limit = Limit(20, threading.Event(), lambda: now[0])
    with pytest.raises(Refusal) as caught, ExitStack() as stack:
        connect(one, told(server, password=password), limit, stack)

    assert (caught.value.why, "login took too long" in caught.value.detail) == (Why.TIMEOUT, True)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (lambda connection: connection.close(), Why.UNREACHABLE),
        (lambda connection: connection.sendall(b"HTTP/1.1 400 Bad\r\n\r\n"), Why.UNREACHABLE),
        (lambda connection: connection.sendall(b"SSH-2.0-x\r\n" + bytes(2000)), Why.UNREACHABLE),
        (lambda connection: connection.sendall(b"\x1b[31m" * 5000), Why.UNREACHABLE),
        (lambda connection: connection.recv(99) and time.sleep(4), Why.TIMEOUT),
        (lambda connection: connection.sendall(b"SSH-2.0-x\r\n") or time.sleep(4), Why.TIMEOUT),
    ],
)
def test_what_is_no_ssh_server_is_told(told, script, why):
    with scripted(script) as port:
        refusal = refused(target("127.0.0.1", port=port), told(connect_timeout=1.0))
        with pytest.raises(Refusal):
            shown_keys(
                target("127.0.0.1", port=port),
                told(connect_timeout=1.0),
                Limit(20, threading.Event(), time.monotonic),
            )

    assert refusal.why is why
    assert "no SSH handshake" in refusal.detail
    assert "\x1b" not in refusal.detail


def test_ssh_config_can_forbid_the_password(serve, told, key):
    server = serve()
    one = target(server.address, user=USER, port=server.port, key=str(key.with_name("none")))
    one = msgspec.structs.replace(one, ssh=msgspec.structs.replace(one.ssh, key=None))

    open_ = refused(one, told(server, password=lambda _: "secret"))
    shut = refused(
        one, told(server, config="PasswordAuthentication no\n", password=lambda _: "secret")
    )

    assert "password" in open_.detail
    assert "password" not in shut.detail


# jump hosts


def chain(*servers):
    """Write jump hosts as the inventory does."""
    return ",".join(f"{USER}@{server.address}:{server.port}" for server in servers)


def test_a_chain_of_two_hops(serve, told, key):
    first, second, last = serve(), serve(), serve()
    one = target(last.address, user=USER, port=last.port, key=str(key), jump=chain(first, second))

    with session(one, told(first, second, last)) as opened:
        assert says(opened).split()[2:] == [last.address, str(last.port)]
    for server, onward in ((first, second), (second, last)):
        assert (
            f"originator 127.0.0.1 port 0, target {onward.address} port {onward.port}" in server.log
        )


def test_a_zone_s_jump_host_holds_unless_a_target_says_none(serve, told, key, settings):
    hop, last = serve(), serve()
    zones = (Zone(id="default", jump=chain(hop)),)
    inventory = msgspec.structs.replace(settings.inventory, zones=zones)
    known = told(hop, last, inventory=inventory)

    with session(target(last.address, user=USER, port=last.port, key=str(key)), known):
        pass
    assert "direct-tcpip" in hop.log
    own = target(hop.address, user=USER, port=hop.port, key=str(key), jump="none")
    assert len(route(own, known)) == 1


def test_jumps_of_ssh_config_with_jumps_of_their_own(serve, told, key):
    first, second, last = serve(), serve(), serve()
    config = f"""
Host last
  HostName {last.address}
Host {last.address} last
  Port {last.port}
  ProxyJump second
Host second
  HostName {second.address}
  Port {second.port}
  ProxyJump first
Host first
  HostName {first.address}
  Port {first.port}
  ProxyJump none
Host *
  User {USER}
  IdentityFile {key}
"""
    known = told(first, second, last, config=config)

    with session(target(last.address, left_open=LEFT_OPEN), known) as opened:
        assert says(opened)
    assert f"target {second.address} port {second.port}" in first.log
    assert f"target {last.address} port {last.port}" in second.log


def test_a_list_of_jumps_uses_the_first_one_s_own_way_only(told):
    config = "Host x\n ProxyJump before-x\nHost y\n ProxyJump before-y\n"
    one = target("127.0.0.1", jump="x,y")

    hops = [hop.address for hop in route(one, told(config=config))]

    assert hops == ["before-x", "x", "y", "127.0.0.1"]


@pytest.mark.parametrize(
    "config", ["Host *\n ProxyJump x\n", "Host x\n ProxyJump y\nHost y 127.*\n ProxyJump x\n"]
)
def test_a_way_that_goes_round_is_refused(told, config):
    refusal = refused(target("127.0.0.1"), told(config=config))

    assert refusal.why is Why.UNREACHABLE
    assert f"more than {HOPS} servers on the way" in refusal.detail


def test_words_that_name_no_jump_host_are_refused_with_their_place(told, tmp_path):
    refusal = refused(target("127.0.0.1"), told(config="ProxyJump a:b:c\n"))

    assert f"{tmp_path}/ssh_config:1: jump 'a:b:c' is not [user@]address[:port]" in refusal.detail


def test_a_command_on_the_way_of_a_jump_host_is_refused(told):
    config = "Host x\n ProxyCommand nc %h %p\n"

    assert refused(target("127.0.0.1", jump="x"), told(config=config)).why is Why.UNSUPPORTED
    assert refused(target("127.0.0.1", jump="y,x"), told(config=config)).why is not Why.UNSUPPORTED


def test_a_jump_host_with_another_key_is_not_passed(serve, told, key):
    hop, last = serve(), serve()
    changed = hop.known.replace(hop.public, last.public)
    one = target(last.address, user=USER, port=last.port, key=str(key), jump=chain(hop))

    refusal = refused(one, told(changed, last))

    assert refusal.key_standing == "changed"
    assert f"[{hop.address}]:{hop.port} is not the recorded one" in refusal.detail
    assert "Accepted publickey" not in hop.log
    assert "Connection from" not in last.log


def test_a_jump_host_that_nobody_confirmed_is_not_passed(serve, told, key):
    hop, last = serve(), serve()
    one = target(last.address, user=USER, port=last.port, key=str(key), jump=chain(hop))

    refusal = refused(one, told(last))

    assert refusal.key_standing == "unknown"
    assert f"[{hop.address}]:{hop.port} is not recorded" in refusal.detail


def test_the_last_key_is_checked_behind_a_jump_host_too(serve, told, key):
    hop, last = serve(), serve()
    one = target(last.address, user=USER, port=last.port, key=str(key), jump=chain(hop))

    refusal = refused(one, told(hop, last.known.replace(last.public, hop.public)))

    assert refusal.key_standing == "changed"
    assert f"[{last.address}]:{last.port}" in refusal.detail


def test_a_jump_host_that_forwards_nothing_is_named(serve, told, key):
    hop, last = serve("AllowTcpForwarding no\n"), serve()
    one = target(last.address, user=USER, port=last.port, key=str(key), jump=chain(hop))

    refusal = refused(one, told(hop, last))

    assert refusal.why is Why.UNREACHABLE
    assert (
        f"[{last.address}]:{last.port}: not reached by [{hop.address}]:{hop.port}: "
        "ChannelException(1, 'Administratively prohibited')"
    ) in refusal.detail


def test_a_jump_host_that_does_not_reach_the_target_is_named(serve, told, key):
    hop = serve()
    one = target("127.0.0.9", user=USER, port=1, key=str(key), jump=chain(hop))

    refusal = refused(one, told(hop))

    assert refusal.why is Why.UNREACHABLE
    assert f"not reached by [{hop.address}]:{hop.port}" in refusal.detail


def test_keys_are_shown_through_jump_hosts(serve, told, key):
    first, second, last = serve(), serve(), serve()
    one = target(last.address, user=USER, port=last.port, key=str(key), jump=chain(first, second))
    limit = Limit(20, threading.Event(), time.monotonic)

    ((kind, _),) = shown_keys(one, told(first, second), limit)

    assert kind == last.public.split()[0]
    assert first.log.count("Accepted publickey") == 1
    with pytest.raises(Refusal):
        shown_keys(one, told(first), limit)


# keepalive


@pytest.mark.parametrize(
    ("config", "keepalive", "sent"),
    [
        ("", 1.0, True),
        ("ServerAliveInterval 1\n", 0.0, True),
        ("ServerAliveInterval 0\n", 1.0, False),
        ("", 0.0, False),
    ],
)
def test_a_silent_connection_is_kept_alive(serve, told, key, config, keepalive, sent):
    server = serve()
    one = target(server.address, user=USER, port=server.port, key=str(key))

    with session(one, told(server, config=config, keepalive=keepalive)):
        time.sleep(1.6)

    assert ("rtype keepalive@" in server.log) is sent
