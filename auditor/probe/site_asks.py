"""The smaller questions to a site: no name, no such page, foreign origins, false names, files."""

import re
import secrets
from collections.abc import Generator
from datetime import datetime

import msgspec

from auditor.model.fact import Why
from auditor.model.text import inert
from auditor.probe.base import Record
from auditor.probe.http import same_site
from auditor.probe.http_talk import Answer, Ask, Heard, Mute, told
from auditor.probe.site_contact import OLD_SECURITY_TXT, SECURITY_TXT, Robots, security_record
from auditor.probe.site_cors import cors_record
from auditor.probe.site_csp import nonces
from auditor.probe.site_errors import leaks, made_by_nobody
from auditor.probe.site_page import shown
from auditor.probe.site_trip import (
    BUSY,
    CUT,
    FRONT_BODY,
    MOVED,
    SERVER_ERROR,
    Surveyor,
    Trip,
    arrive,
    at,
    bad_answer,
    gap,
    goal_of,
)
from auditor.probe.site_url import Place, Reference, follow, refer

SMALL_BODY = 32_768
ERROR_BODY = 262_144
_SAYS_NO = re.compile(
    r"TLS failed: .*(?:UNRECOGNIZED_NAME|HANDSHAKE_FAILURE|ACCESS_DENIED)"
    r"|does not speak HTTP: can't handle event type ConnectionClosed"
)
"""How a server refuses who brings no name it knows: alerts as OpenSSL calls them, and hanging up
without a word as h11 calls it. It begins with our own words, which a server cannot say."""


def bare(asker: Surveyor) -> Generator[Ask, Heard, Record]:
    """Ask as someone who knows the address alone: the name in the request is nobody's."""
    record: Record = {}
    for name, secure in (("clear", False), ("secure", True)):
        nobody = f"{secrets.token_hex(8)}.invalid"
        question = Ask(site=asker.site, secure=secure, bare=True, host=nobody, body=SMALL_BODY)
        heard = yield from asker.ask(question)
        said = _said_bare(heard, Place(secure=secure, name=asker.site))
        if said:
            record[name] = said
        elif isinstance(heard, Mute):
            record |= gap(heard.why, heard.detail)
        else:
            record |= bad_answer(heard)
    return record


def _said_bare(heard: Heard, place: Place) -> str:
    """Say what the address answers: closed, https, clear, denied, default, listing or content.

    "" where it could not be seen.
    """
    if isinstance(heard, Mute):
        refused = heard.why is Why.REFUSED or _SAYS_NO.match(heard.detail) is not None
        return "closed" if refused else ""
    if heard.status in MOVED:
        goal = follow(place, heard.value("location"))
        return "https" if goal is not None and goal.secure else "clear"
    if heard.status in range(200, 300):
        return made_by_nobody(heard.body) or "content"
    return "denied" if heard.status in range(400, 500) and heard.status != BUSY else ""


def error_page(asker: Surveyor, trip: Trip) -> Generator[Ask, Heard, Record]:
    """Ask for a page that nobody wrote."""
    path = f"/{secrets.token_hex(8)}/{secrets.token_hex(4)}"
    _, heard = yield from _file(asker, msgspec.structs.replace(trip.place, path=path), ERROR_BODY)
    if isinstance(heard, Mute):
        return gap(heard.why, heard.detail)
    if heard.status in MOVED:
        return {"status": heard.status, **bad_answer(heard)}
    found = leaks(heard.body)
    record: Record = {"status": heard.status, "leaks": found}
    if not found and (heard.cut or heard.status == BUSY):
        del record["leaks"]
        why = Why.CUT if heard.cut else Why.BUSY
        record |= gap(why, f"status {heard.status}, the first {len(heard.body)} bytes were seen")
    return record


def cors(asker: Surveyor, trip: Trip, record: Record) -> Generator[Ask, Heard, Record]:
    """Ask as pages of other sites would; on the way, see whether nonces of a policy repeat."""
    if trip.answer is None:
        return trip.why
    answers: dict[str, Answer] = {}
    for origin in (f"https://{secrets.token_hex(8)}.example", "null"):
        heard = yield from asker.ask(at(trip.place, "", 0, ("Origin", origin)))
        if isinstance(heard, Mute):
            return gap(heard.why, heard.detail)
        if bad := bad_answer(heard):
            return bad
        answers[origin] = heard
    if record["csp"].get("present"):
        name = "content-security-policy"
        again = [nonces(answer.values(name)) for answer in answers.values()]
        fixed = nonces(trip.answer.values(name)).intersection(*again)
        if fixed or not nonces(trip.page.policies if trip.page else ()):
            record["csp"]["nonce_fixed"] = bool(fixed)
        else:
            record["csp"] |= gap(Why.NO_DATA, "nonces of a meta element are not compared")
    return cors_record(answers)


def forwarded(asker: Surveyor, trip: Trip) -> Generator[Ask, Heard, Record]:
    """Send a false name. The query is new, so that no cache gives the answer to anyone else."""
    if trip.answer is None:
        return trip.why
    name = f"{secrets.token_hex(8)}.example"
    joint = "&" if "?" in trip.place.path else "?"
    path = f"{trip.place.path}{joint}{secrets.token_hex(6)}={secrets.token_hex(6)}"
    question = at(trip.place, path, FRONT_BODY, ("X-Forwarded-Host", name))
    heard = yield from asker.ask(question, keep=False)
    if isinstance(heard, Mute):
        return gap(heard.why, heard.detail)
    places = []
    if any(name in value for field, value in heard.fields if field != "set-cookie"):
        places.append("header")
    if name.encode() in heard.body:
        places.append("page")
    if places:
        return {"reflected": places}
    if heard.cut:
        return gap(Why.CUT, f"a page of more than {FRONT_BODY} bytes")
    server_error = heard.status >= SERVER_ERROR or heard.status == BUSY
    return bad_answer(heard) if server_error else {"reflected": []}


