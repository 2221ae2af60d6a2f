"""A site held in a mapping, crawled by the real survey without any network."""

from datetime import UTC, datetime

from auditor.collect.drive import drive
from auditor.model.fact import Why
from auditor.probe.crawl import Crawl
from auditor.probe.crawl_survey import survey
from auditor.probe.http_talk import Answer, Ask, Mute

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SITE = "dinas.batukota.go.id"
HTML = ("content-type", "text/html; charset=utf-8")


def page(body: str = "", title: str = "Dinas", **fields: str) -> Answer:
    """Return a page; underscores in names of fields are hyphens."""
    more = tuple((name.replace("_", "-"), value) for name, value in fields.items())
    text = f"<!doctype html><html lang=id><head><title>{title}</title></head><body>{body}</body>"
    return Answer(status=200, fields=(HTML, *more), body=text.encode())


def raw(body: bytes | str, kind: str = "text/plain", status: int = 200, *, cut=False) -> Answer:
    """Return an answer of any kind."""
    data = body.encode() if isinstance(body, str) else body
    return Answer(status=status, fields=(("content-type", kind),), body=data, cut=cut)


def moved(where: str, status: int = 302) -> Answer:
    """Return a redirect."""
    return Answer(status=status, fields=(("location", where),))


def link(path: str, text: str = "x") -> str:
    """Return an element that leads somewhere."""
    return f'<a href="{path}">{text}</a> '


GONE = Answer(status=404, fields=(HTML,), body=b"<title>Tidak ada</title>Tidak ditemukan")


class Site:
    """Answers from a mapping: "/path" (encrypted), or a whole address; else `missing`."""

    def __init__(self, pages, missing=GONE, name=SITE):
        self.pages = pages
        self.missing = missing
        self.name = name
        self.asked: list[Ask] = []

    def hear(self, ask: Ask) -> Answer | Mute:
        self.asked.append(ask)
        found = self.pages.get(ask.url)
        if found is None and ask.secure and ask.site == self.name:
            found = self.pages.get(ask.path)
        if callable(found):
            found = found(ask)
        heard = self.missing if found is None else found
        if isinstance(heard, Answer) and len(heard.body) > ask.body:
            return Answer(
                status=heard.status, fields=heard.fields, body=heard.body[: ask.body], cut=True
            )
        return heard

    def crawl(self, own=(), before=None) -> Crawl | Mute:
        talk = survey(self.name, frozenset(own), NOW, before or {})
        return drive(talk, self.hear)

    @property
    def paths(self) -> list[str]:
        return [ask.path for ask in self.asked]


def crawl(pages, missing=GONE, **more) -> Crawl:
    """Return what is fetched of a site; fails where its front page is not seen."""
    found = Site(pages, missing).crawl(**more)
    assert isinstance(found, Crawl), found
    return found


SILENT = Mute(why=Why.TIMEOUT, detail="no answer")
CLOSED = Mute(why=Why.REFUSED, detail="refused")
