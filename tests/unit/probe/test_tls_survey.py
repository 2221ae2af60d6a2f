"""The survey against servers that lie, fall silent or close, then against honest ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.fact import Why
from auditor.probe.tls_alerts import Alert
from auditor.probe.tls_codec import (
    ClientHello,
    ServerHello,
)
from auditor.probe.tls_suites import CURVES, FFDHE, GROUPS_1_3, SUITES, Version, batches
from auditor.probe.tls_survey import (
    Mute,
    Seen,
    groups_for,
    offer,
    other_protocol,
    shows_certificate,
    still_answers,
    survey,
)

CLOSED = Mute(why=Why.UNREADABLE, detail="connection closed", closed=True)
SILENT = Mute(why=Why.TIMEOUT, detail="no answer in time")
REFUSED = Alert(code=40)
WRONG_VERSION = Alert(code=70)
UNKNOWN_NAME = Alert(code=112)
HELLOS = 2000
"""No survey may need more: four batches, every suite, and second chances."""


def ask(version: Version, server, name: str = "web.kota.test"):
    """Run a survey against a function from hello to answer."""
    hellos: list[ClientHello] = []
    steps = survey(version, name)
    hello = next(steps)
    while True:
        hellos.append(hello)
        assert len(hellos) < HELLOS
        try:
            hello = steps.send(server(hello))
        except StopIteration as end:
            return end.value, hellos


def speaker(*suites: int, version: int = 0x0303, groups=(0x11EC, 0x1D), otherwise=REFUSED):
    """An honest server that prefers suites and groups in the given order."""

    def server(hello: ClientHello):
        suite = next((code for code in suites if code in hello.suites), None)
        group = next((code for code in groups if code in hello.groups), None)
        if suite is None or (version == 0x0304 and group is None):
            return otherwise
        if version != 0x0304:
            return ServerHello(version=version, suite=suite)
        return ServerHello(version=version, suite=suite, retry=not hello.shares, group=group)

    return server


def test_a_silent_server_is_asked_once_in_a_version():
    seen, hellos = ask(Version.TLS_1_2, lambda _hello: SILENT)

    assert seen.mute == SILENT
    assert len(hellos) == 1


def test_a_server_that_falls_silent_leaves_a_gap_behind_what_it_said():
    answers = iter([ServerHello(version=0x0303, suite=0x2F), SILENT])

    seen, _ = ask(Version.TLS_1_2, lambda _hello: next(answers))

    assert seen.suites == (0x2F,)
    assert seen.mute == SILENT


@pytest.mark.parametrize(
    "lie",
    [
        ServerHello(version=0x0303, suite=0xFAFA),
        ServerHello(version=0x0303, suite=0x1301),
        ServerHello(version=0x0304, suite=0x2F),
        ServerHello(version=0x7F1C, suite=0x2F),
    ],
)
def test_a_server_that_chooses_what_was_not_offered_is_not_believed(lie):
    seen, hellos = ask(Version.TLS_1_2, lambda _hello: lie)

    assert seen.mute.why is Why.UNREADABLE
    assert not seen.suites
    assert len(hellos) == 1


def test_a_server_that_repeats_a_choice_is_not_believed():
    seen, hellos = ask(Version.TLS_1_2, lambda _hello: ServerHello(version=0x0303, suite=0x2F))

    assert seen.mute.why is Why.UNREADABLE
    assert len(hellos) == 2


def test_a_server_that_accepts_everything_is_asked_for_each_suite_once():
    seen, hellos = ask(
        Version.TLS_1_2, lambda hello: ServerHello(version=0x0303, suite=hello.suites[-1])
    )

    assert sorted(seen.suites) == sorted(c for b in batches(Version.TLS_1_2) for c in b)
    assert len(hellos) == len(seen.suites)


def test_a_closed_connection_is_believed_when_it_is_repeated():
    answers = iter([CLOSED, ServerHello(version=0x0303, suite=0x2F)])

    seen, _ = ask(Version.TLS_1_2, lambda _hello: next(answers, CLOSED))

    assert seen.suites == (0x2F,)
    assert seen.refusal == "connection closed"
    assert seen.mute is None


@pytest.mark.parametrize("death", [CLOSED, Alert(code=80), Alert(code=47)])
def test_a_server_that_dies_of_a_suite_hides_no_other(death):
    """Dovecot with DHE and no parameters for it ends the connection without a word."""
    good = (0xC030, 0x0035, 0x002F, 0xC013)

    def server(hello: ClientHello):
        return death if 0x009F in hello.suites else speaker(*good)(hello)

    seen, hellos = ask(Version.TLS_1_2, server)

    assert sorted(seen.suites) == sorted(good)
    assert len(hellos) < 30


@pytest.mark.parametrize(("version", "asked"), [(Version.TLS_1_2, True), (Version.SSL_3_0, False)])
def test_a_server_that_has_no_prime_of_its_own_is_given_one_by_name(version, asked):
    """GnuTLS without parameters serves DHE to clients that name a prime, and to no others."""
    dhe = (0x0033, 0x0039)

    def server(hello: ClientHello):
        suites = (0x002F, *dhe) if set(FFDHE) <= set(hello.groups) else (0x002F,)
        return speaker(*suites, version=version)(hello)

    seen, _ = ask(version, server)

    assert seen.suites == ((0x002F, *dhe) if asked else (0x002F,))
    assert seen.ffdhe == (dhe if asked else ())
    assert set(FFDHE).isdisjoint(groups_for(seen, seen.suites))
    assert set(FFDHE) <= set(groups_for(seen, dhe)) or not asked
    assert groups_for(seen, ()) == CURVES


def test_a_server_that_falls_silent_at_a_named_prime_leaves_a_gap():
    def server(hello: ClientHello):
        return SILENT if set(FFDHE) <= set(hello.groups) else speaker(0x002F)(hello)

    seen, _ = ask(Version.TLS_1_2, server)

    assert (seen.suites, seen.mute) == ((0x002F,), SILENT)


@pytest.mark.parametrize("refusal", [CLOSED, Alert(code=80)])
def test_a_version_that_is_refused_without_words_is_asked_for_in_parts_once(refusal):
    seen, hellos = ask(Version.TLS_1_0, lambda _hello: refusal)

    assert not seen.suites
    assert seen.mute is None
    assert len(hellos) <= 24


def test_silence_about_a_part_is_a_gap():
    def server(hello: ClientHello):
        return SILENT if len(hello.suites) < 30 else CLOSED

    seen, _ = ask(Version.TLS_1_2, server)

    assert seen.mute == SILENT


@given(
    st.sampled_from(Version),
    st.lists(
        st.one_of(
            st.sampled_from([CLOSED, SILENT, REFUSED, WRONG_VERSION, UNKNOWN_NAME]),
            st.builds(
                ServerHello,
                version=st.sampled_from([0x0300, 0x0303, 0x0304]),
                suite=st.sampled_from(sorted(SUITES)),
                retry=st.booleans(),
                group=st.sampled_from([0, *GROUPS_1_3]),
            ),
        ),
        max_size=30,
    ),
)
def test_whatever_a_server_answers_the_survey_ends(version, script):
    answers = iter(script)

    seen, _ = ask(version, lambda _hello: next(answers, REFUSED))

    assert len(set(seen.suites)) == len(seen.suites)
    assert "suites" not in offer([seen]) or not seen.mute


def test_a_server_is_asked_until_it_refuses():
    suites = (0xC02F, 0x002F, 0xCCA8)

    seen, _ = ask(Version.TLS_1_2, speaker(*suites))

    assert sorted(seen.suites) == sorted(suites)
    assert seen.refusal == "alert handshake_failure"


def test_a_refused_version_needs_one_hello():
    seen, hellos = ask(Version.TLS_1_1, lambda _hello: WRONG_VERSION)

    assert not seen.suites
    assert len(hellos) == 1


def test_a_refusal_of_suites_is_not_one_of_the_version():
    seen, hellos = ask(Version.TLS_1_1, speaker(0xD005, version=0x0302))

    assert seen.suites == (0xD005,)
    assert len(hellos) == len(batches(Version.TLS_1_1)) + 2


def test_an_older_version_in_answer_is_a_no():
    seen, hellos = ask(Version.TLS_1_2, speaker(0x002F, version=0x0301))

    assert not seen.suites
    assert seen.refusal == "answers with 0x0301"
    assert len(hellos) == 1


def test_a_server_that_does_not_know_the_name_is_asked_without():
    def server(hello: ClientHello):
        return UNKNOWN_NAME if hello.name else speaker(0x1301, version=0x0304)(hello)

    seen, hellos = ask(Version.TLS_1_3, server)

    assert seen.suites == (0x1301,)
    assert seen.groups == (0x11EC, 0x1D)
    assert not seen.named
    assert not any(hello.name for hello in hellos[2:])


def test_a_server_that_refuses_even_without_a_name_is_left():
    seen, _ = ask(Version.TLS_1_2, lambda _hello: UNKNOWN_NAME)

    assert not seen.suites


def test_groups_are_found_in_the_order_of_the_server():
    seen, _ = ask(Version.TLS_1_3, speaker(0x1302, 0x1301, version=0x0304, groups=(0x17, 0x11EC)))

    assert seen.suites == (0x1302, 0x1301)
    assert seen.groups == (0x17, 0x11EC)
    assert seen.groups_mute is None


def test_a_server_that_cannot_do_without_a_key_share_is_given_one():
    def server(hello: ClientHello):
        return speaker(0x1301, version=0x0304)(hello) if hello.shares else REFUSED

    seen, _ = ask(Version.TLS_1_3, server)

    assert seen.suites == (0x1301,)
    assert seen.groups_mute.why is Why.NO_DATA


@pytest.mark.parametrize(
    ("last", "why"),
    [
        (SILENT, Why.TIMEOUT),
        (ServerHello(version=0x0304, suite=0x1301, group=0x9999), Why.UNREADABLE),
    ],
)
def test_a_server_that_spoils_the_question_of_groups_leaves_them_unseen(last, why):
    def server(hello: ClientHello):
        if hello.groups == tuple(GROUPS_1_3):
            return speaker(0x1301, version=0x0304)(hello)
        return last

    seen, _ = ask(Version.TLS_1_3, server)

    record = offer([seen])
    assert seen.groups == (0x11EC,)
    assert record["suites"] == ["TLS_AES_128_GCM_SHA256"]
    assert "groups" not in record
    assert record["gap"]["why"] is why


def test_the_order_of_groups_ends_at_a_closed_connection():
    seen, _ = ask(Version.TLS_1_3, speaker(0x1301, version=0x0304, otherwise=CLOSED))

    assert seen.groups == (0x11EC, 0x1D)
    assert seen.groups_mute is None


def views(**by_version) -> list[Seen]:
    """A view of each version: SSL_3_0=…; the others are refused."""
    return [
        Seen(version=version, refusal="alert protocol_version", **by_version.get(version.name, {}))
        for version in Version
    ]


def test_a_server_that_refuses_every_version_is_one_gap():
    record = offer(views())

    assert record == {
        "gap": {
            "why": Why.REFUSED,
            "detail": "no version of TLS was accepted (alert protocol_version)",
        }
    }


def test_a_server_that_says_nothing_is_one_gap():
    record = offer(views(TLS_1_2={"mute": SILENT}))

    assert record == {"gap": {"why": Why.TIMEOUT, "detail": "no answer in time"}}


def test_silence_in_one_version_hides_what_it_could_have_offered():
    record = offer(views(SSL_3_0={"mute": SILENT}, TLS_1_2={"suites": (0xC02F,)}))

    assert record == {
        "groups": [],
        "pq": False,
        "gap": {"why": Why.TIMEOUT, "detail": "no answer in time"},
    }


def test_silence_behind_the_first_suite_hides_the_suites_only():
    record = offer(views(TLS_1_2={"suites": (0xC02F,), "mute": SILENT}))

    assert record["versions"] == ["TLSv1.2"]
    assert record["lowest"] == "TLSv1.2"
    assert not {"suites", "weak_suites", "forward_secrecy"} & set(record)


def test_silence_in_tls_1_3_hides_its_groups():
    record = offer(views(TLS_1_2={"suites": (0xC02F,)}, TLS_1_3={"mute": SILENT}))

    assert "groups" not in record


def test_what_is_offered_is_told_from_the_newest_version_on():
    record = offer(
        views(
            TLS_1_0={"suites": (0x0005, 0x002F)},
            TLS_1_2={"suites": (0xC02F, 0x002F)},
            TLS_1_3={"suites": (0x1301,), "groups": (0x11EC, 0x1D)},
        )
    )

    assert record == {
        "versions": ["TLSv1.0", "TLSv1.2", "TLSv1.3"],
        "lowest": "TLSv1.0",
        "suites": [
            "TLS_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_RSA_WITH_AES_128_CBC_SHA",
            "TLS_RSA_WITH_RC4_128_SHA",
        ],
        "weak_suites": ["TLS_RSA_WITH_RC4_128_SHA"],
        "cbc_suites": ["TLS_RSA_WITH_AES_128_CBC_SHA"],
        "static_rsa": ["TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_RC4_128_SHA"],
        "forward_secrecy": False,
        "groups": ["X25519MLKEM768", "x25519"],
        "pq": True,
    }


def test_forward_secrecy_needs_every_suite():
    record = offer(views(TLS_1_2={"suites": (0xC02F,)}, TLS_1_3={"suites": (0x1301,)}))

    assert record["forward_secrecy"] is True


@pytest.mark.parametrize(
    ("spoken", "version"),
    [
        ({"TLS_1_0": (0x2F,), "TLS_1_2": (0xC02F,), "TLS_1_3": (0x1301,)}, Version.TLS_1_2),
        ({"TLS_1_0": (0x2F,), "TLS_1_2": (0x0034,)}, Version.TLS_1_0),
        ({"TLS_1_2": (0x0034,), "TLS_1_3": (0x1301,)}, Version.TLS_1_3),
    ],
)
def test_the_certificate_is_read_in_clear_where_that_is_possible(spoken, version):
    seen = views(**{name: {"suites": suites} for name, suites in spoken.items()})

    assert shows_certificate(seen).version is version


def test_an_anonymous_server_shows_no_certificate():
    assert shows_certificate(views(TLS_1_2={"suites": (0x0034,)})) is None


def outcome(steps, told, server):
    """Answer what was told first, then as the server does, and return what a question ends in."""
    answers, hello = iter(told), next(steps)
    while True:
        try:
            hello = steps.send(next(answers, None) or server(hello))
        except StopIteration as end:
            return end.value


@pytest.mark.parametrize(
    ("seen", "server"),
    [
        ({"TLS_1_2": {"suites": (0xC02F,)}}, speaker(0xC02F)),
        ({"TLS_1_3": {"suites": (0x1301,)}}, speaker(0x1301, version=0x0304)),
    ],
)
def test_a_server_is_asked_whether_it_still_answers(seen, server):
    seen = views(**seen)

    for answers, expected in (([CLOSED], True), ([CLOSED, CLOSED], False), ([REFUSED], False)):
        assert outcome(still_answers(seen), answers, server) is expected


def test_a_server_that_does_not_know_its_name_is_asked_without_it_again():
    seen = Seen(version=Version.TLS_1_2, suites=(0xC02F,), name="a.kota.test", named=False)

    assert next(still_answers([seen])).name == ""


def test_another_protocol_is_one_that_answers_every_hello():
    mail = Mute(why=Why.UNREADABLE, detail="no TLS record", other=True)

    assert other_protocol([Seen(version=version, mute=mail) for version in Version])
    assert not other_protocol(views(TLS_1_2={"mute": mail}))
    assert not other_protocol(views(TLS_1_2={"mute": SILENT}))
