"""Write docs/comparison-web.md: our checks and the Mozilla HTTP Observatory on the same answers.

.venv/bin/python -m tests.bench.compare_web
"""

from collections import Counter
from pathlib import Path

from tests.servers.observatory_oracle import (
    CORP,
    NOTHING,
    OURS,
    cases,
    explained,
    observatory,
    ours,
)

PAGE = Path(__file__).parents[2] / "docs" / "comparison-web.md"
HEAD = """# Web checks against the Mozilla HTTP Observatory

Made by `python -m tests.bench.compare_web`; the test `tests/servers/test_site_observatory.py` fails
where it is out of date or where a difference has no explanation.

{cases} answers (`tests/servers/observatory/cases.json`) are given to the test functions of
`@mdn/mdn-http-observatory` 1.4.8 (MPL-2.0; used by the tests only, not shipped) and to our survey
and checks. Nothing is fetched. The list of preloaded names is left empty, so that the answers
decide. Of {verdicts} verdicts {agreed} are the same; the {differ} others are all explained below.
The Observatory does not know the other checks `site.*`.

## What is compared

| test of the Observatory | our checks | same | differ |
|---|---|---|---|
"""
CORP_NOTE = "the fact `headers.corp` (no check)"


def differences() -> tuple[list[tuple[str, str, dict, dict]], Counter[str]]:
    """Return (test, case, theirs, ours) where pass and fail differ, and verdicts by test."""
    every = cases()
    found, counts = [], Counter()
    for case, theirs in zip(every, observatory(every), strict=True):
        own = ours(case)
        for test, verdict in theirs.items():
            counts[test] += 1
            if verdict["pass"] != own[test]["pass"]:
                found.append((test, case["name"], verdict, own[test]))
    return found, counts


def render() -> str:
    """Return the page."""
    found, counts = differences()
    reasons = explained()
    differ = Counter(test for test, *_ in found)
    page = HEAD.format(
        cases=len(cases()),
        verdicts=counts.total(),
        agreed=counts.total() - len(found),
        differ=len(found),
    )
    for test, number in counts.items():
        checks = ", ".join(f"`{check}`" for check in OURS[test]) if test != CORP else CORP_NOTE
        page += f"| {test} | {checks} | {number - differ[test]} | {differ[test]} |\n"
    page += "\n## Every difference\n\n| case | Observatory | ours | why |\n|---|---|---|---|\n"
    for test, name, theirs, own in sorted(found, key=lambda row: row[:2]):
        why = reasons.get(test, {}).get(name, "**not explained**")
        page += f"| {test}: {name} | {_say(theirs)} | {_say(own)} | {why} |\n"
    return page


def _say(verdict: dict) -> str:
    word = "pass" if verdict["pass"] else "fail"
    return word if verdict["result"] == NOTHING else f"{word} ({verdict['result']})"


if __name__ == "__main__":
    PAGE.write_text(render())