def security_txt(asker: Surveyor, trip: Trip, now: datetime) -> Generator[Ask, Heard, Record]:
    """Ask for security.txt where it belongs and, while requests are left, where it once stood."""
    record: Record = {"present": False}
    for path in (SECURITY_TXT, OLD_SECURITY_TXT):
        if path == OLD_SECURITY_TXT and asker.spare <= 2:  # noqa: PLR2004 - robots.txt and login
            break
        place = Place(secure=trip.place.secure, name=asker.site, path=path)
        end, heard = yield from _file(asker, place)
        if isinstance(heard, Mute):
            return gap(heard.why, heard.detail)
        if heard.status >= SERVER_ERROR or heard.status == BUSY:
            return bad_answer(heard)
        found = None if bad_answer(heard) else heard
        url = place.url if end.secure else end.url
        record = security_record(found, url, now, old=path == OLD_SECURITY_TXT)
        if record["present"]:
            break
    return record


def _file(
    asker: Surveyor, place: Place, body: int = SMALL_BODY
) -> Generator[Ask, Heard, tuple[Place, Heard]]:
    """Ask for a small file and return where it stands; one redirect on the site is followed."""
    heard = yield from asker.ask(at(place, "", body))
    goal = goal_of(place, heard) if isinstance(heard, Answer) else None
    if goal is not None and same_site(asker.site, goal.name) and asker.hop():
        place = goal
        heard = yield from asker.ask(at(place, "", body))
    return place, heard


def robots_txt(asker: Surveyor, trip: Trip) -> Generator[Ask, Heard, tuple[Robots | None, Record]]:
    """Return the rules, None where they are not known, and the `robots` record."""
    place = Place(secure=trip.place.secure, name=trip.place.name, path="/robots.txt")
    _, heard = yield from _file(asker, place)
    if isinstance(heard, Mute):
        return None, gap(heard.why, heard.detail)
    if heard.status >= SERVER_ERROR or heard.status == BUSY:
        return None, bad_answer(heard)
    if bad_answer(heard) or heard.body.lstrip().startswith(b"<"):
        return Robots(b""), {"present": False, "telling": []}
    robots = Robots(heard.body)
    record: Record = {"present": True, "telling": robots.telling}
    if heard.cut or robots.cut:
        told_of = record if robots.telling else {"present": True}
        return None, {**told_of, **gap(Why.CUT, "a robots.txt that is too long to read whole")}
    return robots, record


def login(asker: Surveyor, trip: Trip, robots: Robots | None) -> Generator[Ask, Heard, Record]:
    """Look at the front page's password form, or else at the page that it links to."""
    if trip.answer is None or trip.page is None:
        return trip.why or trip.unread
    if any(form.password for form in trip.page.forms):
        return login_record(trip)
    links = (one for one in trip.page.logins if one.plain and same_site(asker.site, one.host))
    link = next(links, None)
    if link is None:
        return CUT if trip.cut else {"found": False}
    if robots is None or robots.bars(link.place.path):
        return gap(Why.DENIED, f"robots.txt asks to keep away from {link.shown}")
    return (yield from _visited(asker, link, robots))


def _visited(asker: Surveyor, link: Reference, robots: Robots) -> Generator[Ask, Heard, Record]:
    """Look at a login page; one redirect on the site is followed, unless robots.txt bars it."""
    place = link.place
    heard = yield from asker.visit(place)
    goal = goal_of(place, heard) if isinstance(heard, Answer) else None
    if goal is not None and same_site(asker.site, goal.name) and asker.hop():
        if robots.bars(goal.path):
            return gap(Why.DENIED, f"robots.txt asks to keep away from where {link.shown} leads")
        place = goal
        heard = yield from asker.visit(place)
    if isinstance(heard, Mute):
        return gap(heard.why, f"{link.shown}: {heard.detail}")
    found = arrive(place, heard)
    return login_record(found) if found.page else found.why or found.unread


def login_record(trip: Trip) -> Record:
    """Return the `login` record of a page that may hold a password form."""
    assert trip.answer is not None  # noqa: S101 - it has been read
    assert trip.page is not None  # noqa: S101
    forms = [form for form in trip.page.forms if form.password]
    if not forms:
        return CUT if trip.cut else {"found": False}
    kept = ",".join(trip.answer.values("cache-control")).lower()
    here = refer(trip.place, "")
    ways = [goal for form in forms for goal in form.goals]
    record: Record = {
        "found": True,
        "path": inert(told(trip.place.path))[:200],
        "clear": shown(one for one in (here, *ways) if one is not None and not one.secure),
        "get": shown(
            goal for form in forms if form.get and form.sends_password for goal in form.goals
        ),
        "cached": "no-store" not in {part.strip() for part in kept.split(",")},
    }
    return {**{n: v for n, v in record.items() if v != []}, **CUT} if trip.cut else record
