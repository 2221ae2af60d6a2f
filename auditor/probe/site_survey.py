"""The conversation with a site: at most 14 GETs, and the record of what they showed.

Asked: the front page in clear and encrypted with its redirects on the site, the address without a
name, a path that does not exist, two foreign origins, a false forwarded name, security.txt,
robots.txt, and one login page that the front page links to.
"""

from collections.abc import Generator
from datetime import datetime

from auditor.model.text import inert
from auditor.probe.base import Record
from auditor.probe.http_talk import Ask, Heard, Talk, told
from auditor.probe.site_asks import (
    bare,
    cors,
    error_page,
    forwarded,
    login,
    robots_txt,
    security_txt,
)
from auditor.probe.site_csp import csp_record, read_policies, upgrades
from auditor.probe.site_forms import Form
from auditor.probe.site_headers import headers_record, methods, versions_record
from auditor.probe.site_page import Page, is_html, shown
from auditor.probe.site_trip import CUT, Surveyor, Trip, clear, secure, travel
from auditor.probe.site_url import Reference

_LATER = (
    "bare",
    "cors",
    "error_page",
    "forwarded",
    "security_txt",
    "robots",
    "login",
    "cookies",
    "versions",
)


def survey(site: str, now: datetime) -> Talk:
    """Ask a site and return its record; what could not be seen is a gap in it.

    `now` is the auditor's clock: no server's is believed.
    """
    asker = Surveyor(site)
    record: Record = {"site": site}
    record["clear"] = yield from clear(asker)
    record["secure"], record["hsts"] = yield from secure(asker)
    trip = yield from travel(asker, record)
    record |= page_records(trip)
    if record["clear"].get("answered") or record["secure"].get("answered"):
        yield from _rest(asker, record, trip, now)
    for name in _LATER:
        record.setdefault(name, trip.why)
    return record


def _rest(
    asker: Surveyor, record: Record, trip: Trip, now: datetime
) -> Generator[Ask, Heard, None]:
    record["bare"] = yield from bare(asker)
    record["error_page"] = yield from error_page(asker, trip)
    record["cors"] = yield from cors(asker, trip, record)
    record["forwarded"] = yield from forwarded(asker, trip)
    record["security_txt"] = yield from security_txt(asker, trip, now)
    robots, record["robots"] = yield from robots_txt(asker, trip)
    record["login"] = yield from login(asker, trip, robots)
    record["cookies"] = asker.jar.record() if trip.answer else trip.why
    told = {**versions_record(asker.answers), "methods": methods(asker.answers)}
    seen = {name: value for name, value in told.items() if value}
    record["versions"] = told if trip.answer else {**seen, **trip.why}


def page_records(trip: Trip) -> Record:
    """Return the records that the front page alone tells: page, csp, headers, content."""
    answer, page = trip.answer, trip.page
    if answer is None:
        return dict.fromkeys(("page", "csp", "headers", "content"), trip.why)
    records: Record = {
        "page": {
            "url": inert(told(trip.place.url))[:200],
            "status": answer.status,
            "secure": trip.place.secure,
            "html": is_html(answer),
        }
    }
    fields = answer.values("content-security-policy")
    on_trial = bool(answer.values("content-security-policy-report-only"))
    records["csp"] = csp_record(fields, on_trial, page.policies if page else ())
    records["headers"] = headers_record(answer, page.referrer if page else ())
    if page is None:
        _own_up(records, trip.unread)
    records["content"] = content_record(trip, page) if page else trip.unread
    return records


def _own_up(records: Record, unread: Record) -> None:
    """Leave out what the page itself could have changed, had it been read."""
    if not records["csp"]["present"]:
        records["csp"] = unread
    del records["headers"]["referrer_policy"]
    records["headers"] |= unread


def content_record(trip: Trip, page: Page) -> Record:
    """Return the `content` record; of a page that was cut, no absence is told."""
    answer = trip.answer
    assert answer is not None  # noqa: S101 - there is a page
    fields = answer.values("content-security-policy")
    encrypted = trip.place.secure
    mixed = encrypted and not upgrades(read_policies(fields, page.policies))
    record: Record = {
        "mixed_active": shown(page.active) if mixed else [],
        "mixed_passive": shown(page.passive) if mixed else [],
        "unsealed_scripts": shown(page.unsealed_scripts),
        "unsealed_styles": shown(page.unsealed_styles),
        "clear_forms": shown(goal for form in page.forms for goal in _clear_goals(form)),
        "handlers": page.handlers,
    }
    if trip.cut:
        return {**{name: value for name, value in record.items() if value}, **CUT}
    return record


def _clear_goals(form: Form) -> list[Reference]:
    return [goal for goal in form.goals if form.filled and not goal.secure]
