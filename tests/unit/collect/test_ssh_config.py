"""What ssh_config says, compared with what ssh itself reads out of the same files (`ssh -G`)."""

import getpass
import subprocess
from pathlib import Path

import msgspec
import pytest

from auditor.collect.ssh_config import INCLUDE_DEPTH, Misconfigured, options_for, words_of
from auditor.collect.ssh_way import chosen, way_to

KEYS = ("hostname", "user", "port", "hostkeyalias", "proxyjump", "connecttimeout")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".ssh").mkdir()
    return tmp_path


@pytest.fixture
def config(home):
    """Write ~/.ssh/config and return it."""

    def write(text, name="config"):
        path = home / ".ssh" / name
        path.write_text(text)
        path.chmod(0o600)
        return path

    return write


def way(path, host="web1.batu.lab", *, user=None, port=None, direct=False):
    return way_to(host, (path,), user=user, port=port, direct=direct)


def of_ssh(path, host, user=None):
    more = ["-l", user] if user else []
    done = subprocess.run(
        ["ssh", "-G", "-F", str(path), *more, host], capture_output=True, text=True, check=True
    )
    found = {}
    for line in done.stdout.splitlines():
        key, _, value = line.partition(" ")
        found.setdefault(key, []).append(value)
    return found


GOOD = {
    "nothing": "",
    "plain": "HostName 10.0.0.9\nUser ops\nPort 2222\n",
    "equals": "HostName=10.0.0.9\nUser = ops\n\tPort\t=\t2222  \n",
    "first wins": "Port 1\nHost *\n  Port 2\nHost web1*\n  Port 3\n",
    "patterns": "Host db* web?.batu.lab !web1*\n Port 1\nHost *.batu.lab !db*\n Port 2\n",
    "only negated": "Host !db1\n Port 1\n",
    "brackets are letters": "Host [w]eb1.batu.lab\n Port 1\n",
    "quotes": 'Host "web1.batu.lab" x\n User "o p s"\n',
    "comments": "# Port 1\nUser ops # Port 1\nPort 7 #x\nHostName a#b\n",
    "case": "HOST WEB1.BATU.LAB\n pOrT 1\nhost web1.batu.lab\n pOrT 2\n",
    "tokens": "HostName %h.lab\nHost *\n HostKeyAlias x\n",
    "percent": "HostName a%%b\n",
    "jump": "Host web1*\n ProxyJump a@b:22,c\nHost *\n ProxyJump d\n",
    "no jump": "Host web1*\n ProxyJump none\nHost *\n ProxyJump d\n",
    "jump first": "ProxyJump b\nProxyCommand nc %h %p\n",
    "no command": "ProxyCommand none\nProxyJump b\n",
    "match all": "Match all\n Port 1\n",
    "match host": "HostName x.lab\nMatch host x.*\n Port 1\nMatch host web1*\n Port 2\n",
    "match original": "HostName x.lab\nMatch originalhost web1*,!web2* !host y*\n Port 1\n",
    "match user": "User ops\nMatch user ops\n Port 1\nMatch user other\n User none\n",
    "match local user": f"Match localuser {getpass.getuser()}\n Port 1\n",
    "match not": "Match !host web1*\n Port 1\nMatch !host db*\n Port 2\n",
    "match final": "Match final\n Port 1\n User final\nHost *\n Port 2\n",
    "match not final": "Match !final host web1*\n Port 3\nMatch final all\n User f\n",
    "final by name": "HostName x.lab\nMatch final host x.lab\n Port 1\nHost x.lab\n Port 2\n",
    "canonical": "Match canonical\n Port 1\n",
    "times": "ConnectTimeout 1m30s\nServerAliveInterval 20\n",
    "other options": "SendEnv LANG LC_*\nHashKnownHosts yes\nForwardAgent yes\nSetEnv A=b\n",
    "raw": "LocalCommand echo '%h' x\nPort 3\n",
    "windows": "HostName 10.0.0.9\r\nPort 2222\r\n",
    "include": "Include more.conf\nPort 9\n",
    "include in a block": "Host web1*\n Include hosts.conf\n Port 9\nHost *\n User u\n",
    "include in another block": "Host db1\n Include hosts.conf\n Port 9\nHost *\n User u\n",
    "include many": "Include conf.d/* missing.conf\nPort 9\n",
}


