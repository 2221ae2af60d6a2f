import base64
import gzip
import html
import json
import re
from datetime import timedelta

import msgspec
import pytest
import yaml

from auditor.errors import StoreError
from auditor.model.base import Lang, Text
from auditor.model.check import Foundation, Severity
from auditor.model.fact import Gap, Why
from auditor.model.policy import Standing
from auditor.model.result import Reason, Result, RunState, Status, TargetState, Visit
from auditor.render import json_v1
from auditor.render.console import SEVERITY, summarise
from auditor.render.explorer import pack
from auditor.render.html import Source, _Pages, write_report
from auditor.render.words import BRIEF, LONGEST, Words, brief, harmless, load_texts, slug
from auditor.report import gather, target_page
from auditor.report.control_score import Word
from auditor.report.law_refs import law_of
from auditor.report.matrix import LETTERS, MatrixBuilder
from auditor.resources import shipped
from tests.render.sample import (
    CHECKS,
    EARLIER,
    EVIL,
    FRAMEWORKS,
    NOW,
    POLICIES,
    RUN,
    evidence,
    findings,
    inventory,
    summary,
    visits,
)


@pytest.fixture(scope="module")
def seen():
    return visits()


@pytest.fixture(scope="module")
def found(seen):
    return findings(seen)


def source(seen, **more):
    return Source(
        summary=summary(seen, **more),
        visits=seen,
        evidence=evidence,
        findings=findings(seen),
    )


@pytest.fixture(scope="module", params=Lang)
def pages(request, seen, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "out"
    write_report(source(seen, previous=EARLIER), folder, request.param, {"run.json": [b"{", b"}"]})
    return {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()}


def test_there_is_a_page_for_everyone(pages):
    assert "index.html" in pages
    assert "run.json" in pages
    assert len([p for p in pages if p.startswith("opd/")]) == 4
    assert len([p for p in pages if p.startswith("targets/")]) == 8
    controls = sum(len(framework.controls) for framework in FRAMEWORKS)
    assert len([p for p in pages if p.startswith("controls/")]) == controls


def test_every_link_leads_to_a_page(pages):
    for name, page in pages.items():
        for link in re.findall(r'href="([^"#]+)', page):
            parts = [p for p in (name.rpartition("/")[0] + "/" + link).split("/") if p]
            while ".." in parts:
                at = parts.index("..")
                del parts[at - 1 : at + 1]
            assert "/".join(parts) in pages, (name, link)


def test_what_a_target_sent_is_never_markup(pages):
    for name, page in pages.items():
        assert "<script>document" not in page, name
        assert "<img" not in page, name
    assert "{{7*7}}" in pages["targets/web0.html"]
    assert (
        html.escape(EVIL).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
        in pages["targets/web0.html"]
    )


def test_what_a_target_sent_steers_nothing_and_floods_nothing(pages):
    for name, page in pages.items():
        assert not re.search("[\x1b\x07\x9b\u202e\u2066]", page), name
        assert "A" * (LONGEST + 1) not in page, name
    assert "… (+" in pages["targets/web0.html"]


def test_text_is_cut_where_it_is_too_long_and_markup_of_ours_is_not():
    from markupsafe import Markup

    own = Markup("x" * (LONGEST + 9))

    assert harmless("x" * LONGEST) == "x" * LONGEST
    assert harmless("x" * (LONGEST + 9)) == "x" * LONGEST + "… (+9)"
    assert harmless(own) is own
    assert harmless(3) == 3


def test_no_page_asks_for_anything(pages):
    for page in pages.values():
        assert not re.search(r'(src|href)="(https?:)?//', page)
        assert " style=" not in page
        assert not re.search(r"\son[a-z]+=\"", page)


def test_the_policy_allows_only_our_own_style_and_script(pages):
    page = pages["index.html"]
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]

    assert "default-src &#39;none&#39;" in policy
    assert "unsafe" not in policy


def test_the_first_screen_says_by_whom_how_much_what_changed_and_what_to_mend(pages):
    page = pages["index.html"]
    order = ("800/<wbr>123", "8 target", 'class="tally"', 'class="big"', "Dinas", 'class="mend"')
    places = [page.find(words) for words in order]

    assert -1 not in places
    assert places == sorted(places)


def test_both_languages_have_the_same_words():
    indonesian, english = (load_texts(lang) for lang in Lang)

    assert indonesian.keys() == english.keys()
    same = {k for k in indonesian if indonesian[k] == english[k]}
    assert same <= {"target", "info", "lang", "run", "sign_auditor"}
    for key, words in indonesian.items():
        assert re.findall(r"\{\w+\}", words) == re.findall(r"\{\w+\}", english[key])


