import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.fact import Evidence, Fact, Gap, Why
from auditor.redact import MASK, mask, redact

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"a\n{KEY}\nb", f"a\n{MASK}\nb"),
        ("-----BEGIN RSA PRIVATE KEY-----\ncut off here", MASK),
        ("root:$6$salt$abcdefghijk:1", f"root:{MASK}:1"),
        ("x:$y$j9T$abcdefgh$ijklmnop:1", f"x:{MASK}:1"),
        ("DB_PASSWORD=rahasia123", f"DB_PASSWORD={MASK}"),
        ("password: 'dua kata'", f"password: {MASK}"),
        ("api_key = abc;", f"api_key = {MASK};"),
        ("Authorization: Bearer abc.def next", f"Authorization: {MASK} next"),
        ("deb https://user:pw@mirror/debian", f"deb https://{MASK}@mirror/debian"),
        ("NIK 3579010101900001 milik", "NIK 357901xxxxxxxxxx milik"),
        ("NIK 3579014101900001 milik", "NIK 357901xxxxxxxxxx milik"),
        ("id-3579010101900001", "id-357901xxxxxxxxxx"),
        ("ktp_3579010101900001.pdf", "ktp_357901xxxxxxxxxx.pdf"),
        ("NIK3579010101900001", "NIK357901xxxxxxxxxx"),
        (
            "GET https://x/cari?nik=3579010101900001&a=1",
            "GET https://x/cari?nik=357901xxxxxxxxxx&a=1",
        ),
        ("GET https://x/warga/3579010101900001", "GET https://x/warga/357901xxxxxxxxxx"),
        ('{"no_kk":"3579010101150003"}', '{"no_kk":"357901xxxxxxxxxx"}'),
        ("3579 0101 0190 0001", "3579 01xx xxxx xxxx"),
        ("35.79.01.010190.0001", "35.79.01.xxxxxx.xxxx"),
        ("357901-010190-0001", "357901-xxxxxx-xxxx"),
        ("3 5 7 9 0 1 0 1 0 1 9 0 0 0 0 1", "3 5 7 9 0 1 x x x x x x x x x x"),
        ("3579\u00a00101\u00a00190\u00a00001", "3579\u00a001xx\u00a0xxxx\u00a0xxxx"),
        ("35790\ufffd10101900001", "35790\ufffd1xxxxxxxxxx"),
        ("\uff13\uff15\uff17\uff19010101900001", "\uff13\uff15\uff17\uff1901xxxxxxxxxx"),
        ("3579010101900001, 3579010101900002", "357901xxxxxxxxxx, 357901xxxxxxxxxx"),
        ("09.254.294.3-407.000", "09.xxx.xxx.x-xxx.xxx"),
        ("NPWP: 092542943407000", "NPWP: 09xxxxxxxxxxxxx"),
        (f"{KEY} 3579010101900001", f"{MASK} 357901xxxxxxxxxx"),
    ],
)
def test_secrets_and_personal_numbers_are_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "openssl 3.0.11-1~deb12u2",
        "PasswordAuthentication: yes",
        "password = no",
        "a" * 100,
        "9999999999999999",
        "3579013201900001",
        "3579010113900001",
        "SHA256:Qm9ndXNCb2d1c0JvZ3VzQm9ndXM",
        "https://mirror/debian bookworm",
        "1234567890123456789",
        "sha1 a3579010101900001f00dfeed0123456",
        "lat 0.3579010101900001",
        "NPWP 01.254.294.3-407.000",
        "5.1.02.01.01.0024",
        "2026-11-24 15:30:11.123456 +0700",
        "10.20.30.40 192.168.100.200 8080",
        "9780306406157",
    ],
)
def test_ordinary_text_stays(text):
    assert mask(text) == text


PIECES = st.sampled_from(
    [
        *("3579010101900001", "3579", "0101", "0190", "0001", "35", "79", "01", "357901", "010190"),
        *(
            " ",
            "-",
            ".",
            "  ",
            "1",
            "x",
            "a",
            "09.254.294.3-407.000",
            "\u200b",
            "12345678",
            "0",
            "8",
        ),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_hiding_numbers_twice_changes_nothing(text):
    once = mask(text)

    assert mask(once) == once


@pytest.mark.parametrize(
    "piece", ["3579 0101 0190 0001 ", "1 " * 20, "3579010101900001-", "35." * 9]
)
def test_masking_is_linear(piece):
    text = piece * (200_000 // len(piece))
    begun = time.process_time()

    mask(text)

    assert time.process_time() - begun < 5


@given(st.text(alphabet="ab0135$6y=: \n'\"@/.-pasword token", max_size=80))
def test_masking_twice_changes_nothing(text):
    once = mask(text)

    assert mask(once) == once


def test_a_fact_is_masked_to_its_depth():
    fact = Fact(
        target="web1",
        probe="file",
        value={
            "lines": ["token=abc"],
            "kv": {"secret": "password=rahasia"},
            "size": 3,
            "t": ("pwd=1",),
            "3579010101900001": "x",
        },
        evidence=Evidence(source="cat /x/3579010101900001", excerpt="token=abc"),
    )

    masked = redact(fact)

    assert masked.value == {
        "lines": [f"token={MASK}"],
        "kv": {"secret": f"password={MASK}"},
        "size": 3,
        "t": [f"pwd={MASK}"],
        "357901xxxxxxxxxx": "x",
    }
    assert masked.evidence.source == "cat /x/357901xxxxxxxxxx"
    assert masked.evidence.excerpt == f"token={MASK}"


@pytest.mark.parametrize("evidence", [None, Evidence(source="x", excerpt="token=abc")])
def test_a_gap_is_masked_too(evidence):
    gap = Gap(
        target="web1", probe="file", why=Why.REFUSED, detail="password=abc", evidence=evidence
    )

    masked = redact(gap)

    assert masked.detail == f"password={MASK}"
    assert masked.evidence is None or masked.evidence.excerpt == f"token={MASK}"
