"""Is the site looked after: fresh, finished, official, reachable, in the citizens' language."""

from collections.abc import Iterable
from datetime import date, timedelta

from auditor.model.base import Text
from auditor.model.fact import GAP
from auditor.probe.base import Args, ProbeType, Record, Via
from auditor.probe.crawl import Crawl, Sheet, Topic
from auditor.probe.culture_contact import keeper, mail_of, reached
from auditor.probe.culture_data import data_record
from auditor.probe.culture_dates import newest
from auditor.probe.culture_fields import FIELDS
from auditor.probe.culture_signs import copyright_year, rights, samples, works
from auditor.probe.dns_names import suffix
from auditor.probe.inclusion_language import language_of
from auditor.probe.inclusion_pages import path_of, readable
from auditor.probe.privacy_pages import own_words
from auditor.probe.written_days import days_in

_CLEARLY = timedelta(days=30)
"""Age up to which a site is fresh whatever was not read of it."""
_MOST = 20
_LANGUAGE = 100_000
_ARTICLE = 40
"""Words from which a page of news is an article, not a list of them."""


class CultureArgs(Args, frozen=True):
    """Takes no arguments."""


def read(_args: CultureArgs, crawl: Crawl) -> Record:
    """Return the record of a site; what was missed could have held is left out of it."""
    pages = readable(crawl)
    sheets, gap = pages.sheets, pages.gap
    record: Record = {
        "pages": len(sheets),
        "suffix": suffix(crawl.site),
        "front_suffix": suffix(crawl.front.place.name),
        "mobile": _mobile(crawl.front),
        "language": language_of(" ".join(sheet.text[:20_000] for sheet in sheets)[:_LANGUAGE]),
        "freshness": _freshness(crawl, sheets, gap),
        "copyright": _copyright(sheets, crawl.now.year, gap),
        "mail": _mail(sheets, gap or _missed(crawl, Topic.CONTACT)),
        "contact": _contact(sheets, gap or _missed(crawl, Topic.CONTACT)),
        "data": _data(crawl, sheets),
        "news": _news(crawl, sheets, gap),
    }
    signs: Record = {
        "samples": samples(sheets)[:_MOST],
        "works": works(sheets)[:_MOST],
        "keeper": any(map(keeper, sheets)),
        "rights": any(map(rights, sheets)),
    }
    return record | _certain(signs, gap)


def _certain(record: Record, gap: Record | None) -> Record:
    """Leave out what is absent where something was not seen."""
    if gap is None:
        return record
    return {name: value for name, value in record.items() if value} | {GAP: gap}


def _missed(crawl: Crawl, topic: Topic) -> Record | None:
    return next(({"why": one.why, "detail": one.detail} for one in crawl.missed_about(topic)), None)


def _about(sheets: Iterable[Sheet], topic: Topic) -> list[Sheet]:
    return [sheet for sheet in sheets if topic in sheet.topics]


def _mobile(front: Sheet) -> bool:
    return any(
        "width=device-width" in (node.attributes.get("content") or "").replace(" ", "").lower()
        for node in front.tree.css('meta[name="viewport" i]')
    )


def _freshness(crawl: Crawl, sheets: tuple[Sheet, ...], gap: Record | None) -> Record:
    """An old date says little while a page that was not read may hold a newer one."""
    found = newest(sheets, crawl.now)
    if gap is not None and (found is None or crawl.now - found > _CLEARLY):
        return {GAP: gap}
    return {"dated": True, "newest": found.isoformat()} if found else {"dated": False}


def _copyright(sheets: tuple[Sheet, ...], year: int, gap: Record | None) -> Record:
    found = copyright_year(sheets, year)
    if gap is not None and (found is None or found < year):
        return {GAP: gap}
    if found is None:
        return {"found": False}
    return {"found": True, "year": found, "age": max(0, year - found)}


def _mail(sheets: tuple[Sheet, ...], gap: Record | None) -> Record:
    mail = mail_of(sheets)
    return _certain({"free": list(mail.free), "official": mail.official, "other": mail.other}, gap)


def _contact(sheets: tuple[Sheet, ...], gap: Record | None) -> Record:
    ways = reached(sheets)
    alone = ways.pop("social_only")
    known = gap is None or any(ways.values())
    return _certain(ways, gap) | ({"social_only": alone} if known else {})


def _data(crawl: Crawl, sheets: tuple[Sheet, ...]) -> Record:
    record = data_record(_about(sheets, Topic.OPEN_DATA), crawl.now)
    return _certain(record, _missed(crawl, Topic.OPEN_DATA))


def _news(crawl: Crawl, sheets: tuple[Sheet, ...], gap: Record | None) -> Record:
    pages = _about(sheets, Topic.NEWS)
    if not pages:
        return _certain({"found": False}, _missed(crawl, Topic.NEWS))
    undated = [path_of(sheet) for sheet in pages if _undated(sheet, crawl.now.date())]
    return _certain({"found": True, "undated": undated}, gap)


def _undated(sheet: Sheet, today: date) -> bool:
    words = own_words(sheet)
    told = sheet.tree.css_first(
        'time[datetime], meta[property="article:published_time"], meta[itemprop="datePublished"]'
    )
    return len(words.split()) >= _ARTICLE and told is None and not days_in(words, today)


PROBE = ProbeType(
    name="culture",
    via=Via.PAGES,
    args=CultureArgs,
    gives=FIELDS,
    doc=Text(
        id="Apakah situs dirawat: mutakhir, selesai, resmi, dapat dihubungi, berbahasa Indonesia, "
        "dan datanya dapat dipakai. Alamat surel hanya dihitung menurut domainnya.",
        en="Whether a site is looked after: fresh, finished, official, reachable, in Indonesian, "
        "its data usable. Mail addresses are counted by their domains only.",
    ),
    read=read,
)