def test_texts_are_plain_yaml():
    for lang in Lang:
        text = (shipped("reports") / "texts" / f"{lang.value}.yaml").read_text()
        assert isinstance(yaml.safe_load(text), dict)


def test_a_new_report_takes_the_place_of_the_old(seen, tmp_path):
    folder = tmp_path / "report"
    write_report(source(seen), folder, Lang.ID)
    (folder / "opd" / "gone.html").write_text("old")
    (folder / "run.json").write_text("old")
    write_report(source(seen[:2], number=2), folder, Lang.ID)

    assert not (folder / "opd" / "gone.html").exists()
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_of_other_things_is_left_alone(seen, tmp_path):
    (tmp_path / "thesis.txt").write_text("x")

    with pytest.raises(StoreError, match="is no report"):
        write_report(source(seen), tmp_path, Lang.ID)
    assert (tmp_path / "thesis.txt").exists()


def test_a_web_site_is_not_taken_for_a_report(seen, tmp_path):
    (tmp_path / "index.html").write_text("<h1>Selamat datang</h1>")

    with pytest.raises(StoreError, match="is no report"):
        write_report(source(seen), tmp_path, Lang.ID)
    assert "Selamat datang" in (tmp_path / "index.html").read_text()


def test_an_empty_folder_is_taken(seen, tmp_path):
    (tmp_path / "report").mkdir()

    assert write_report(source(seen[:1], number=1), tmp_path / "report", Lang.ID).exists()


def test_a_report_that_fails_half_way_leaves_the_old_one_whole(seen, tmp_path):
    folder = tmp_path / "report"
    write_report(source(seen), folder, Lang.ID)
    before = {path: path.read_bytes() for path in folder.rglob("*.html")}

    def cut():
        yield b"half"
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match="No space left"):
        write_report(source(seen), folder, Lang.EN, {"run.json": cut()})
    assert {path: path.read_bytes() for path in folder.rglob("*.html")} == before
    assert list(tmp_path.iterdir()) == [folder]


def test_a_new_report_that_cannot_be_put_in_place_gives_the_old_one_back(tmp_path):
    from auditor.render.folder import MARK, replaced

    folder = tmp_path / "report"
    folder.mkdir()
    (folder / "index.html").write_text(MARK)

    with pytest.raises(StoreError), replaced(folder) as fresh:
        fresh.rmdir()
    assert (folder / "index.html").read_text() == MARK


def test_a_disk_that_refuses_is_told(seen, tmp_path):
    (tmp_path / "file").write_text("x")

    with pytest.raises(StoreError, match="cannot write the report"):
        write_report(source(seen), tmp_path / "file" / "report", Lang.ID)


def test_file_names_are_safe_and_differ():
    assert slug("web_1") != slug("web-1")
    assert slug("BSSN-4-2021:27.8.a") == "BSSN-4-2021-27.8.a"
    assert slug("../x/<y>") == "..-x-y-"


def test_targets_that_differ_only_by_a_sign_have_each_a_page(seen, tmp_path):
    city = inventory(2)
    names = ("web_1", "web-1")
    targets = tuple(
        msgspec.structs.replace(one, id=name) for one, name in zip(city.targets, names, strict=True)
    )
    results = tuple(msgspec.structs.replace(r, target=names[0]) for r in seen[0].results)
    visit = msgspec.structs.replace(seen[0], target=names[0], results=results)
    made = gathered((), [visit], msgspec.structs.replace(city, targets=targets), names)
    write_report(
        Source(summary=made, visits=[visit], evidence=evidence, findings=()),
        tmp_path / "report",
        Lang.ID,
    )

    index = (tmp_path / "report" / "index.html").read_text()
    for name in names:
        assert f'href="targets/{name}.html"' in index
        assert name in (tmp_path / "report" / "targets" / f"{name}.html").read_text()


def gathered(frameworks, seen, city, targets):
    return gather(
        RUN,
        seen,
        inventory=city,
        policies=POLICIES,
        checks=tuple(CHECKS.values()),
        frameworks=frameworks,
        targets=targets,
        findings=(),
    )


def test_a_control_is_found_from_either_side():
    check = msgspec.structs.replace(next(iter(CHECKS.values())), refs=("X:1",))
    control = msgspec.structs.replace(FRAMEWORKS[0].controls[0], id="X:1", checks=())
    by_glob = msgspec.structs.replace(control, id="X:2", checks=(f"{check.id[:3]}*",))
    other = msgspec.structs.replace(control, id="X:3")
    framework = msgspec.structs.replace(FRAMEWORKS[0], controls=(control, by_glob, other))

    law = law_of([framework], (check,))

    assert [ref.id for ref in law[check.id]] == ["X:1", "X:2"]


