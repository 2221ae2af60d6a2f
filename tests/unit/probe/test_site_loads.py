"""What a page loads, wherever it is written: mixed content in sets, styles, SVG and links."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.probe.site_loads import candidates, in_style, loaded
from tests.unit.probe.site_talks import front


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<img srcset='/a.png 1x, http://a.example/x 2x'>", "passive"),
        ("<picture><source srcset=http://a.example/x></picture>", "passive"),
        ("<video poster=http://a.example/x></video>", "passive"),
        ("<input type=image src=http://a.example/x>", "passive"),
        ("<p style='background:url( &quot;http://a.example/x&quot;)'>", "passive"),
        ("<style>p{background:URL(http://a.example/x)}</style>", "passive"),
        ("<body background=http://a.example/x>", "passive"),
        ("<svg><image xlink:href=http://a.example/x /></svg>", "passive"),
        ("<link rel=preload as=image href=http://a.example/x>", "passive"),
        ("<link rel=icon href=http://a.example/x>", "passive"),
        ("<style>@import 'http://a.example/x';</style>", "active"),
        ("<style>@import url(http://a.example/x);</style>", "active"),
        ("<svg><script href=http://a.example/x></script></svg>", "active"),
        ("<svg><use href=http://a.example/x /></svg>", "active"),
        ("<object data=http://a.example/x></object>", "active"),
        ("<iframe src=http://a.example/x></iframe>", "active"),
        ("<link rel=modulepreload href=http://a.example/x>", "active"),
        ("<base href=http://a.example/y><script src=x></script>", "active"),
    ],
)
def test_what_is_loaded_in_clear(body, kind):
    content = front(body=body)["content"]
    assert content[f"mixed_{kind}"] == ["a.example/x"]
    assert content["mixed_active" if kind == "passive" else "mixed_passive"] == []


@pytest.mark.parametrize(
    "body",
    [
        "<link rel=alternate href=http://a.example/x>",
        "<input type=text src=http://a.example/x>",
        "<a href=http://a.example/x>x</a>",
        "<p style='color:red'>",
        "<style>p{color:red}</style>",
    ],
)
def test_what_is_not_loaded(body):
    content = front(body=body)["content"]
    assert (content["mixed_active"], content["mixed_passive"]) == ([], [])


def test_scripts_of_others_in_svg_need_a_seal():
    content = front(body="<svg><script href=https://a.example/x></script></svg>")["content"]
    assert content["unsealed_scripts"] == ["a.example/x"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a.png", ["a.png"]),
        (" a.png 1x , b.png 2x,", ["a.png", "b.png"]),
        ("a.png, b.png", ["a.png", "b.png"]),
        ("data:image/png;base64,AA== 1x, b.png", ["data:image/png;base64,AA==", "b.png"]),
        (", ,", []),
    ],
)
def test_the_addresses_of_a_set(text, found):
    assert candidates(text) == found


@pytest.mark.parametrize(
    "text", ["url(" * 60_000, "@import " * 30_000, ",  " * 80_000, " " * 250_000]
)
def test_no_style_or_set_costs_much(text):
    begin = time.process_time()
    in_style(text)
    candidates(text)
    assert time.process_time() - begin < 2


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    in_style(text)
    assert len(loaded("img", {"srcset": text, "style": text, "src": None})) == 2
