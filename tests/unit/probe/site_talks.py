"""Scripted web sites: a survey talks with a function instead of with a socket."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from auditor.model.fact import Why
from auditor.model.shape import misfits
from auditor.probe.http_talk import Answer, Ask, Heard, Mute
from auditor.probe.site import PROBE
from auditor.probe.site_survey import survey

SITE = "web.batukota.go.id"
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
CLOSED = Mute(why=Why.REFUSED, detail="port 80: connection refused")
SILENT = Mute(why=Why.TIMEOUT, detail="no answer in time")
MISSING = Answer(status=404, fields=(("content-type", "text/html"),), body=b"<p>Tidak ada</p>")
HTML = ("content-type", "text/html; charset=utf-8")
PLAIN = ("content-type", "text/plain")


def page(body: str | bytes = "<p>Halo</p>", *fields: tuple[str, str], status: int = 200) -> Answer:
    data = body.encode() if isinstance(body, str) else body
    kind = () if any(name == "content-type" for name, _ in fields) else (HTML,)
    return Answer(status=status, fields=(*kind, *fields), body=data)


def moved(location: str, *fields: tuple[str, str], status: int = 301) -> Answer:
    return Answer(status=status, fields=(("location", location), *fields))


class Scripted:
    """A site: pages by address; a function may answer what is asked in its own way."""

    def __init__(
        self,
        pages: Mapping[str, Heard] | None = None,
        special: Callable[[Ask], Heard | None] | None = None,
    ) -> None:
        self.asked: list[Ask] = []
        self._pages = {f"http://{SITE}/": moved(f"https://{SITE}/"), **(pages or {})}
        self._special = special

    def answer(self, ask: Ask) -> Heard:
        self.asked.append(ask)
        heard = self._special(ask) if self._special else None
        if heard is None and ask.bare:
            heard = CLOSED
        if heard is None:
            heard = self._pages.get(ask.url, self._pages.get(ask.url.partition("?")[0], MISSING))
        if isinstance(heard, Answer) and len(heard.body) > ask.body:
            short = heard.body[: ask.body]
            return Answer(status=heard.status, fields=heard.fields, body=short, cut=True)
        return heard

    def tell(self, site: str = SITE) -> dict:
        """Hold the conversation; the record has the shape that the probe promises."""
        talk = survey(site, NOW)
        ask = next(talk)
        while True:
            try:
                ask = talk.send(self.answer(ask))
            except StopIteration as end:
                record = end.value
                assert list(misfits({"sites": [record]}, PROBE.gives)) == []
                return record


def front(
    *fields: tuple[str, str], body: str | bytes = "<p>Halo</p>", special=None, **more
) -> dict:
    """Return the record of a site whose front page is this."""
    pages = {f"https://{SITE}/": page(body, *fields)}
    pages |= {f"https://{SITE}{path}": heard for path, heard in more.get("pages", {}).items()}
    return Scripted(pages, special).tell()