def test_a_control_without_evidence_says_so(seen):
    rows = summary(seen).controls
    empty = summary([], found=()).controls

    assert any(row.evidence.word is Word.UNEXAMINED for row in rows)
    assert {row.evidence.word for row in empty} == {Word.UNEXAMINED}


def test_a_norm_that_is_revoked_is_told(seen, tmp_path):
    controls = tuple(
        msgspec.structs.replace(control, status=Standing.REVOKED)
        for control in FRAMEWORKS[0].controls
    )
    framework = msgspec.structs.replace(FRAMEWORKS[0], controls=controls)
    made = gathered((framework,), seen[:1], inventory(1), ("web0",))
    write_report(
        Source(summary=made, visits=seen[:1], evidence=evidence, findings=()),
        tmp_path / "report",
        Lang.ID,
    )

    assert "; dicabut)" in (tmp_path / "report" / "targets" / "web0.html").read_text()


def test_the_word_for_compliance_is_never_used(pages):
    for name, page in pages.items():
        assert not re.search(r"\b(patuh|kepatuhan|compliant)\b", page, re.IGNORECASE), name


def words(lang=Lang.ID, tz="Asia/Jakarta"):
    return Words(lang, tz, NOW)


def test_moments_are_those_of_the_city_in_its_words():
    assert words().moment(NOW) == "24 November 2026 pukul 08.00 WIB"
    assert words(Lang.EN).moment(NOW) == "24 November 2026, 08:00 WIB"
    assert words(tz="Asia/Makassar").moment(NOW).endswith("09.00 WITA")
    assert words(tz="Asia/Dili").moment(NOW).endswith("10.00 +09")


@pytest.mark.parametrize(
    ("lang", "days", "said"),
    [(Lang.ID, 0, "audit ini"), (Lang.ID, 12, "12 hari"), (Lang.EN, 2, "2 days")],
)
def test_age_is_counted_in_days(lang, days, said):
    assert words(lang).age(NOW - timedelta(days=days)) == said


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(0, 0, "0"), (0, 9, "0"), (9, 9, "100"), (1, 999, "1"), (998, 999, "99"), (1, 3, "33")],
)
def test_only_all_is_a_hundred_percent_and_only_nothing_is_none(part, whole, said):
    assert words().percent(part, whole) == said


def test_an_office_with_many_findings_has_a_page_that_opens(seen, monkeypatch):
    monkeypatch.setattr("auditor.render.html.PROBLEMS", 3)
    made = summary(seen)
    row = made.opds[0]

    page = _Pages(made, Lang.ID).opd(row)

    assert page.count('<ol class="mend">') == 2
    assert f"{row.problems - 3} temuan lagi" in page


def test_every_word_of_the_templates_is_in_the_texts():
    texts = load_texts(Lang.ID)
    sources = "".join(path.read_text() for path in shipped("reports").glob("*.j2"))

    assert set(re.findall(r"\bt\.([a-z_]+)", sources)) - {"items"} <= texts.keys()


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1])
def test_colours_are_told_apart_in_light_and_dark(scheme):
    css = (shipped("reports") / "report.css").read_text().replace("\n", " ")
    tokens = re.findall(r":root \{([^}]*)\}", css)[scheme]
    colour = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", tokens))

    for ink in ("ink", "soft", "accent"):
        for paper in ("paper", "card"):
            assert contrast(colour[ink], colour[paper]) >= 4.5, (ink, paper)
    for word in ("good", "bad", "gap", "none"):
        assert contrast(colour[word], colour[f"{word}-bg"]) >= 4.5, word
    assert contrast(colour["bar"], colour["track"]) >= 3


def test_unvisited_targets_count_as_unseen(seen):
    made = summary(seen)

    assert made.coverage.targets == 8
    assert made.coverage.seen + made.coverage.partly + made.coverage.unseen == 8
    assert made.targets[-1].state is TargetState.INTERRUPTED
    assert sum(made.coverage.reasons.values()) == made.coverage.unseen
    assert sum(row.unseen for row in made.opds) == made.coverage.unseen


def test_nothing_asked_has_no_share(seen):
    made = summary([], found=())

    assert made.coverage.share is None
    assert made.score.value is None
    assert made.problems == ()


def test_problems_are_grouped_and_the_gravest_come_first(seen):
    made = summary(seen)

    assert [p.severity.rank for p in made.problems] == sorted(
        (p.severity.rank for p in made.problems), reverse=True
    )
    assert any(p.count > 1 for p in made.problems)


