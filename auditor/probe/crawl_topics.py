"""What a link is about, told by its words, its path and the host that it leads to.

Words are those of Indonesian government sites, and their English twins.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from auditor.probe.crawl import Topic
from auditor.probe.site_url import Reference

_WORDS: Mapping[Topic, str] = {
    Topic.PRIVACY: r"privasi|privacy|(pelindungan|perlindungan|pemrosesan|kebijakan) data pribadi",
    Topic.PPID: r"\bppid\b|pejabat pengelola informasi|(layanan|keterbukaan) informasi publik"
    r"|^informasi publik$|public information",
    Topic.INFORMATION_LIST: r"daftar informasi( publik)?\b|\bdip\b",
    Topic.INFORMATION_REPORT: r"laporan (tahunan )?(pe)?layanan informasi|laporan (tahunan )?ppid"
    r"|laporan (tahunan )?(pengelolaan|akses) informasi|(statistik|rekap\w*) permohonan"
    r"|annual information report",
    Topic.INFORMATION_REQUEST: r"(permohonan|permintaan) informasi|permohonan ppid|minta informasi"
    r"|information request|request information",
    Topic.OBJECTION: r"\bkeberatan\b|\bobjection",
    Topic.COMPLAINT: r"\b(pengaduan|aduan|keluhan|lapor|sp4n|complaints?)\b|layanan aduan",
    Topic.WHISTLEBLOWING: r"whistle ?blow|\bwbs\b|pelaporan pelanggaran"
    r"|lapor(kan)? (dugaan )?(korupsi|pungli)",
    Topic.GRATIFICATION: r"gratifikasi|\bupg\b|gratuit(y|ies)",
    Topic.SURVEY: r"\b(skm|ikm)\b|\bsurvei\b|\bsurvey\b|kepuasan (masyarakat|pelanggan)",
    Topic.STANDARDS: r"standar (pelayanan|layanan)|standard pelayanan|maklumat|janji layanan"
    r"|service (standard|charter)",
    Topic.JDIH: r"\bjdih\b|produk hukum|dokumentasi dan informasi hukum|legal documentation",
    Topic.PROCUREMENT: r"\b(lpse|spse|sirup|inaproc)\b|pengadaan (barang|jasa|secara|elektronik)"
    r"|procurement",
    Topic.OPEN_DATA: r"data terbuka|open ?data|\bsatu ?data\b|portal data|\bdataset",
    Topic.CSIRT: r"\bcsirt\b|csirt$|insiden siber|tanggap insiden|rfc ?2350|cyber incident",
    Topic.CONTACT: r"\b(kontak|contact|hubungi)\b|alamat kantor|call cent(er|re)",
    Topic.PROFILE: r"\b(profil|profile)\b|tentang kami|struktur organisasi"
    r"|tugas (pokok )?dan fungsi|\btupoksi\b|visi (dan )?misi|about us",
    Topic.NEWS: r"\b(berita|news|artikel|kabar|pengumuman)\b|siaran pers|press release",
    Topic.ACCESSIBILITY: r"aksesibilitas|accessibility",
    Topic.PERIODIC: r"informasi (secara )?berkala|\b(lkjip|lakip|lppd|lkpd|renja|renstra|rkpd|rpjmd"
    r"|apbd)\b|laporan (kinerja|keuangan)|realisasi anggaran",
    Topic.IMMEDIATE: r"serta merta|\b(bpbd|kebencanaan)\b|tanggap darurat|nomor darurat"
    r"|peringatan dini",
    Topic.FORM: r"\b(formulir|form|eform|pendaftaran|registrasi)\b|daftar (online|daring)",
}
_LEXICON = {topic: re.compile(pattern) for topic, pattern in _WORDS.items()}
_HOSTS: Mapping[Topic, str] = {
    Topic.COMPLAINT: r"((www|prod)\.)?lapor\.go\.id|(pengaduan|aduan)[.-].*",
    Topic.WHISTLEBLOWING: r"(wbs|whistleblow\w*)[.-].*|kws\.kpk\.go\.id",
    Topic.GRATIFICATION: r"gol\.kpk\.go\.id|(upg|gratifikasi)[.-].*",
    Topic.PPID: r"(e-?)?ppid[.-].*",
    Topic.SURVEY: r"(e-?)?(skm|ikm|survei|survey)[.-].*",
    Topic.JDIH: r"(www\.)?jdihn?[.-].*",
    Topic.PROCUREMENT: r"(lpse|spse|sirup)[.-].*|(.*\.)?inaproc\.id|sirup\.lkpp\.go\.id",
    Topic.OPEN_DATA: r"(data|open-?data|satu-?data)\.[^.]+\..*",
    Topic.CSIRT: r"([a-z0-9-]*-?)?csirt\..*",
}
_NAMED = {topic: re.compile(pattern) for topic, pattern in _HOSTS.items()}
_FEWEST = frozenset({Topic.WHISTLEBLOWING, Topic.GRATIFICATION, Topic.CSIRT})
"""Topics that are reports of their own kind: such a page is not about complaints in general."""
_HEADLINE = 10
"""Words from which a link is taken for a headline: it tells of something, it is not that."""
_LONG_NAME = 8
"""Words of a file's name from which it is an article."""
_PIECE = 120
_NEWS_PATH = re.compile(
    r"/(berita|news|artikel|kabar|post|posts|read|pengumuman)/.|/(19|20)\d\d/[01]?\d/"
)
_ENDING = re.compile(r"\.[a-z0-9]{2,5}$")
_NO_WORD = re.compile(r"%[0-9a-f]{2}|[^a-z0-9]+")


@lru_cache(maxsize=8192)
def topics_of(site: str, reference: Reference, text: str) -> Mapping[Topic, int]:
    """Return what a link on `site` is about, with the weight of the signs; {} where none are."""
    path = reference.path.lower()
    if reference.host == site and _NEWS_PATH.search(path):
        return {Topic.NEWS: 1}
    shown = _plain(text.lower())
    slug = _slug(path)
    found: dict[Topic, int] = {}
    for topic, pattern in _LEXICON.items():
        weight = 2 * _says(pattern, shown, _HEADLINE) + _says(pattern, slug, _LONG_NAME)
        if weight:
            found[topic] = weight + (len(shown.split()) <= _SHORT)
    if reference.host.removeprefix("www.") != site.removeprefix("www."):
        for topic, pattern in _NAMED.items():
            if pattern.fullmatch(reference.host):
                found[topic] = found.get(topic, 0) + _OF_HOST
    return _settled(found)


_SHORT = 4
_OF_HOST = 3


def _settled(found: dict[Topic, int]) -> dict[Topic, int]:
    """Take a form of known purpose for no form in general, one of corruption for no complaint."""
    if not _FEWEST.isdisjoint(found):
        found.pop(Topic.COMPLAINT, None)
    if len(found) > 1:
        found.pop(Topic.FORM, None)
    return found


def _says(pattern: re.Pattern[str], words: str, most: int) -> bool:
    return len(words.split()) < most and pattern.search(words) is not None


def _plain(text: str) -> str:
    return _NO_WORD.sub(" ", text[:_PIECE]).strip()


def _slug(path: str) -> str:
    """Return the words of the last piece of a path that has any, without its ending."""
    pieces = [piece for piece in path[-400:].split("/") if piece]
    if pieces and pieces[-1].startswith("index."):
        pieces.pop()
    return _plain(_ENDING.sub("", pieces[-1])) if pieces else ""
