"""How an office can be reached. Addresses of mail are reduced to their domains at once."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from auditor.model.base import Value
from auditor.probe.base import Record
from auditor.probe.crawl import Sheet, Topic
from auditor.probe.site_url import registrable

_READ = 200_000
_MOST = 300
_OFFICE = frozenset(Topic) - {Topic.NEWS, Topic.OPEN_DATA, Topic.OTHER, Topic.PROCUREMENT}
"""Topics of pages on which an address is the office's own."""
_MAIL = re.compile(
    r"([A-Za-z0-9._%+-]{1,64})\s?(?:@|\[at\]|\(at\))\s?"
    r"([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5})"
)
_FREE = frozenset(
    {
        *("gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.id", "ymail.com"),
        *("rocketmail.com", "hotmail.com", "outlook.com", "outlook.co.id", "live.com", "aol.com"),
        *("icloud.com", "me.com", "mail.com", "gmx.com", "yandex.com", "proton.me"),
        *("protonmail.com", "zoho.com", "plasa.com", "telkom.net"),
    }
)
_PUBLIC = ("go.id", "desa.id", "mil.id", "ac.id", "sch.id")
_PHONE = re.compile(
    r"(?:\+62|\b62|\(0\d{2,3}\)|\b0\d{2,3})[\s.-]?\d{2,4}[\s.-]?\d{2,4}(?:[\s.-]?\d{1,4})?\b"
    r"|\b(?:telepon|telp|call cent(?:er|re))\b[^a-z]{0,5}\d{3,5}\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\b(?:jalan|jln|jl)\b\.?\s?[a-z]", re.IGNORECASE)
_HOURS = re.compile(
    r"\bjam (?:layanan|pelayanan|kerja|operasional|buka|kantor)\b|\b(?:office|opening) hours\b"
    r"|\b(?:senin|monday)\b[^.]{0,40}\b(?:jumat|jum'at|kamis|friday)\b",
    re.IGNORECASE,
)
_KEEPER = re.compile(
    r"\b(?:dinas|badan|sekretariat|kecamatan|kelurahan|inspektorat|bagian|kantor|satuan|puskesmas"
    r"|rsud|uptd?|diskominfo|pemerintah (?:kota|kabupaten|provinsi|desa)|dprd)\s[a-z]{3,}",
    re.IGNORECASE,
)
_SOCIAL = frozenset(
    {
        *("facebook.com", "instagram.com", "twitter.com", "x.com", "tiktok.com", "youtube.com"),
        *("wa.me", "whatsapp.com", "t.me", "threads.net", "linktr.ee"),
    }
)


class Mail(Value, frozen=True):
    """Domains of mail with the number of addresses of each."""

    free: tuple[str, ...] = ()
    official: int = 0
    other: int = 0


def mail_of(sheets: Iterable[Sheet]) -> Mail:
    """Return where the office's mail goes; what stands before the @ is never kept."""
    seen = {
        (local.lower(), domain)
        for sheet in sheets
        if not _OFFICE.isdisjoint(sheet.topics)
        for local, domain in _addresses(sheet)
    }
    counts = Counter(domain for _, domain in seen)
    free = {domain: count for domain, count in counts.items() if domain in _FREE}
    official = sum(count for domain, count in counts.items() if _is_public(domain))
    return Mail(
        free=tuple(f"{domain} ({count})" for domain, count in sorted(free.items())),
        official=official,
        other=counts.total() - official - sum(free.values()),
    )


def _is_public(domain: str) -> bool:
    return any(domain == one or domain.endswith(f".{one}") for one in _PUBLIC)


def _addresses(sheet: Sheet) -> Iterator[tuple[str, str]]:
    linked = " ".join(
        (node.attributes.get("href") or "")[:300]
        for node in sheet.tree.css('a[href^="mailto:" i]')[:_MOST]
    )
    text = f"{linked.replace('mailto:', ' ')} {sheet.text[:_READ]}"
    for count, match in enumerate(_MAIL.finditer(text)):
        if count == _MOST:
            return
        yield match[1], match[2].lower()


def reached(sheets: Iterable[Sheet]) -> Record:
    """Return which ways to the office the pages name, as yes or no."""
    pages = [sheet for sheet in sheets if not _OFFICE.isdisjoint(sheet.topics)]
    text = " ".join(sheet.text[:_READ] for sheet in pages)
    mail = mail_of(pages)
    ways = {
        "address": _ADDRESS.search(text) is not None,
        "phone": _PHONE.search(text) is not None or _linked(pages, "tel:"),
        "mail": bool(mail.free) or mail.official + mail.other > 0,
    }
    form = any(sheet.tree.css_first("form textarea") is not None for sheet in pages)
    return {
        **ways,
        "hours": _HOURS.search(text) is not None,
        "social_only": any(map(_social, pages)) and not (form or any(ways.values())),
    }


def _linked(pages: Iterable[Sheet], scheme: str) -> bool:
    return any(sheet.tree.css_first(f'a[href^="{scheme}" i]') is not None for sheet in pages)


def _social(sheet: Sheet) -> bool:
    return any(registrable(link.reference.host) in _SOCIAL for link in sheet.links)


def keeper(sheet: Sheet) -> bool:
    """Tell whether a page names the office that answers for the site."""
    return _KEEPER.search(f"{sheet.title} {sheet.text[:_READ]}") is not None