@pytest.mark.parametrize("user", [None, "ops", "other"])
@pytest.mark.parametrize("name", GOOD)
def test_it_is_read_as_ssh_reads_it(config, home, name, user):
    config("Port 77\nUser included\n", "more.conf")
    config("Host db1\n Port 5\nHost web1*\n Port 6\n", "hosts.conf")
    (home / ".ssh/conf.d").mkdir()
    config("HostName z.lab\n", "conf.d/b.conf")
    config("HostName y.lab\n", "conf.d/a.conf")
    config("HostName hidden.lab\n", "conf.d/.hidden")
    path = config(GOOD[name])
    # ssh takes a file given by -F for the user's, as it does ~/.ssh/config
    theirs = of_ssh(path, "web1.batu.lab", user)

    ours = way(path, user=user)

    assert ours.hostname.lower() == theirs["hostname"][0]
    assert (user or ours.user or getpass.getuser()) == theirs["user"][0]
    assert str(ours.port or 22) == theirs["port"][0]
    assert ours.alias == theirs.get("hostkeyalias", [None])[0]
    assert ours.jump == theirs.get("proxyjump", [None])[0]
    timeout = theirs["connecttimeout"][0]
    assert ours.connect_timeout == (None if timeout == "none" else float(timeout))
    assert (ours.keepalive or 0) == float(theirs["serveraliveinterval"][0])


def test_identities_and_known_hosts_are_those_of_ssh(config, monkeypatch):
    monkeypatch.setenv("LAB_KEYS", "/srv/keys")
    path = config(
        "Host web1*\n IdentityFile ~/a\n IdentityFile %d/%h-%r\n"
        " UserKnownHostsFile ~/k1 /etc/k-%n\n GlobalKnownHostsFile /g\n"
        "Host *\n IdentityFile ${LAB_KEYS}/b\n IdentityFile ~/a\n User ops\n"
    )
    theirs = of_ssh(path, "web1.batu.lab")

    ours = way(path)

    expected = [Path(text).expanduser() for text in theirs["identityfile"]]
    expected[1:] = [
        Path.home() / "web1.batu.lab-ops",
        Path("/srv/keys/b"),
    ]
    assert list(ours.keys) == expected
    assert ours.known_hosts == (Path.home() / "k1", Path("/etc/k-web1.batu.lab"), Path("/g"))


def test_without_files_nothing_is_said(home):
    ours = way_to("WEB1", (home / "none", home / "none/deeper"), user=None, port=None, direct=False)

    assert ours == msgspec.structs.replace(ours, hostname="WEB1", user=None, port=None, keys=())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('User "ops\n', ":1: a quote is not closed"),
        ("User 'o'ps' x\n", ":1: a quote is not closed"),
        ("\nPort\n", ":2: port has no value"),
        ("Port =\n", ":1: port has no value"),
        ("Port 0\n", "port is '0', not a number from 1 to 65535"),
        ("Port ssh\n", "port is 'ssh'"),
        ("Port 99999\n", "port is '99999'"),
        ("Port ²\n", "port is '²'"),
        ("ConnectTimeout soon\n", "connecttimeout is 'soon', not a time"),
        ("Host\n", ":1: Host names nothing"),
        ("Match\n", ":1: Match names nothing"),
        ("Match host\n", ":1: Match host has no value"),
        ("Match moon full\n", ":1: Match moon is not known here"),
        ("Include\n", ":1: Include names no file"),
        ("HostName %q\n", ":1: %q has no meaning in hostname"),
        ("HostName a%\n", ":1: % has no meaning in hostname"),
        ("IdentityFile ${NO_SUCH_NAME}/x\n", ":1: there is no variable NO_SUCH_NAME"),
        ("IdentityFile ~nobody-at-all/x\n", ":1: ~nobody-at-all/x belongs to nobody"),
        ("CanonicalizeHostname yes\n", ":1: canonicalizehostname is not followed"),
        ("RevokedHostKeys /etc/krl\n", ":1: revokedhostkeys is not followed"),
        ("ProxyCommand nc %h %p\n", ":1: proxycommand is not followed"),
        ("ProxyCommand nc %h %p\nProxyJump b\n", ":1: proxycommand is not followed"),
        ("Include config\n", f"Include goes deeper than {INCLUDE_DEPTH} files"),
    ],
)
def test_what_cannot_be_followed_is_refused_by_file_and_line(config, text, words):
    with pytest.raises(Misconfigured) as caught:
        way(config(text))

    assert words in str(caught.value)
    assert str(caught.value).startswith(str(Path.home() / ".ssh/config"))


@pytest.mark.parametrize("text", [text for text in GOOD.values() if text])
def test_only_targets_concerned_are_refused(config, text):
    broken = config(f"{text}\nHost other\n Port x\n ProxyCommand y\n User\n Bad 'quote\n")

    assert way(broken).hostname
    with pytest.raises(Misconfigured):
        way(broken, "other")


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write_is_refused(config, mode):
    path = config("Port 1\n")
    path.chmod(mode)

    with pytest.raises(Misconfigured, match="others may write this file"):
        way(path)


