"""The Mozilla HTTP Observatory's own test functions as an oracle, and our checks on the same.

Both get the answers of `observatory/cases.json`; nothing is asked over a network. A case gives the
front page's header fields (`fields`) and `body`, the answer to a foreign origin (`cors`; ORIGIN
stands for that origin), the places that a redirect in clear leads through (`route`, null where
port 80 is closed) with its `status`, and whether the site speaks HTTPS.
"""

import json
import subprocess
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from auditor.evaluate import evaluate
from auditor.examples import NOW, ORDINARY
from auditor.load.checks import load_checks
from auditor.model.fact import Evidence, Fact, Why
from auditor.plan import Chosen, bind
from auditor.probe.catalogue import CATALOGUE
from auditor.probe.http_talk import Answer, Ask, Heard, Mute
from auditor.probe.site_survey import survey

HOME = Path(__file__).with_name("observatory")
SITE = "web.batukota.go.id"
CLEAR, SECURE = f"http://{SITE}/", f"https://{SITE}/"
OURS = {
    "csp": (
        "site.csp",
        "site.csp-unsafe-inline",
        "site.csp-unsafe-eval",
        "site.csp-wildcards",
        "site.csp-object-src",
    ),
    "cookies": ("site.cookie-secure", "site.cookie-httponly", "site.cookie-samesite"),
    "cors": ("site.cors-credentials",),
    "redirection": ("tls.http-in-clear", "site.https-redirect"),
    "referrer-policy": ("site.referrer-policy",),
    "hsts": ("site.hsts",),
    "sri": ("site.sri", "site.mixed-content-active"),
    "nosniff": ("site.nosniff",),
    "framing": ("site.framing",),
}
"""A test of the Observatory → the checks that answer the same question."""
NOTHING = "-"
"""The result of a test that finds nothing."""
CORP = "corp"
"""A test for which there is a fact, and no check."""


def cases() -> list[dict]:
    """Return the cases in order."""
    return json.loads((HOME / "cases.json").read_text())


def explained() -> dict[str, dict[str, str]]:
    """Return test → case → why the verdicts differ."""
    return json.loads((HOME / "explained.json").read_text())


def observatory(every: list[dict]) -> list[dict[str, dict]]:
    """Return for each case test → {pass, result}."""
    given = [_for_driver(case) for case in every]
    done = subprocess.run(
        ["node", "driver.mjs"],
        cwd=HOME,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout)


def _for_driver(case: dict) -> dict:
    https = case.get("https", True)
    origin = "https://asing.example"
    fields = case["fields"]
    if not any(name == "content-type" for name, _ in fields):
        fields = [["content-type", "text/html"], *fields]
    route = case.get("route", [SECURE])
    return {
        "site": SITE,
        "url": SECURE if https else CLEAR,
        "fields": fields,
        "body": case.get("body", ""),
        "https": https,
        "route": [] if route is None else [CLEAR, *route],
        "cors": [[name, value.replace("ORIGIN", origin)] for name, value in case.get("cors", [])],
        "origin": origin,
    }


def ours(case: dict) -> dict[str, dict]:
    """Return test → {pass, result} by our checks; what is not applicable passes."""
    record = _survey(case)
    verdicts = {}
    for test, checks in OURS.items():
        statuses = {check: _judge(check, record) for check in checks}
        failed = [check for check, status in statuses.items() if status == "fail"]
        odd = [check for check, status in statuses.items() if status == "error"]
        result = ", ".join(failed or odd) or NOTHING
        verdicts[test] = {"pass": not failed and not odd, "result": result}
    corp = record["headers"]["corp"]
    verdicts[CORP] = {"pass": corp != "invalid", "result": corp or NOTHING}
    return verdicts


def _survey(case: dict) -> dict:
    talk = survey(SITE, NOW)
    pages = _pages(case)
    ask = next(talk)
    while True:
        try:
            ask = talk.send(_answer(case, pages, ask))
        except StopIteration as end:
            return end.value


def _pages(case: dict) -> dict[str, Heard]:
    closed = Mute(why=Why.REFUSED, detail="closed")
    fields = tuple((name, value) for name, value in _for_driver(case)["fields"])
    front = Answer(status=200, fields=fields, body=case.get("body", "").encode())
    route = case.get("route", [SECURE])
    if route is None:
        return {CLEAR: closed, SECURE: front}
    pages: dict[str, Heard] = {}
    places = [CLEAR, *route]
    for here, there in pairwise(places):
        moved = (("location", there),)
        pages[here] = Answer(status=case.get("status", 301), fields=moved)
    pages.setdefault(places[-1], front)
    pages[SECURE] = front if case.get("https", True) else closed
    return pages


def _answer(case: dict, pages: dict[str, Heard], ask: Ask) -> Heard:
    if ask.bare:
        return Mute(why=Why.REFUSED, detail="closed")
    heard = pages.get(ask.url.partition("?")[0], Answer(status=404))
    origin = dict(ask.fields).get("Origin")
    if origin and isinstance(heard, Answer):
        said = tuple((n, v.replace("ORIGIN", origin)) for n, v in case.get("cors", []))
        return Answer(status=heard.status, fields=(*heard.fields, *said))
    return heard


@lru_cache(maxsize=1)
def _checks() -> dict:
    return dict(load_checks())


def _judge(id_: str, record: dict) -> str:
    check = _checks()[id_]
    bound = bind(check, Chosen(check=check.id, params={}, severity=None), ORDINARY, CATALOGUE)
    (probe,) = bound.probes.values()
    sites = [record] if probe.type.name == "site" else [_as_http(record)]
    fact = Fact(
        target=ORDINARY.id,
        probe=probe.key,
        value={"sites": sites},
        evidence=Evidence(source="case"),
    )
    return evaluate(bound, ORDINARY.id, {probe.key: fact}, NOW).status.value


def _as_http(record: dict) -> dict:
    """Return what the `http` probe says of the same answers."""
    known = {"answered", "status", "location", "redirects_https", "gap"}
    clear = {name: value for name, value in record["clear"].items() if name in known}
    return {"site": record["site"], "clear": clear}
