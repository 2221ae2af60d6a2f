from itertools import product

import pytest

from auditor.errors import ConfigError
from auditor.load.priority import load_priorities
from auditor.patch.priority import Signals, band_of
from tests.unit.load.written import broken

TABLE = """\
name: Kota Batu
source: SE 12/2026
bands:
  - id: first
    title: {id: Pertama, en: First}
    days: 3
    kev: true
    exposed: true
    examine: true
  - id: second
    title: {id: Kedua, en: Second}
    days: 14
    kev: true
  - id: third
    title: {id: Ketiga, en: Third}
    days: 60
    exposed: true
  - id: last
    title: {id: Terakhir, en: Last}
"""


def load(folder, text):
    path = folder / "priority.yaml"
    path.write_text(text)
    return load_priorities(path)


def refusal(folder, text):
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    return str(caught.value).replace(str(folder / "priority.yaml"), "f")


@pytest.mark.parametrize(
    ("part", "by", "told"),
    [
        ("name: Kota Batu", "name: ''", "f:1:1: name is missing or empty"),
        ("name: Kota Batu\n", "", "f:1:1: name is missing or empty"),
        ("source: SE 12/2026", "source: ' '", "f:2:1: source is missing or empty"),
        ("source: SE 12/2026", "sources: x", "f:2:1: unknown key 'sources'"),
        ("    days: 14", "    dayz: 14", "f:12:5: unknown key 'dayz'"),
        ("    days: 14", "    days: soon", "f:12:5: days"),
        ("    days: 14", "    days: 14.5", "f:12:5: days"),
        ("    days: 14", "    days: 0", "f:12:5: days: 0 is not from 1 to 3650"),
        ("    days: 14", "    days: -14", "f:12:5: days: -14 is not from 1 to 3650"),
        ("    days: 60", "    days: 3651", "f:16:5: days: 3651 is not from 1 to 3650"),
        ("    days: 14", "    days: 14\n    days: 15", "f:13:5: 'days' is given twice"),
        ("    days: 14", "    exposed: no", "f:12:5: exposed"),
        ("    days: 14\n", "    days: 2\n", "f:10:5: second: has fewer days than first above it"),
        ("    days: 14\n", "", "f:13:5: third: has fewer days than second above it"),
        ("{id: Kedua, en: Second}", "{id: Kedua}", "f:11:5: title: the key 'en' is missing"),
        ("{id: Kedua, en: Second}", "{en: Second}", "f:11:5: title: the key 'id' is missing"),
        ("{id: Kedua, en: Second}", "Kedua", "f:11:5: title"),
        ("{id: Kedua, en: Second}", "{id: Kedua, en: ''}", "f:11:24: title: en is empty"),
        ("{id: Kedua, en: Second}", "{id: ' ', en: Second}", "f:11:13: title: id is empty"),
        ("id: second", "id: first", "f:10:5: two bands have the id 'first'"),
        ("id: second", "id: Second One", "f:10:5: id: 'Second One' is no name of a band"),
        ("id: second", "id: ''", "f:10:5: id: '' is no name of a band"),
        ("en: Last}", "en: Last}\n    total: false", "f:18:5: the last band does not fit every"),
        ("en: Last}", "en: Last}\n    kev: true", "f:18:5: the last band does not fit every"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(tmp_path, part, by, told):
    assert told in refusal(tmp_path, broken(TABLE, part, by))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "f:1:1:"),
        ("[]", "f:1:1:"),
        ("name: a\nsource: b\n", "f:1:1: there are no bands"),
        ("name: a\nsource: b\nbands: []\n", "f:3:1: there are no bands"),
        ("name: a\nsource: b\nbands: {}\n", "f:3:1: bands"),
        ("name: a\nbands: &a [*a]\n", "f:2:"),
        ("name: [\n", "f:2:1"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, text, told):
    assert told in refusal(tmp_path, text)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ConfigError, match="there is no such file"):
        load_priorities(tmp_path / "none.yaml")


def test_a_band_that_nothing_can_reach_is_refused(tmp_path):
    band = "  - {id: idle, title: {id: a, en: b}, days: 14, kev: true, total: true}\n"
    text = broken(TABLE, "  - id: third", f"{band}  - id: third")

    assert "f:14:5: idle: no weakness can come here" in refusal(tmp_path, text)


def test_a_band_that_several_others_take_up_is_refused(tmp_path):
    bands = (
        "  - {id: a, title: {id: a, en: b}, days: 60, exposed: false, total: true}\n"
        "  - {id: b, title: {id: a, en: b}, days: 60, exposed: false, total: false}\n"
    )
    text = broken(TABLE, "  - id: last", f"{bands}  - id: last")

    assert "f:20:5: last: no weakness can come here" in refusal(tmp_path, text)


@pytest.mark.parametrize(
    ("part", "by", "told"),
    [
        ("    kev: true\n    exposed: true", "    exposed: true", "f:4:5: first: takes exploited"),
        ("    days: 14\n    kev: true", "    days: 14", "f:10:5: second: takes exploited"),
        (
            "    days: 14\n    kev: true",
            "    days: 14\n    kev: true\n    total: true",
            "f:19:5: last: takes exploited",
        ),
    ],
)
def test_exploited_weaknesses_come_before_all_others(tmp_path, part, by, told):
    assert told in refusal(tmp_path, broken(TABLE, part, by))


def test_all_mistakes_are_told_at_once(tmp_path):
    text = broken(broken(TABLE, "days: 3\n", "days: 0\n"), "id: second", "id: first")

    assert refusal(tmp_path, text).count("f:") == 2


def test_a_table_of_a_city_is_read(tmp_path):
    table = load(tmp_path, TABLE)

    assert table.name == "Kota Batu"
    assert [band.days for band in table.bands] == [3, 14, 60, None]
    assert [band.examine for band in table.bands] == [True, False, False, False]


@pytest.mark.parametrize(
    ("exposed", "kev", "automatable", "total", "band"),
    [
        (True, True, True, True, "kev-exposed"),
        (True, True, False, False, "kev-exposed"),
        (None, True, None, None, "kev-exposed"),
        (False, True, True, True, "kev"),
        (False, True, False, False, "kev"),
        (True, False, True, True, "exposed-takeover"),
        (None, False, None, None, "exposed-takeover"),
        (True, False, True, False, "exposed"),
        (True, False, False, True, "exposed"),
        (True, False, False, False, "exposed"),
        (False, False, True, True, "spreads-inside"),
        (False, False, None, None, "spreads-inside"),
        (False, False, True, False, "next-upgrade"),
        (False, False, False, True, "next-upgrade"),
        (False, False, False, False, "next-upgrade"),
    ],
)
def test_the_shipped_table_says(exposed, kev, automatable, total, band):
    table = load_priorities()

    assert table.bands[band_of(Signals(exposed, kev, automatable, total), table)].id == band


def test_no_answer_that_makes_matters_worse_gives_more_time():
    table = load_priorities()
    ranks = {
        answers: band_of(Signals(*answers), table) for answers in product((True, False), repeat=4)
    }

    for answers, rank in ranks.items():
        for number in range(4):
            worse = (*answers[:number], True, *answers[number + 1 :])
            assert ranks[worse] <= rank, (answers, worse)


def test_the_shipped_table_says_what_is_not_cisas():
    assert "sumber sekunder" in load_priorities().source
