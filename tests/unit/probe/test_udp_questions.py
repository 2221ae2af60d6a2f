"""What answers over UDP show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.probe.udp import amplifiers
from auditor.probe.udp_questions import (
    QUESTIONS,
    answers_control,
    is_memcached,
    is_sql_browser,
    offers_recursion,
)


def dns(flags, number=0x4B42):
    return number.to_bytes(2) + flags.to_bytes(2) + bytes(8)


@pytest.mark.parametrize(
    ("answer", "yes"),
    [
        (dns(0x8180), True),
        (dns(0x8182), True),
        (dns(0x8183), True),
        (dns(0x8185), False),  # refused
        (dns(0x8100), False),  # no recursion available
        (dns(0x0180), False),  # a question
        (dns(0x8180, number=1), False),  # of another
        (dns(0x8180)[:11], False),
        (b"", False),
    ],
)
def test_recursion_is_offered_where_it_is_said_and_done(answer, yes):
    assert offers_recursion(answer) is yes


@pytest.mark.parametrize(
    ("answer", "yes"),
    [
        (bytes([0x16, 0x82]) + bytes(10), True),
        (bytes([0x16, 0xC2]) + bytes(10), False),  # an error
        (bytes([0x16, 0x02]) + bytes(10), False),  # our own question
        (bytes([0x16, 0x81]) + bytes(10), False),  # another operation
        (bytes([0x24, 0x82]) + bytes(46), False),  # the time
        (bytes([0x16, 0x82]), False),
    ],
)
def test_control_messages_are_answered_by_the_same_operation(answer, yes):
    assert answers_control(answer) is yes


def test_memcached_tells_its_version():
    assert is_memcached(bytes(8) + b"VERSION 1.6.18\r\n")
    assert not is_memcached(bytes(8) + b"ERROR\r\n")


@given(st.binary(max_size=100))
def test_no_answer_does_more_than_say_yes_or_no(answer):
    assert all(question.yes(answer) in (True, False) for question in QUESTIONS.values())


def test_questions_are_one_small_packet():
    assert all(len(question.packet) < 64 for question in QUESTIONS.values())


def test_dns_and_ntp_amplify_only_with_what_they_offer():
    ports = ["53/udp", "123/udp", "161/udp", "1900/udp"]

    assert amplifiers(ports, recursion=False, control=False) == ["1900/udp"]
    assert amplifiers(ports, recursion=True, control=True) == ["53/udp", "123/udp", "1900/udp"]


@pytest.mark.parametrize(
    ("answer", "yes"), [(b"\x05\x04\x00ServerName", True), (b"\x03", False), (b"", False)]
)
def test_a_sql_server_browser_is_known_by_its_answer(answer, yes):
    assert is_sql_browser(answer) is yes