def test_a_file_that_is_no_text_or_no_file_is_refused(config, home):
    path = config("")
    path.write_bytes(b"Port \xff\n")

    with pytest.raises(Misconfigured, match="not UTF-8"):
        way(path)
    with pytest.raises(Misconfigured, match="Is a directory"):
        way(home / ".ssh")


@pytest.mark.parametrize(
    "text",
    [
        "Match exec 'touch {mark}'\n Port 1\n",
        "Match host web1* exec='touch {mark}'\n Port 1\n",
        "Match !exec 'touch {mark}'\n Port 1\n",
        "Match final exec 'touch {mark}'\n Port 1\n",
        "ProxyCommand touch {mark}\n",
        "ProxyCommand=touch {mark}\n",
        "HostName `touch\n",
        "LocalCommand touch {mark}\nPermitLocalCommand yes\n",
        "KnownHostsCommand /bin/touch {mark}\n",
        "IdentityFile $(touch {mark})\n",
        "Include more-exec\n",
    ],
)
def test_nothing_is_ever_executed(config, home, monkeypatch, text):
    mark = home / "executed"
    for name in ("run", "Popen", "call", "check_output"):
        monkeypatch.setattr(subprocess, name, None)
    monkeypatch.setattr("os.system", None)
    monkeypatch.setattr("os.posix_spawn", None)
    config(f"Match exec 'touch {mark}'\n Port 1\n", "more-exec")
    path = config(text.format(mark=mark))

    try:
        found = way(path)
    except Misconfigured as error:
        found = str(error)

    assert not mark.exists()
    if "exec" in text:
        assert "Match exec is not followed: the auditor runs no command for it" in found


def test_a_command_for_others_concerns_nobody_else(config):
    path = config("Match host db* exec 'touch /x'\n Port 1\nHost db1\n ProxyCommand x\n")

    assert way(path).port is None
    with pytest.raises(Misconfigured, match="exec"):
        way(path, "db2")


def test_a_way_that_is_settled_needs_no_command(config):
    found = way(config("ProxyCommand nc %h %p\n"), direct=True)

    assert (found.jump, found.jump_place) == (None, "")


def test_what_is_said_elsewhere_is_what_match_sees(config):
    path = config("User budi\nMatch user auditor\n Port 1\n")

    assert way(path, user="auditor").port == 1
    assert way(path).port is None


def test_agent_keys_and_passwords(config):
    found = way(config("IdentitiesOnly yes\nIdentityAgent none\nPasswordAuthentication no\n"))
    usual = way(config("IdentityAgent SSH_AUTH_SOCK\nIdentityFile none\n"))

    assert (found.only_these_keys, found.agent, found.password) == (True, False, False)
    assert (usual.only_these_keys, usual.agent, usual.password) == (False, True, True)
    assert usual.keys == ()


KNOWN = ("aes-c", "aes-b", "old", "newest")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aes-b,aes-c", ("aes-b", "aes-c")),
        ("nonsense,old", ("old",)),
        ("+old,nonsense", KNOWN),
        ("-aes-*", ("old", "newest")),
        ("^newest,aes-b", ("newest", "aes-b", "aes-c", "old")),
    ],
)
def test_lists_choose_among_what_is_known(config, text, expected):
    option = way(config(f"Ciphers {text}\n")).algorithms["ciphers"]

    assert chosen(option, KNOWN) == expected


@pytest.mark.parametrize("text", ["nonsense", "-*"])
def test_a_list_that_leaves_nothing_is_refused(config, text):
    option = way(config(f"MACs {text}\n")).algorithms["macs"]

    with pytest.raises(Misconfigured, match=":1: no algorithm of macs is known here"):
        chosen(option, KNOWN)


def test_what_is_not_said_changes_nothing():
    assert chosen(None, KNOWN) == KNOWN


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"a\ b c", ("a b", "c")),
        (r'"a \"b\" \\ \x" c', ('a "b" \\ \\x', "c")),
        ("'a b'\"c d\"e", ("a bc de",)),
        ("a#b #c", ("a#b",)),
        ("", ()),
        ("# all", ()),
        (r"back\slash", (r"back\slash",)),
    ],
)
def test_words_are_those_of_openssh(text, words):
    assert words_of(text, "x:1") == words


def test_long_lines_take_no_longer_than_they_must():
    assert len(words_of("a\\" * 100_000, "x:1")) == 1
    with pytest.raises(Misconfigured):
        words_of('"' + '\\"' * 100_000, "x:1")


def test_the_debian_file_is_read():
    system = Path("/etc/ssh/ssh_config")

    assert "hashknownhosts" in options_for("web1", (system,))
