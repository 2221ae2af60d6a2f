import re

import pytest

from auditor.model.reference import PATTERN, REQUIREMENTS, resolved


@pytest.mark.parametrize(
    "name",
    [
        "BSSN-4-2021:27.8.a",
        "BSSN-4-2021:DATA.ketersediaan",
        "UU-31-1999:12B-12C",
        "PERMENKOMINFO-5-2015:ns",
        "CIS-8.1:10",
        "ISO27001-2022:A.8.24",
        "LIT-ETHICS",
        "LIT-ETHICS.3",
        "GOID-HYGIENE",
        "CSIRT-RFC2350",
    ],
)
def test_names_of_the_grammar(name):
    assert re.fullmatch(PATTERN, name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ":27",
        "BSSN-4-2021",
        "bssn-4-2021:27",
        "BSSN-4-2021:",
        "BSSN-4-2021:27 a",
        "BSSN-4-2021:27\n",
        "LIT-ETHICS.x",
        "LIT-ethics",
        "BSSN-4-2021:.a",
        "CSIRT-RFC9999",
    ],
)
def test_what_is_no_name(name):
    assert not re.fullmatch(PATTERN, name)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("PDP-27-2022:53", "UU-27-2022:53"),
        ("KIP-14-2008:7", "UU-14-2008:7"),
        ("PSTE:22", "PP-71-2019:22"),
        ("PEMDI-I11", "PEMDI-2026:I11"),
        ("SPBE-I42", "SPBE-2020:I42"),
        ("PERPRES-76-2013", "PERPRES-76-2013:pengaduan"),
        ("UU-27-2022:53", "UU-27-2022:53"),
        ("UU-27-2022:37-38", "UU-27-2022:37"),
        ("PDP-27-2022:37-38", "UU-27-2022:37"),
        ("LIT-ETHICS", "LIT-ETHICS"),
        ("PDP-27-2022", "PDP-27-2022"),
        ("PEMDI-I111", "PEMDI-I111"),
        ("", ""),
    ],
)
def test_other_names(said, meant):
    assert resolved(said) == meant
    assert resolved(meant) == meant


def test_what_other_names_mean_is_a_name_of_the_grammar():
    assert all(re.fullmatch(PATTERN, name) for name in REQUIREMENTS.values())
