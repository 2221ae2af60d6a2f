import pytest

from auditor.model.result import RunState, Status, TargetState

SSH_CHECKS = ("ssh.root-login", "accounts.single-root", "files.shadow", "logging.daemon")


@pytest.mark.parametrize(
    "target",
    ["hang", "banner", "hangshell", "flood", "exit", "down", "nokey", "stranger", "impostor"],
)
def test_a_target_that_cannot_be_visited_never_passes(audited, target):
    visit = audited.visit(target)

    assert visit.state is not TargetState.SEEN
    assert visit.reason
    for check in SSH_CHECKS:
        assert audited.result(target, check).status is Status.ERROR


@pytest.mark.parametrize(
    ("target", "state", "words"),
    [
        ("down", TargetState.UNREACHABLE, "No route to host"),
        ("nokey", TargetState.REFUSED, "refuses the login of auditor"),
        ("stranger", TargetState.HOST_KEY, "is not recorded"),
        ("impostor", TargetState.HOST_KEY, "is not the recorded one"),
        ("hang", TargetState.PARTLY, "no SSH handshake"),
        ("hangshell", TargetState.PARTLY, "did not finish in time"),
        ("flood", TargetState.PARTLY, "more than the limit"),
        ("exit", TargetState.PARTLY, "ended early"),
    ],
)
def test_the_visit_says_why(audited, target, state, words):
    visit = audited.visit(target)

    assert visit.state is state
    assert words in visit.reason


def test_a_run_with_gaps_is_incomplete(audited):
    assert audited.run.state is RunState.INCOMPLETE


@pytest.mark.parametrize("target", ["stranger", "impostor"])
def test_an_unconfirmed_host_key_is_a_finding(audited, target):
    assert audited.result(target, "ssh.host-key").status is Status.FAIL


def test_noise_before_the_answer_does_not_hide_or_forge_it(audited):
    assert audited.visit("binary").state is TargetState.SEEN
    assert audited.result("binary", "files.shadow").status is Status.PASS


def test_a_well_kept_target_passes_everything(audited):
    failed = [
        (r.check, r.reasons[0].message.en)
        for r in audited.visit("good").results
        if r.status in (Status.FAIL, Status.ERROR)
    ]

    assert failed == []
    assert audited.visit("good").state is TargetState.SEEN


@pytest.mark.parametrize(
    "check",
    [
        "ssh.root-login",
        "ssh.password-login",
        "ssh.empty-passwords",
        "ssh.max-auth-tries",
        "ssh.ciphers",
        "ssh.macs",
        "ssh.idle-timeout",
        "accounts.single-root",
        "accounts.hash-scheme",
        "accounts.empty-password",
        "files.world-writable",
        "patch.security-updates",
        "patch.lists-fresh",
        "patch.os-supported",
        "ports.unexpected",
        "ports.clear-text",
        "tls.version-min",
        "tls.suites",
        "tls.forward-secrecy",
        "tls.http-in-clear",
        "logging.daemon",
        "logging.forwarded",
        "logging.file-modes",
    ],
)
def test_a_neglected_target_fails(audited, check):
    assert audited.result("bad", check).status is Status.FAIL


@pytest.mark.parametrize(
    ("target", "check"),
    [
        ("expired", "tls.certificate-days"),
        ("selfsigned", "tls.certificate-chain"),
        ("wrongname", "tls.certificate-name"),
        ("database", "ports.database-exposed"),
        ("hostile", "files.world-writable"),
    ],
)
def test_each_fault_is_found(audited, target, check):
    assert audited.result(target, check).status is Status.FAIL


def test_a_daemon_that_refuses_its_configuration_fails_with_its_own_words(audited):
    result = audited.result("broken", "ssh.root-login")

    assert result.status is Status.FAIL
    assert "PermitRotLogin" in result.reasons[0].message.id


@pytest.mark.parametrize("target", ["plain", "password"])
def test_without_root_exactly_the_checks_that_need_it_say_so(audited, target):
    root = audited.result(target, "accounts.empty-password")
    free = audited.result(target, "accounts.single-root")

    assert (root.status, free.status) == (Status.ERROR, Status.PASS)
    assert "perlu hak root" in root.reasons[0].message.id


@pytest.mark.parametrize(
    ("release", "target", "number"), [("bullseye", "bad", 155), ("bookworm", "plain", 71)]
)
def test_pending_updates_are_those_that_apt_would_install(audited, release, target, number):
    observations = audited.store.observations(audited.run.id, target)
    (patches,) = [o for o in observations if o.probe == "patches"]

    assert patches.value["release"] == release
    assert patches.value["count"] == number


def test_what_a_target_sends_is_inert_in_the_store(audited):
    for observation in audited.store.observations(audited.run.id, "hostile"):
        text = str(observation)
        assert "\\x1b" not in text
        assert "\\u202e" not in text


def test_no_password_hash_reaches_the_store(audited):
    for observation in audited.store.observations(audited.run.id, "bad"):
        assert "$1$labsalt$" not in str(observation)
