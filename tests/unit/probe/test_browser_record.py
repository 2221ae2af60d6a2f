"""What a browser saw becomes a record; what it did not see is told, never judged."""

from datetime import date

import pytest

from auditor.model.fact import Why
from auditor.model.shape import misfits
from auditor.probe.browser_record import record, said
from auditor.probe.browser_seen import (
    Absent,
    Axe,
    Banner,
    Call,
    Cookie,
    Done,
    Opened,
    Stage,
    Stored,
    Trouble,
    Violation,
    Visit,
    Wanted,
)
from auditor.probe.browser_view import PROBE
from auditor.probe.privacy_trackers import CookieName, Known, Service, Table, Use

SITE = "dinas.kota.test"
KNOWN = Known(
    Table(
        as_of=date(2026, 11, 24),
        services=(
            Service(
                name="A", kind=Use.ANALYTICS, operator="A", country="", hosts=("hitung.example",)
            ),
            Service(name="R", kind=Use.REPLAY, operator="R", country="", hosts=("rekam.example",)),
            Service(name="M", kind=Use.MAP, operator="M", country="", hosts=("peta.example",)),
        ),
        cookies=(CookieName(name="_ga*", service="A", kind=Use.ANALYTICS),),
    )
)
OWN = Wanted(host=SITE, kind="window", made=True)


def visit(stage=Stage.FRONT, *wanted, **more):
    url = f"https://{SITE}/{'' if stage is not Stage.COMPLAINT else 'aduan'}"
    values = {"status": 200, "text": 1000, **more}
    return Visit(stage=stage, url=url, wanted=(OWN, *wanted), **values)


def whole(*parts, absent=(Stage.COMPLAINT, Stage.REFUSED, Stage.ACCEPTED)):
    """Return a site that was looked at to the end, with more or other parts."""
    return [
        Opened(version="1", sandbox=True),
        visit(),
        Banner(found=False),
        visit(Stage.BARE),
        *(Absent(stage=stage) for stage in absent),
        Axe(stage=Stage.FRONT, version="4"),
        *parts,
        Done(),
    ]


def told(parts, ending=None):
    found = record(SITE, parts, ending, KNOWN)
    assert list(misfits({"sites": [{"site": SITE, **found}]}, PROBE.gives)) == []
    return found


def gap(found):
    return found["gap"]["why"], found["gap"]["detail"]


def test_a_site_that_was_not_seen_is_a_gap_with_the_best_reason():
    trouble = Trouble(stage=Stage.FRONT, why=Why.REFUSED, detail="closed")

    assert gap(told([])) == ("no_data", "no answer")
    assert gap(told([trouble])) == ("refused", "closed")
    assert gap(told([trouble], (Why.TIMEOUT, "late"))) == ("timeout", "late")


@pytest.mark.parametrize("status", [0, 400, 403, 404, 503])
def test_an_answer_that_is_not_the_page_is_a_gap(status):
    assert gap(told([visit(status=status)])) == ("denied", f"the page answers with {status}")


def test_a_quiet_site():
    found = told(whole())

    assert found["secure"] is True
    assert found["before"]["third_parties"] == []
    assert found["before"]["whole"] is True
    assert found["consent"] == {"banner": False}
    assert found["refused"] == {"tried": False}
    assert found["complaint"] == {"found": False}
    assert found["conduct"]["errors"] == 0
    assert found["text"] == {"share": 100, "whole": True}
    assert found["pages"] == [{"page": f"https://{SITE}/", "overflow": 0}]
    assert found["axe"] == {"violations": [], "whole": True}
    assert "gap" not in found