def test_offices_without_targets_are_not_listed(seen):
    assert len(summary(seen[:1], number=1).opds) == 1


def test_findings_of_things_that_are_gone_make_no_problem(seen, found):
    strange = msgspec.structs.replace(found[0], target="gone")
    other = msgspec.structs.replace(found[0], check="gone.check")

    assert summary(seen, found=(strange, other)).problems == ()


def test_long_lists_of_verdicts_are_cut_and_counted(monkeypatch, seen):
    monkeypatch.setattr("auditor.report.controls.VERDICTS", 2)

    assert any(row.more for row in summary(seen).controls)


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("case", ["full", "first", "empty"])
def test_the_console_summary_fits_one_screen(seen, lang, case):
    made = {
        "full": lambda: summary(seen, previous=EARLIER),
        "first": lambda: summary(seen),
        "empty": lambda: summary([], found=()),
    }[case]()

    text = summarise(made, lang, "audit-out/report/index.html")

    assert len(text.splitlines()) <= 24
    assert all(len(line) <= 80 for line in text.splitlines())
    assert not re.search("[\x1b\x9b\u202e\t]", text)
    assert "800/123" in text


def test_the_console_says_severities_as_the_report_does():
    for lang in Lang:
        texts = load_texts(lang)
        assert {s: w.in_(lang) for s, w in SEVERITY.items()} == {s: texts[s] for s in Severity}


def test_the_console_counts_offices_beyond_its_lines(seen, monkeypatch):
    monkeypatch.setattr("auditor.render.console.OPDS", 2)

    assert "dan 2 perangkat daerah lagi" in summarise(summary(seen), Lang.ID)


def test_the_console_lists_few_problems_whole(seen):
    few = findings(seen[:1])[:2]

    assert "temuan lagi" not in summarise(summary(seen[:1], found=few), Lang.ID)


def test_the_document_holds_everything(seen, found):
    made = summary(seen, previous=EARLIER)
    text = b"".join(json_v1.document(made, seen, found))
    data = json.loads(text)

    assert data["format"] == "auditor-run/1"
    assert data["run"]["previous"] == EARLIER.id
    assert data["weights"]["critical"] == 10
    assert len(data["targets"]) == 8
    assert data["targets"][7]["results"] == []
    statuses = {r["status"] for t in data["targets"] for r in t["results"]}
    assert Status.ERROR in statuses
    assert len(data["findings"]) == len(found)
    assert any(check["controls"] for check in data["checks"])
    assert msgspec.json.decode(text, type=json_v1.DocumentV1).run.state == RunState.INCOMPLETE
    assert set(data["foundations"]) <= set(Foundation)


def test_a_document_without_targets_is_whole():
    made = summary([], number=0, found=())

    data = json.loads(b"".join(json_v1.document(made, [], ())))

    assert data["targets"] == []
    assert data["findings"] == []


def test_the_document_is_inert_and_one_target_a_line(seen, found):
    text = b"".join(json_v1.document(summary(seen), seen, found))
    decoded = json.dumps(json.loads(text), ensure_ascii=False)

    assert not re.search(r"\\u001b|[\x9b\u202e]", decoded)
    assert len(text.splitlines()) == 1 + 8 + len(found)


def test_the_schema_is_published():
    assert "DocumentV1" in json_v1.schema()["$defs"]


def test_the_index_stays_small_for_a_big_city():
    many = visits(1000)
    made = summary(many, number=1000)
    page = _Pages(made, Lang.ID).index()

    assert len(page.encode()) < 2**20


def test_a_sentence_in_a_list_is_short_and_says_how_much_is_left_out():
    assert brief("x" * BRIEF) == "x" * BRIEF
    assert brief("x" * BRIEF + "\x1byz") == "x" * BRIEF + "… (+3)"


def unpacked(page):
    packed = re.search(r'id="matrix">([^<]+)<', page)[1]
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def test_every_answer_travels_in_the_first_page(pages, seen):
    data = unpacked(pages["index.html"])
    order = [check[0] for check in data["checks"]]
    rows = {row[0]: row[3] for row in data["targets"]}

    for visit in seen:
        for result in visit.results:
            assert rows[visit.target][order.index(result.check)] == LETTERS[result.status]
    ranks = [Severity(check[2]).rank for check in data["checks"]]
    assert ranks == sorted(ranks, reverse=True)


def test_what_travels_in_the_first_page_is_inert_and_bounded(pages):
    data = json.dumps(unpacked(pages["index.html"]), ensure_ascii=False)

    assert not re.search(r"\\u001b|[\x9b\u202e]", data)
    assert len(data) < 20_000


