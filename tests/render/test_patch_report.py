"""The patch level in reports: what was not seen first, then hostile text, numbers, pages."""

import csv
import io
import json
import re
from datetime import date, timedelta

import msgspec
import pytest

from auditor.model.base import Lang
from auditor.model.fact import Why
from auditor.model.result import TargetState
from auditor.patch.exposure import Reach
from auditor.patch.verdict import Verdict
from auditor.render import json_v1, patches_text, patches_v1, verdicts_v1
from auditor.render.console import summarise
from auditor.render.html import Source, _Pages, write_report
from auditor.render.patch_section import ACTIONS, ROWS, section
from auditor.report import city
from auditor.report.patch import UNVISITED, Action, Level, Word, level_of
from auditor.report.patch_city import GROUPS, totals_of
from auditor.report.patch_groups import NAMED, VERSIONS, is_kernel
from auditor.report.verdicts import apart, judged, stored, unseen
from tests.render.patching import (
    BAD,
    FLEET,
    FORMULA,
    REMEMBERED,
    action,
    exploited,
    fact,
    finding,
    gap,
    hostile,
    kernel,
    level,
    look,
    many,
    partly,
    patched,
    restarting,
    sites,
    support,
    upkeep,
)
from tests.render.sample import NOW, RUN, evidence, findings, summary, visits

CONTROL = re.compile("[\x1b\x07\x9b\u202e\u2066]")


def observations(target):
    return evidence(target) | {o.probe: o for o in look(target)}