def test_what_others_get_to_know():
    front = visit(
        Stage.FRONT,
        Wanted(host="hitung.example", kind="script", made=True),
        Wanted(host="hitung.example", kind="ping", method="POST"),
        Wanted(host="rekam.example", kind="websocket", made=True),
        Wanted(host="peta.example", kind="document", made=True),
        Wanted(host="lain.example", kind="fetch", method="POST"),
        Wanted(host="tanya.example", kind="fetch", method="OPTIONS", made=True),
        Wanted(host="www.kota.test", kind="image", made=True),
        cookies=(
            Cookie(name="sesi", host=SITE),
            Cookie(name="_ga_X", host=SITE, days=400),
            Cookie(name="id", host="peta.example", days=3),
        ),
        stored=(
            Stored(place="local", host=SITE, name="_ga"),
            Stored(place="session", host=SITE, name="warna"),
            Stored(place="databases", host="peta.example", name="x"),
        ),
        frames=("isi.example", SITE),
    )
    before = told(whole(front))["before"]

    strangers = ["hitung.example", "lain.example", "peta.example", "rekam.example", "tanya.example"]
    assert before["third_parties"] == strangers
    assert before["trackers"] == ["hitung.example", "rekam.example"]
    assert before["replay"] == ["rekam.example"]
    assert before["sent"] == ["hitung.example", "lain.example", "rekam.example"]
    assert before["frames"] == ["isi.example", "peta.example"]
    assert before["third_cookies"] == ["id peta.example"]
    assert before["tracking_cookies"] == ["_ga_X"]
    assert before["stored"] == [f"local _ga {SITE}", "databases x peta.example"][::-1]
    assert before["withheld"] == []
    assert before["cookies"][2] == {
        "name": "id",
        "host": "peta.example",
        "days": 3,
        "third_party": True,
    }


@pytest.mark.parametrize("kind", ["script", "document", "stylesheet"])
def test_what_was_not_loaded_leaves_only_what_was_found(kind):
    front = visit(Stage.FRONT, Wanted(host="lain.example", kind=kind), text=1000)
    found = told(whole(front))
    before = found["before"]

    assert before["third_parties"] == ["lain.example"]
    assert before["withheld"] == ["lain.example"]
    assert "trackers" not in before
    assert "whole" not in before
    assert gap(before) == ("withheld", "not loaded: lain.example")
    assert gap(found["consent"])[0] == "withheld"
    assert gap(found["complaint"])[0] == "withheld"
    assert gap(found["conduct"])[0] == "withheld"
    assert "errors" not in found["conduct"]
    assert gap(found["text"])[0] == "withheld"
    assert gap(found["axe"])[0] == "withheld"


def test_pictures_that_were_not_loaded_hide_nothing():
    front = visit(Stage.FRONT, Wanted(host="lain.example", kind="image"))
    assert told(whole(front))["before"]["whole"] is True


def test_a_page_that_holds_too_much_is_not_whole():
    assert gap(told(whole(visit(cut=True)))["before"])[0] == "cut"


def test_a_question_for_consent():
    asks = Banner(found=True, accept="Setuju", settings="Atur", wall=True, ticked=1)
    assert told(whole(asks))["consent"] == {
        "banner": True,
        "refuse": False,
        "buttons": ["Setuju", "Atur"],
        "wall": True,
        "ticked": 1,
    }
    asks = Banner(found=True, accept="Setuju", refuse="Tolak", balanced=False)
    assert told(whole(asks))["consent"]["balanced"] is False


def test_a_look_that_ended_before_the_question():
    found = told([visit()], (Why.TIMEOUT, "late"))

    for name in ("consent", "refused", "accepted", "complaint", "conduct", "text", "axe"):
        assert gap(found[name]) == ("timeout", "late")
    assert gap(found["pages"][1]) == ("timeout", "late")
    assert found["before"]["whole"] is True


def test_what_comes_after_an_answer():
    refused = visit(Stage.REFUSED, Wanted(host="hitung.example", kind="image", made=True))
    again = visit(Stage.ACCEPTED, asked_again=True)
    found = told(whole(refused, again, absent=(Stage.COMPLAINT,)))

    assert found["refused"]["tried"] is True
    assert found["refused"]["remembered"] is True
    assert found["refused"]["trackers"] == ["hitung.example"]
    assert found["accepted"] == {"tried": True, "remembered": False}