def test_a_run_without_answers_has_nothing_to_explore():
    made = summary([], found=())

    assert pack(made, Lang.ID) == ""
    assert 'id="hasil"' not in _Pages(made, Lang.ID).index()


def test_an_answer_to_a_check_that_is_gone_leaves_the_others_in_place(seen):
    first, second = list(CHECKS.values())[:2]
    builder = MatrixBuilder([second])

    builder.add(seen[0])

    status = next(r.status for r in seen[0].results if r.check == second.id)
    assert first.id not in builder.matrix().checks
    assert builder.matrix().rows == {seen[0].target: LETTERS[status]}


def test_a_control_says_which_checks_look_at_it_and_what_was_not_visited(seen, tmp_path):
    write_report(source(seen), tmp_path / "report", Lang.EN)
    page = (tmp_path / "report" / "controls" / "BSSN-4-2021-27.1.a.html").read_text()

    assert "accounts.empty-password" in page
    assert "1 targets were interrupted or not visited" in page


def test_a_control_that_no_check_looks_at_asks_for_a_person(seen, tmp_path):
    bare = tuple(
        msgspec.structs.replace(control, id="X:9", checks=())
        for control in FRAMEWORKS[0].controls[:1]
    )
    framework = msgspec.structs.replace(FRAMEWORKS[0], controls=bare)
    made = gathered((framework,), seen[:1], inventory(1), ("web0",))

    page = _Pages(made, Lang.ID).render("control", row=made.controls[0])

    assert made.controls[0].checks == ()
    assert "pemeriksaan manual" in page


def failures(visit, kept):
    seen = evidence(visit.target)
    law = law_of(FRAMEWORKS, tuple(CHECKS.values()))
    return target_page(visit, seen, CHECKS, law, {one.id: one for one in kept}).failed


def test_evidence_of_one_probe_is_shown_once_on_a_page(seen, found):
    first, *rest = failures(seen[0], found)

    assert first.evidence[0].above is None
    assert {one.evidence[0].above for one in rest} == {first.check.id}


def test_evidence_that_was_not_kept_is_left_out(seen, found):
    results = tuple(
        msgspec.structs.replace(result, probes=("other", "gap")) for result in seen[0].results
    )
    visit = msgspec.structs.replace(seen[0], results=results)
    gap = Gap(target=visit.target, probe="gap", why=Why.CUT, detail="")

    page = target_page(visit, {"gap": gap}, CHECKS, {}, {})

    assert all(one.evidence == () for one in page.failed)


def test_items_of_one_day_are_dated_once(seen, found):
    one = failures(seen[0], found)[0]
    older = msgspec.structs.replace(found[0], first_seen=NOW - timedelta(days=3))
    mixed = msgspec.structs.replace(one, since=one.since | {one.reasons[0].item: older})
    partly = msgspec.structs.replace(one, since={})

    assert one.dated is not None
    assert mixed.dated is None
    assert partly.dated is None


def crowd(number):
    """A visit that answers 200 checks, half of them failing with evidence behind each."""
    checks = tuple(
        msgspec.structs.replace(check, id=f"{check.id}-{n}")
        for n in range(200)
        for check in [list(CHECKS.values())[n % len(CHECKS)]]
    )
    words = Text(id="PermitRootLogin: yes, seharusnya no", en="PermitRootLogin: yes, expected no")
    results = tuple(
        Result(
            check=check.id,
            target=f"web{number}",
            status=Status.FAIL if n % 8 == 0 else Status.PASS,
            severity=check.severity,
            foundation=check.foundation,
            reasons=(Reason(status=Status.FAIL if n % 8 == 0 else Status.PASS, message=words),),
            probes=("sshd",),
        )
        for n, check in enumerate(checks)
    )
    return checks, Visit(
        target=f"web{number}", state=TargetState.SEEN, reason="", started=NOW, ms=1,
        results=results,
    )  # fmt: skip


def test_a_thousand_targets_and_two_hundred_checks_keep_the_pages_small():
    checks = crowd(0)[0]
    many = [crowd(n)[1] for n in range(1000)]
    made = gather(
        RUN,
        many,
        inventory=inventory(1000),
        policies=POLICIES,
        checks=checks,
        frameworks=FRAMEWORKS,
        targets=tuple(f"web{n}" for n in range(1000)),
        findings=(),
    )
    pages = _Pages(made, Lang.ID)
    page = target_page(many[0], evidence("web0"), made.checks, made.law, {})

    assert len(pages.index().encode()) < 2**20
    assert len(pages.target("web0", page).encode()) < 100_000
