"""Pages that mean harm to who reads them: bounded time, bounded records, nothing personal kept."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.probe.crawl import Topic
from auditor.probe.privacy_consent import implied
from auditor.probe.privacy_items import denied, items_of
from auditor.probe.privacy_pages import MOST_ROWS
from auditor.probe.privacy_snippets import snippets_of
from tests.unit.probe.privacy_sites import NOTICE, front, read, sheet

LONG = {
    "spaces": "tidak memakai " + " " * 200_000,
    "words": "tidak memakai kata " * 20_000,
    "starts": "dengan menggunakan " * 15_000,
    "dates": "berlaku sejak 1 " * 15_000,
    "ats": "a" * 100_000 + "@" + "b-" * 50_000,
    "digits": "jangka waktu " + "1" * 200_000,
    "calls": "hj( " * 60_000,
}


@pytest.mark.parametrize("name", LONG)
def test_long_texts_take_no_time(name):
    begun = time.process_time()
    items_of(LONG[name])
    denied(LONG[name])
    implied(LONG[name])
    list(snippets_of(LONG[name]))
    assert time.process_time() - begun < 2


PAGES = {
    "forms": "<form><input name=nik></form>" * 3_000,
    "fields": "<form>" + "<input name=email>" * 9_000,
    "boxes": "<form>" + "<input type=checkbox checked>Saya setuju" * 9_000,
    "labels": "".join(f"<label for=a{n}>NIK" for n in range(9_000)) + "<input id=a1>",
    "nested labels": "<label>" * 5_000 + "<input>",
    "hosts": "<script>" + "".join(f"//h{n}.google-analytics.com/a " for n in range(30_000)),
    "slashes": "<script>" + "//a" * 200_000 + "</script>",
    "images": "".join(f"<img src=//h{n}.example/>" for n in range(6_000)),
    "links": "<a href=//forms.gle/a>Isi formulir</a>" * 6_000,
    "banners": "<div class=cookie><div class=consent>" * 3_000 + "<button>x",
    "srcset": "<img srcset='" + "a 1x, " * 60_000 + "'>",
    "style": "<style>" + "@import url(" * 30_000 + "</style>",
    "text": "<p>" + "dengan menggunakan situs ini " * 20_000,
    "name": f"<form id='{'x' * 300_000}'><input name='{'y' * 300_000}' value=1>",
    "class": f"<div class='{'cookie ' * 60_000}'>",
    "host": f"<img src=//{'a.' * 2_000}example/>",
}


@pytest.mark.parametrize("name", PAGES)
def test_odd_pages_take_little_time_and_leave_little(name):
    begun = time.process_time()
    record = front(PAGES[name])
    assert time.process_time() - begun < 6
    assert len(json.dumps(record)) < 80_000
    for rows in record.values():
        assert not isinstance(rows, list) or len(rows) <= 2 * MOST_ROWS + 1


def test_many_pages_leave_a_bounded_record():
    many = [sheet("<form><input name=nik></form>" * 2, f"/f{n}", (Topic.FORM,)) for n in range(80)]
    record = read(sheet("<p>x"), *many)
    for table in ("forms", "pages"):
        assert len(record[table]) == MOST_ROWS + 1
        assert record[table][-1]["gap"]["why"] == "cut"


def test_no_personal_value_is_kept():
    number = "3579014107880001"
    record = front(
        f"<form id='{number}' action='/kirim/{number}?nik={number}'>"
        f"<input name=nik value={number} placeholder={number}>"
        f"<input type=checkbox name='{number}' checked> Saya setuju"
        f"<img src=//{number}.example/{number}><iframe src=//forms.gle/{number}></iframe>",
        ("set-cookie", f"{number}={number}; Max-Age=1"),
    )
    assert number not in json.dumps(record)
    assert "35790141" not in json.dumps(record)


def test_text_is_made_inert():
    record = front("<form id='a\x1b[31m\u202e'><input name=email>")
    assert record["forms"][0]["form"] == "a\ufffd[31m\ufffd"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<form action='", "http://x.example", "'>", "<input name=", "nik", " type=checkbox",
                " checked", ">", "</form>", "<script>", "fbq('init')", "</script>", "<label for=a>",
                "<iframe src=//forms.gle>", "<div id=cookie>", "<button>Terima", "<base href=//b>",
                "<a href=/privasi>Privasi", "\0", "<table><form>", "<tr>", NOTICE,
            ]
        ),
        max_size=30,
    )
)  # fmt: skip
def test_whatever_is_written_the_record_has_its_shape(parts):
    front("".join(parts))