def test_a_click_that_failed_is_a_gap():
    trouble = Trouble(stage=Stage.REFUSED, why=Why.UNSUPPORTED, detail="sends a form")
    found = told(whole(trouble, absent=(Stage.COMPLAINT, Stage.ACCEPTED)))

    assert gap(found["refused"]) == ("unsupported", "sends a form")


def test_the_complaint_page():
    page = visit(
        Stage.COMPLAINT,
        Wanted(host="peta.example", kind="image", made=True),
        overflow=12,
        calls=(Call(what="open"),),
    )
    axe = Axe(stage=Stage.COMPLAINT, version="4")
    found = told(whole(page, axe, absent=(Stage.REFUSED, Stage.ACCEPTED)))

    assert found["complaint"]["found"] is True
    assert found["complaint"]["page"] == f"https://{SITE}/aduan"
    assert found["complaint"]["third_parties"] == ["peta.example"]
    assert found["pages"][1]["overflow"] == 12
    assert found["conduct"]["windows"] == 1
    assert found["axe"]["whole"] is True


def test_a_complaint_page_that_did_not_load_leaves_a_hole_in_all_that_it_could_show():
    trouble = Trouble(stage=Stage.COMPLAINT, why=Why.TIMEOUT, detail="late")
    found = told(whole(trouble, absent=(Stage.REFUSED, Stage.ACCEPTED)))

    for part in (found["complaint"], found["conduct"], found["axe"], found["pages"][1]):
        assert gap(part) == ("timeout", "late")
    assert found["before"]["whole"] is True


@pytest.mark.parametrize(
    ("bare", "drawn", "share"), [(100, 1000, 10), (0, 1000, 0), (2000, 1000, 100), (0, 199, 100)]
)
def test_how_much_is_there_without_script(bare, drawn, share):
    found = told(whole(visit(text=drawn), visit(Stage.BARE, text=bare)))
    assert found["text"]["share"] == share


def test_style_sheets_that_were_not_loaded_change_how_a_page_looks():
    front = visit(Stage.FRONT, Wanted(host="gaya.example", kind="stylesheet"), overflow=50)
    rules = [Violation(rule=rule, impact="serious") for rule in ("color-contrast", "link-name")]
    axe = Axe(stage=Stage.FRONT, version="4", violations=tuple(rules))
    found = told(whole(front, axe))

    assert [one["rule"] for one in found["axe"]["violations"]] == ["link-name"]
    assert "overflow" not in found["pages"][0]
    assert gap(found["pages"][0]) == ("withheld", "style sheets were not loaded: gaya.example")


def test_what_axe_finds():
    rule = Violation(rule="color-contrast", impact="serious", wcag=("1.4.3",), times=4)
    gone = Axe(stage=Stage.COMPLAINT, version="4", violations=(rule,))
    axe = Axe(stage=Stage.FRONT, version="4", violations=(rule,))

    assert told(whole(axe, gone))["axe"]["violations"] == [
        {
            "page": f"https://{SITE}/",
            "rule": "color-contrast",
            "impact": "serious",
            "wcag": ["1.4.3"],
            "times": 4,
        }
    ]


def test_a_page_that_axe_did_not_finish_is_not_whole():
    parts = [part for part in whole() if not isinstance(part, Axe)]
    trouble = Trouble(stage=Stage.FRONT, why=Why.UNREADABLE, detail="axe broke")

    assert gap(told([*parts, trouble])["axe"]) == ("unreadable", "axe broke")


def test_what_the_evidence_says():
    parts = [
        Opened(version="156", sandbox=True),
        Trouble(stage=Stage.FRONT, why=Why.REFUSED, detail="closed"),
        visit(Stage.FRONT, Wanted(host="a.example", kind="image")),
        Axe(stage=Stage.FRONT, version="4.4"),
        Done(),
    ]
    assert said(SITE, parts) == [
        f"{SITE}: Chromium 156",
        "front: closed",
        f"front https://{SITE}/: 200; asked a.example, {SITE}",
        "front: axe-core 4.4",
    ]
    assert said(SITE, [Opened(version="1", sandbox=False)]) == [f"{SITE}: Chromium 1, no sandbox"]
