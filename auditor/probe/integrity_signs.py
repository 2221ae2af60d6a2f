"""What advertises gambling in a page, and where in it; pages that report against it are let be."""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from auditor.model.base import Value
from auditor.probe.integrity_glyphs import host_decoded, percent_decoded
from auditor.probe.integrity_hosts import domain, kin
from auditor.probe.integrity_page import SOFT, Out, View
from auditor.probe.integrity_score import Cluster, Reading, read_short, read_text
from auditor.probe.site_url import Place, foreign

MOST_SIGNS = 50
_AGAINST = 3
"""Distinct words of warning in a page's text from which on it reports against what it names."""
_MOST_STRINGS = 400
_STRING = 2_000
"""Characters of a string; of a document with more, or more strings, all is read as it stands."""
_DEPTH = 20
_MOST_PARAMETERS = 20
_PIECE = 120
_SHOWN = 3
"""Terms of a sign that are named."""


class Where(StrEnum):
    """A place in a page."""

    TITLE = "title"
    """Title, description and what is told to social networks."""
    TEXT = "text"
    HIDDEN = "hidden"
    LINK = "link"
    """A link to another's site."""
    ADDRESS = "address"
    """A page of the site's own, by its address or by the link to it."""
    LABEL = "label"
    """Alternative texts of pictures, titles of elements."""
    DATA = "data"
    """Scripts and structured data."""
    SITEMAP = "sitemap"


class Sign(Value, frozen=True):
    """Something found: `what` names terms or hosts, `said` is the text around, in plain letters."""

    where: Where
    what: str
    said: str = ""


def signs(view: View, place: Place, site: str) -> list[Sign]:
    """Return what advertises in a page that stands at `place`, at most `MOST_SIGNS`."""
    head = read_text(_head(view))
    body = read_text(view.text)
    against = _against(view, head)
    found = [
        *_of(Where.TITLE, head.loud),
        *_body(body, against=against),
        *_hidden(view, against=against),
        *_address(place),
        *_links(view.links, site, against=against),
        *([] if against else _labels(view)),
        *([] if against else _data(view)),
    ]
    first: dict[tuple[Where, str], Sign] = {}
    for sign in found:
        first.setdefault((sign.where, sign.what), sign)
    return list(first.values())[:MOST_SIGNS]


def _head(view: View) -> str:
    return " . ".join((view.title, *view.metas[:20]))


def _against(view: View, head: Reading) -> bool:
    """Tell whether title, description and headings speak of games together with a warning."""
    said = read_text(" . ".join((view.title, *view.metas[:20], *view.headings[:20])))
    return said.games and said.wards > 0 and not head.loud


def _of(where: Where, clusters: Iterable[Cluster]) -> Iterator[Sign]:
    for cluster in clusters:
        yield Sign(where=where, what=", ".join(cluster.terms[:_SHOWN]), said=cluster.said)


def _body(body: Reading, *, against: bool) -> Iterator[Sign]:
    if not (against and body.wards >= _AGAINST):
        yield from _of(Where.TEXT, body.loud)


def _hidden(view: View, *, against: bool) -> Iterator[Sign]:
    for trick, texts in view.hidden.items():
        if not (against and trick in SOFT):
            yield from _of(Where.HIDDEN, read_text("".join(texts)).loud)


def _address(place: Place) -> Iterator[Sign]:
    path, _, query = place.path.partition("?")
    yield from _of(Where.ADDRESS, named("", path, query))


def named(text: str, path: str, query: str) -> list[Cluster]:
    """Return what advertises in a link's text and path, or in one of its parameters.

    Each parameter is read alone: another one may hold what nobody should keep.
    """
    texts = [f"{text} . {_words(path)}", *map(_words, query.split("&")[:_MOST_PARAMETERS])]
    return [cluster for one in texts for cluster in read_short(one).loud]


def _words(address: str) -> str:
    return re.sub(r"[^\w$@!]+|_", " ", percent_decoded(address[:500]))


def _links(links: list[Out], site: str, *, against: bool) -> Iterator[Sign]:
    for out in links:
        where = out.reference
        if foreign(site, where.host):
            yield from _foreign(out, site)
        elif not against:
            yield from _of(Where.ADDRESS, named(out.text, where.path, where.query))


def _foreign(out: Out, site: str) -> Iterator[Sign]:
    """A host's own name is never excused; what is written of another page may be a warning."""
    host, path, query = out.reference.host, out.reference.path, out.reference.query
    own = Reading() if kin(site, host) else read_short(host_text(host))
    where = Where.LINK if out.trick is None else Where.HIDDEN
    for cluster in own.alarms or named(out.text, path, query):
        what = f"{domain(host)}: {', '.join(cluster.terms[:_SHOWN])}"[:_PIECE]
        yield Sign(where=where, what=what, said=out.text)


def host_text(host: str) -> str:
    """Return a host's name as words, punycode resolved."""
    return host_decoded(host).replace(".", " ").replace("-", " ")


def _labels(view: View) -> Iterator[Sign]:
    for label in view.labels:
        yield from _of(Where.LABEL, read_short(label).loud)


def _data(view: View) -> Iterator[Sign]:
    for script in view.data:
        yield from _of(Where.DATA, read_text(" . ".join(_strings(script))).loud)


def _strings(script: str) -> list[str]:
    """Return the texts of a JSON document, or a script as it is."""
    try:
        value = msgspec.json.decode(script)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return [_ESCAPED.sub(_letter, script)]
    found: list[str] = []
    _gather(value, found, 0)
    if len(found) >= _MOST_STRINGS or any(len(text) > _STRING for text in found):
        return [_ESCAPED.sub(_letter, script)]
    return found


_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2}))")


def _letter(match: re.Match[str]) -> str:
    char = chr(int(match[1] or match[2], 16))
    return char if char.isprintable() else " "


def _gather(value: object, found: list[str], depth: int) -> None:
    if len(found) >= _MOST_STRINGS or depth > _DEPTH:
        return
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, list):
        for part in value:
            _gather(part, found, depth + 1)
    elif isinstance(value, dict):
        for name, part in value.items():
            found.append(str(name)[:80])
            _gather(part, found, depth + 1)
