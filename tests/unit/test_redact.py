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
        "id-3579010101900001",
    ],
)
def test_ordinary_text_stays(text):
    assert mask(text) == text


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
        },
        evidence=Evidence(source="cat", excerpt="token=abc"),
    )

    masked = redact(fact)

    assert masked.value == {
        "lines": [f"token={MASK}"],
        "kv": {"secret": f"password={MASK}"},
        "size": 3,
        "t": [f"pwd={MASK}"],
    }
    assert masked.evidence.excerpt == f"token={MASK}"


@pytest.mark.parametrize("evidence", [None, Evidence(source="x", excerpt="token=abc")])
def test_a_gap_is_masked_too(evidence):
    gap = Gap(
        target="web1", probe="file", why=Why.REFUSED, detail="password=abc", evidence=evidence
    )

    masked = redact(gap)

    assert masked.detail == f"password={MASK}"
    assert masked.evidence is None or masked.evidence.excerpt == f"token={MASK}"