@pytest.fixture(scope="module", params=Lang)
def pages(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "out"
    seen = visits()
    source = Source(summary=patched(), visits=seen, evidence=observations, findings=findings(seen))
    write_report(source, folder, request.param)
    made = {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()}
    return made | {"lang": request.param}


def named(*targets):
    return [(name, "kominfo", level_of(look(name))) for name in targets or FLEET]


@pytest.mark.parametrize(
    ("seen", "word", "reason"),
    [
        ((gap(),), Word.UNSEEN, "no data: no security index is held"),
        ((gap(Why.STALE, ""),), Word.STALE, "data is stale"),
        ((gap(Why.UNSUPPORTED, "x"),), Word.UNSUPPORTED, "not supported: x"),
        ((gap(), support(-1)), Word.UNSUPPORTED, "no data"),
        ((fact("patches", {"security": "many"}),), Word.UNSEEN, "another shape"),
        ((fact("patches", {"security": [{"have": "1"}]}),), Word.UNSEEN, "another shape"),
        ((level(), support(-1)), Word.UNSUPPORTED, "support of debian 12 bookworm ended"),
        ((level(action(), stale=True),), Word.STALE, "auditor feeds update"),
        ((partly(),), Word.PARTLY, "no list of all packages"),
        ((fact("patches", {"security": []}),), Word.PARTLY, "a part of the fact"),
        ((level(), gap(probe="lifecycle"), gap(probe="reboot")), Word.COMPLETE, ""),
    ],
)
def test_only_what_was_seen_on_fresh_data_is_complete(seen, word, reason):
    found = level_of(seen)

    assert found.word is word
    assert reason in f"{found.reason.en}: {found.detail}"
    assert (found.reason.id == "") == (word is Word.COMPLETE)


def test_a_target_that_was_not_asked_has_no_patch_level():
    assert level_of((support(),)) is None
    assert level_of(()) is None


def test_what_was_not_seen_is_none_and_never_zero():
    row = patched().patch.rows["web2"]

    assert (row.pending, row.kev, row.overdue, row.oldest, row.coverage) == (None,) * 5
    assert (row.reboot, row.lists_days, row.automatic, row.dated) == (None,) * 4
    assert row.word is Word.UNSEEN


def test_whether_a_weakness_is_exploited_may_not_be_known():
    row = patched().patch.rows["web6"]

    assert (row.pending, row.kev, row.word) == (1, None, Word.PARTLY)
    assert patched().patch.totals.unsure == 1


def test_a_known_mark_counts_even_where_another_is_not_known():
    unsure = dict(action("sudo"))
    del unsure["kev"]
    unsure["gap"] = {"why": "no_data", "detail": "x"}
    seen = {"web0": (level(exploited(), unsure),)}

    row = patched(1, seen=lambda n: seen.get(n, ()), previous=None).patch.rows["web0"]

    assert row.kev == 1


def test_a_target_that_the_run_did_not_come_to_is_unseen():
    rows = patched().patch.rows

    assert rows["web7"].word is Word.UNSEEN
    assert rows["web7"].reason == UNVISITED


def test_why_the_run_did_not_come_to_a_target_is_told():
    made = summary(visits(1), number=2)
    last = msgspec.structs.replace(
        made.targets[1], state=TargetState.TIMEOUT, reason="too slow", why=Why.TIMEOUT
    )

    whole = city(RUN, (made.targets[0], last), lambda n: look(n) if n == "web0" else ())

    assert whole.rows["web1"].reason.en == "no answer in time"
    assert whole.totals.unseen == 1


def test_sites_have_no_packages():
    rows = sites(summary(visits(2), number=2).targets)

    assert city(RUN, rows, lambda _: ()) is None
    whole = city(RUN, rows, lambda n: look(n) if n == "web0" else ())
    assert list(whole.rows) == ["web0"]


def test_a_run_that_asked_nobody_has_no_patch_level():
    assert patched(seen=lambda _: (support(),)).patch is None
    assert patched(seen=lambda _: ()).patch is None


def test_a_row_says_all_that_a_keeper_asks():
    row = patched().patch.rows["web0"]

    assert (row.pending, row.kev, row.exposed, row.overdue, row.oldest) == (3, 1, 1, 2, 40)
    assert (row.system, row.phase, row.word) == ("debian 12 bookworm", "full", Word.COMPLETE)
    assert (row.reboot, row.reboot_since) == (True, NOW - timedelta(days=20))
    assert (row.lists_days, row.automatic, row.coverage, row.third_party) == (2, True, 99, 1)
    assert row.dated == NOW - timedelta(days=1)


def test_a_reboot_that_is_not_pending_has_no_date():
    seen = {"web0": (level(), restarting(required=False))}

    row = patched(1, seen=lambda n: seen.get(n, ()), previous=None).patch.rows["web0"]

    assert (row.reboot, row.reboot_since, row.system, row.oldest) == (False, None, "bookworm", None)


def test_sums_count_what_is_not_known_apart():
    totals = patched().patch.totals

    assert (totals.targets, totals.unseen, totals.stale, totals.partly) == (8, 3, 1, 1)
    assert (totals.pending, totals.waiting, totals.restarts, totals.ended) == (6, 4, 2, 2)
    assert (totals.kev, totals.exposed, totals.overdue, totals.open_kev) == (2, 1, 4, 2)


def test_open_weaknesses_that_are_exploited_count_without_an_update():
    row = {"source": "x", "verdict": "open_no_fix", "have": "1", "cves": ["CVE-1"],
           "kev": ["CVE-1"], "note": ""}  # fmt: skip
    found = level_of((level(open=[row]),))

    assert totals_of(found).open_kev == 1


def test_the_run_before_is_summed_for_comparison():
    assert patched().patch.before.pending == 4
    assert patched(previous=None).patch.before is None
    assert patched(previous=lambda _: ()).patch.before is None


def test_days_to_patch_are_counted_from_the_fix_and_each_update_once():
    mended = patched().patch.mended

    # web0: bind9 gone after 31 days (also a finding of this run), libxml2 after 12; web4: nginx 5
    assert (mended.number, mended.mean, mended.median) == (3, 16.0, 12.0)
    by_opd = {row.opd.id: row.mended for row in patched().patch.opds}
    assert by_opd["kominfo"].number == 3
    assert by_opd["dinkes"] is None


@pytest.mark.parametrize(
    "now",
    [
        (level(stale=True),),
        (gap(),),
        (fact("patches", {"restart": []}),),
        (level(), support(-1)),
        (level(restart=[kernel() | {"source": "bind9"}]),),
    ],
)
def test_what_may_still_be_missing_is_not_mended(now):
    made = patched(
        1,
        seen=lambda n: now if n == "web0" else (),
        previous=lambda _: (level(action("bind9")),),
        findings=(),
    )

    assert made.patch.mended is None


def test_an_update_whose_fix_has_no_date_is_no_measure():
    bare = {"source": "bind9", "have": "1", "want": "2"}
    before = fact("patches", {"security": [bare], "restart": []})

    made = patched(
        1,
        seen=lambda n: (level(),) if n == "web0" else (),
        previous=lambda _: (before,),
        findings=(finding("y", fixed_at=None),),
    )

    assert made.patch.mended is None


def test_a_fact_of_an_older_shape_is_read_as_far_as_it_goes():
    row = {"source": "openssl", "packages": ["libssl3"], "have": "1", "want": "2", "held": False}
    old = fact("patches", {"release": "bookworm", "count": 1, "security": [row]})

    found = level_of((old,))
    (only,) = found.actions

    assert found.word is Word.PARTLY
    assert (only.kev, only.day, only.days, only.overdue) == (None, None, None, None)
    assert (only.exposed, only.score, only.verdict) == (Reach.UNKNOWN, -1, Verdict.UPDATE_PENDING)


def test_actions_are_in_order_of_haste():
    rows = [
        action("next", due=None), action("later", due=9), action("low", due=1, percentile=3),
        action("high", due=1, percentile=90), exploited("known", due=1, ransomware=False),
        exploited("ransom", due=1),
    ]  # fmt: skip

    found = level_of((level(*rows),)).actions

    assert [a.source for a in found] == ["ransom", "known", "high", "low", "later", "next"]


def test_actions_over_all_targets_are_grouped_by_package():
    groups = {(g.source, g.restart): g for g in patched().patch.groups}
    openssl, kernels = groups["openssl", False], groups["", True]

    assert (openssl.targets, openssl.overdue, openssl.more) == (1, 1, 0)
    assert kernels.want == ("6.1.153-1",)
    assert kernels.cves == 60
    assert next(iter(patched().patch.groups)).source == "freetype"


@pytest.mark.parametrize(
    ("source", "kernel"),
    [("linux", True), ("linux-signed-amd64", True), ("kernel-core", True), ("openssl", False)],
)
def test_kernels_are_told_from_what_is_restarted(source, kernel):
    assert is_kernel(source) is kernel


def fleet(number=1000, rows=60):
    """A thousand targets with sixty updates each, other versions on each."""
    made = summary(visits(1), number=number)

    def seen(target):
        found = many(rows, target)
        for n, row in enumerate(found.value["security"]):
            row["want"] = f"{target}.{n}"
        return (found,)

    return msgspec.structs.replace(made, patch=city(RUN, made.targets, seen))


def test_a_thousand_targets_with_sixty_updates_each_keep_the_pages_small():
    made = fleet()
    pages = _Pages(made, Lang.ID)

    page = pages.render("patch", city=made.patch)

    assert made.patch.totals.pending == 60_000
    assert len(made.patch.groups) == 60
    assert all(len(g.places) == NAMED and g.more == 1000 - NAMED for g in made.patch.groups)
    assert all(len(g.want) == VERSIONS for g in made.patch.groups)
    assert len(page.encode()) < 200_000
    assert len(pages.index().encode()) < 2**20
    assert len(pages.opd(made.opds[0]).encode()) < 700_000


def test_actions_beyond_the_page_are_counted():
    seen = {"web0": (many(GROUPS + 7, "web0"),)}

    made = patched(1, seen=lambda n: seen.get(n, ()), previous=None)
    page = _Pages(made, Lang.EN).render("patch", city=made.patch)

    assert (len(made.patch.groups), made.patch.more) == (GROUPS, 7)
    assert "7 more actions" in page


def shown(found, lang=Lang.EN):
    pages = _Pages(patched(), lang)
    return section(pages._environment, found)


def test_a_target_with_very_many_rows_has_a_page_that_opens():
    rows = ROWS + 5
    crowd = level(
        *[action(f"p{n}", cves=[f"CVE-2025-{m}" for m in range(2000)]) for n in range(400)],
        open=[{"source": f"s{n}", "verdict": "open_minor", "have": "1",
               "cves": ["CVE-2025-1"] * 100, "kev": ["CVE-2025-1"], "note": ""}
              for n in range(rows)],
        unsupported=[{"source": f"u{n}", "packages": [], "ended": "", "limited": False, "note": ""}
                     for n in range(rows)],
        third_party=[{"name": f"t{n}", "version": "1", "source": ""} for n in range(rows)],
    )  # fmt: skip

    page = shown(level_of((crowd,)))

    assert len(page.encode()) < 700_000
    assert page.count('role="row"') == ACTIONS + 1 + 3
    assert f"{400 - ACTIONS} more rows" in page
    assert page.count("5 more rows") == 3


def test_a_page_for_each_kind_of_target(pages):
    words = {
        Lang.ID: ("Lengkap", "Tidak didukung", "Tidak terlihat", "Data usang", "Sebagian"),
        Lang.EN: ("Complete", "Unsupported", "Not seen", "Stale data", "In part"),
    }[pages["lang"]]

    for word, target in zip(words, ("web0", "web1", "web2", "web3", "web6"), strict=True):
        assert word in section_of(pages[f"targets/{target}.html"]), target
    assert 'id="tambalan"' not in pages["targets/web7.html"]


def section_of(page):
    return page.partition('id="tambalan"')[2].partition("</section>")[0]


def test_an_action_says_what_why_and_until_when(pages):
    found = section_of(pages["targets/web0.html"])

    for words in (
        "freetype", "3.0.11-1~deb12u2 → 3.0.17-1~deb12u2", "KEV", "CVE-2025-27363", "443/tcp",
        "DSA-6015-1", "2026", "EPSS", "CVSS", "bookworm-security", "bod-26-04",
        "6ED0E7B82643E131", "pdns", "zlib", "docker-ce",
    ):  # fmt: skip
        assert words in found, words
    assert found.index("freetype") < found.index("openssl") < found.index("curl")


def test_what_a_target_sent_is_never_markup_and_steers_nothing(pages):
    for name, page in pages.items():
        if name != "lang":
            assert "<script>document" not in page, name
            assert "<img" not in page, name
            assert not CONTROL.search(page), name
            assert "&amp;lt;" not in page, name
            assert "&amp;#" not in page, name
    assert "{{7*7}}" in pages["targets/web1.html"]


def test_the_first_page_and_the_offices_tell_the_patch_level(pages):
    assert 'href="patch.html"' in pages["index.html"]
    assert "(KEV)" in pages["index.html"].partition('class="patchline"')[2][:400]
    for office in ("kominfo", "dinkes"):
        assert 'id="tambalan"' in pages[f"opd/{office}.html"]
    assert 'href="targets/web0.html#tambalan"' in pages["patch.html"]


def test_links_of_the_patch_page_lead_somewhere(pages):
    for link in re.findall(r'href="([^"#]+)', pages["patch.html"]):
        assert link in pages, link


def test_no_page_needs_a_script_or_a_site(pages):
    page = pages["patch.html"]

    assert not re.search(r'(src|href)="(https?:)?//', page)
    assert " style=" not in page


@pytest.mark.parametrize("lang", Lang)
def test_a_report_without_patch_levels_says_so(lang):
    page = _Pages(summary(visits(1), number=1), lang).index()

    assert 'href="patch.html"' not in page
    assert {Lang.ID: "Belum diperiksa", Lang.EN: "Not examined"}[lang] in page


def test_a_city_without_actions_has_a_page():
    made = patched(1, seen=lambda n: (level(),) if n == "web0" else (), previous=None, findings=())

    page = _Pages(made, Lang.EN).render("patch", city=made.patch)

    assert "No action is pending" in page
    assert "no history yet" in page
    assert "no audit before" in page
    assert "No action is pending" in shown(level_of((level(),)))


def test_the_console_says_how_many_are_pending_and_what_is_unsure():
    text = summarise(patched(), Lang.ID, "x")

    assert "Pembaruan keamanan: 6 tertunda di 4 target, 2 dari KEV, 4 lewat tenggat" in text
    assert "3 target tidak terlihat, 1 dengan data usang, 2 lewat masa dukungan" in text
    assert len(text.splitlines()) <= 24
    assert "Security updates: 6 pending on 4 targets, 2 of KEV, 4 overdue" in summarise(
        patched(), Lang.EN, "x"
    )


def test_the_console_has_one_line_where_all_was_seen():
    made = patched(1, seen=lambda n: (level(), support()) if n == "web0" else (), previous=None)

    text = summarise(made, Lang.ID, "x")

    assert "0 tertunda di 0 target" in text
    assert "data usang" not in text


def test_the_run_as_json_holds_the_patch_level_and_gaps_as_errors():
    made = patched()

    text = b"".join(json_v1.document(made, visits(), (), look))
    data = msgspec.json.decode(text, type=json_v1.DocumentV1)

    found = {target.id: target.patch for target in data.targets}
    assert found["web0"].status == "ok"
    assert found["web0"].actions[0].kev == ["CVE-2025-27363"]
    assert found["web0"].actions[0].due == date(2026, 10, 25)
    assert {found[n].status for n in ("web1", "web2", "web3", "web5", "web6")} == {"error"}
    assert "no data" in found["web2"].reason.en
    assert found["web2"].open is None
    assert found["web7"] is None
    assert data.patch.totals["open_kev"] == 2
    assert data.patch.before["pending"] == 4
    assert data.patch.mended.median == 12
    assert data.opds[0].patch is not None


def test_the_json_of_patches_is_one_target_a_line_and_inert():
    text = b"".join(patches_v1.document(RUN, named()))
    data = msgspec.json.decode(text, type=patches_v1.PatchesV1)

    assert data.format == "auditor-patches/1"
    assert len(text.splitlines()) == 1 + len(FLEET)
    assert not CONTROL.search(json.dumps(json.loads(text), ensure_ascii=False))
    assert {t.target for t in data.targets if t.patch.status == "error"} == {
        "web1", "web2", "web3", "web5", "web6",
    }  # fmt: skip
    assert "PatchesV1" in patches_v1.schema()["$defs"]


def rows(chunks):
    return list(csv.DictReader(io.StringIO(b"".join(chunks).decode(), newline="")))


def test_csv_has_an_error_for_what_was_not_seen_and_no_formula():
    found = rows(patches_v1.table(RUN, named()))

    by_target = {}
    for row in found:
        by_target.setdefault(row["target"], []).append(row)
    assert [row["kind"] for row in by_target["web0"]] == ["update", "update", "restart", "update"]
    assert by_target["web2"][0]["status"] == "error"
    assert by_target["web2"][0]["why"].startswith("no data")
    assert by_target["web4"][0]["kind"] == ""
    for row in found:
        for cell in row.values():
            assert not re.match(r"[=+\-@\t\r]", cell), cell
            assert not CONTROL.search(cell)
    assert any(cell == f"'{FORMULA}" for cell in by_target["web1"][1].values())


def test_the_listing_is_by_due_date_and_names_what_is_not_known():
    lines = list(patches_text.listing(named(), Lang.ID))
    text = "\n".join(lines)

    assert lines[1].startswith("2026-10-25  !K")
    assert "muat ulang kernel" in text
    assert "jalankan ulang:" in text
    assert "berikutnya" in text
    assert not CONTROL.search(text)
    assert "Tidak diketahui seluruhnya:" in text
    assert "  web2: tidak terlihat; tidak ada data" in text
    assert all(len(line) < 400 for line in lines)


def test_a_listing_without_actions_says_why():
    calm = [("web4", "kominfo", level_of((level(),)))]

    assert list(patches_text.listing(calm, Lang.EN)) == [
        "No action is pending on targets that were seen."
    ]
    assert "patch.*" in next(patches_text.listing((), Lang.EN))


def test_stored_facts_tell_every_open_weakness_and_packages_that_stand_apart():
    told = list(stored(level_of(look("web0"))))

    assert sum(one.verdict is Verdict.INSTALLED_NOT_RUNNING for one in told) == 60
    assert {one.verdict for one in told} >= {
        Verdict.UPDATE_PENDING, Verdict.OPEN_MINOR, Verdict.OPEN_NO_FIX, Verdict.UNSUPPORTED,
        Verdict.NOT_COVERED,
    }  # fmt: skip
    assert {one.note for one in told if one.verdict is Verdict.UNSUPPORTED} == {
        "no longer mended", "limited", "",
    }  # fmt: skip
    assert [one.cve for one in told if one.source == "curl"] == [""]


def test_a_fact_that_was_not_seen_tells_nothing_and_one_cut_short_what_it_has():
    nothing = Level(word=Word.UNSEEN, reason=UNVISITED)
    bare = level_of((fact("patches", {"security": [{"source": "x"}]}),))
    row = {"source": "y", "verdict": "undetermined", "have": "1"}
    unnamed = level_of((fact("patches", {"security": [], "open": [row]}),))

    assert list(stored(nothing)) == list(apart(nothing)) == []
    assert [(one.source, one.since) for one in stored(bare)] == [("x", None)]
    assert [(one.source, one.cve) for one in stored(unnamed)] == [("y", "")]


def test_verdicts_are_one_weakness_a_line_in_every_format():
    from auditor.patch.verdict import Ruling

    ruling = Ruling("openssl", "openssl", FORMULA, Verdict.FIXED, ("CVE-1", "CVE-2"), "2", note=BAD)
    bare = Ruling("curl", "curl", "1", Verdict.UPDATE_PENDING)
    told = [("web0", "kominfo", one) for one in judged([ruling, bare])]
    told.append(("web1", "dinkes", unseen("stale: too old")))

    data = msgspec.json.decode(
        b"".join(verdicts_v1.document(RUN, told)), type=verdicts_v1.VerdictsV1
    )
    table = rows(verdicts_v1.table(RUN, told))
    lines = list(verdicts_v1.listing(told))

    assert [one.cve for one in data.verdicts] == ["CVE-1", "CVE-2", "", ""]
    assert table[0]["have"] == f"'{FORMULA}"
    assert table[3]["verdict"] == "stale_or_missing_data"
    assert len(lines) == 4
    assert not CONTROL.search("".join(lines))
    assert "stale: too old" in lines[3]
    assert "VerdictsV1" in verdicts_v1.schema()["$defs"]


def test_hostile_dates_and_numbers_are_read_as_unknown():
    row = Action(source="x", due="soon", cvss="high")

    assert (row.day, row.score) == (None, -1)
    assert hostile().value["security"][0]["due"] == "soon"


def test_upkeep_is_read_from_either_probe():
    found = level_of((level(), upkeep(3, automatic=False)))
    older = level_of((level(), msgspec.structs.replace(upkeep(3), probe="apt")))

    assert (found.lists_time, found.automatic) == (NOW - timedelta(days=3), False)
    assert (older.lists_time, older.automatic) == (NOW - timedelta(days=3), None)


def test_a_phase_of_support_that_is_not_known_is_told_by_what_counts():
    paid = level_of((level(), support(phase="paid"))).lifecycle
    ended = level_of((level(), support(-1, phase="paid"))).lifecycle

    assert (paid.stage, ended.stage) == ("full", "ended")
    assert level_of(look("web4")).lifecycle.stage == "lts"


def test_findings_of_other_checks_say_nothing_of_patching():
    assert {one.check for one in REMEMBERED} == {"patch.security-updates", "patch.reboot"}
    other = (finding("x", check="ssh.root-login"), finding("y", check="patch.reboot"))

    made = patched(1, seen=lambda n: (level(),) if n == "web0" else (), previous=None,
                   findings=other)  # fmt: skip

    assert made.patch.mended is None
