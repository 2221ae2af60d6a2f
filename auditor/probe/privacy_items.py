"""What a privacy notice speaks of, told by its words: a hint that a person confirms.

UU 27/2022 Ps 21 has a notice say: legality, purpose, kinds and relevance, retention, details of
what is collected, time of processing, rights. The other items come from Ps 37, 53 and 56.
"""

import re
from collections.abc import Mapping
from enum import StrEnum


class Item(StrEnum):
    """Something that a notice should say."""

    BASIS = "basis"
    PURPOSE = "purpose"
    KINDS = "kinds"
    RETENTION = "retention"
    DETAILS = "details"
    PERIOD = "period"
    RIGHTS = "rights"
    OFFICER = "officer"
    CHANNEL = "channel"
    """How to reach someone about it."""
    THIRD_PARTIES = "third_parties"
    TRANSFER = "transfer"
    """Whether data leave the country."""
    DATED = "dated"
    COOKIES = "cookies"


_MONTH = r"(jan|feb|mar|apr|mei|may|jun|jul|agu|aug|sep|okt|oct|nov|des|dec)[a-z]{0,8}"
_DATE = (
    rf"([0-3]?\d[ ./-]{{1,3}}(\d{{1,2}}|{_MONTH})[ ./-]{{1,3}}(19|20)\d\d|(19|20)\d\d-\d\d-\d\d"
    rf"|{_MONTH} [0-3]?\d, (19|20)\d\d)"
)
_WORDS: Mapping[Item, re.Pattern[str]] = {
    item: re.compile(pattern, re.IGNORECASE)
    for item, pattern in {
        Item.BASIS: r"dasar (hukum|pemrosesan)|legalitas|landasan hukum|(uu|undang-undang)"
        r" (nomor|no\.?) ?27|uu pdp|(legal|lawful) basis",
        Item.PURPOSE: r"tujuan (pemrosesan|pengumpulan|penggunaan|pengolahan)|untuk tujuan"
        r"|tujuan kami|(data|informasi)[^.]{0,60} (digunakan|dipakai|dipergunakan)[^.]{0,20} untuk"
        r"|purposes? (of|for)|how we use",
        Item.KINDS: r"(jenis|kategori|macam)( dan relevansi)?( data| informasi)|relevan"
        r"|(types?|kinds?|categories) of (personal )?(data|information)",
        Item.RETENTION: r"retensi|(masa|jangka waktu|lama|periode) (simpan|penyimpanan)"
        r"|disimpan (selama|hingga|sampai|paling lama)|dimusnahkan (setelah|paling)|retention"
        r"|retain",
        Item.DETAILS: r"rincian (informasi|data)|(informasi|data)( pribadi)?( anda)?( yang)?"
        r" (kami )?(kumpulkan|dikumpulkan|peroleh|himpun|dihimpun)"
        r"|(information|data) (that )?we collect",
        Item.PERIOD: r"(jangka waktu|lama|masa|periode) (pemrosesan|pengolahan)"
        r"|(diproses|pemrosesan|diolah)[^.]{0,60} (selama|paling lama|hingga|sampai)"
        r"|(period|duration) of processing|processed for",
        Item.RIGHTS: r"hak[- ]?(hak)? (subjek|pemilik|anda|pengguna|pengunjung|warga)"
        r"|(your|data subjects?'?) rights|rights of (the )?data subject",
        Item.OFFICER: r"(pejabat|petugas)( fungsi)? p(e|er)lindungan data|\bdpo\b"
        r"|data protection officer|(pejabat|petugas) pdp\b",
        Item.THIRD_PARTIES: r"pihak (ketiga|lain)|third part(y|ies)",
        Item.TRANSFER: r"luar negeri|luar (wilayah )?indonesia|negara lain|lintas (batas|negara)"
        r"|transfer data|abroad|cross-border|outside (of )?indonesia",
        Item.DATED: r"(berlaku|perbarui|pembaruan|perubahan|ditetapkan|revisi|versi|updated"
        rf"|effective|modified)[^.\d]{{0,60}}{_DATE}",
        Item.COOKIES: r"\b(kuki|cookies?)\b",
    }.items()
}
_CHANNEL = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,4}|\(0\d{2,3}\) ?\d{3}|\+62[ -]?\d{2}"
)
DENIALS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "cookies": r"(tidak|tanpa)( akan)? (memakai|menggunakan|memasang|menyimpan)"
        r" (kuki|cookies?)\b|(do not|don't) use cookies",
        "trackers": r"(tidak|tanpa)( akan)? (memakai|menggunakan|memasang|memuat)[^.]{0,40}"
        r"(pelacak|tracker|analitik|analytics)|(do not|don't) (use|run)[^.]{0,40}track",
        "third parties": r"tidak( akan| pernah)? (membagi|memberi|menjual|mengirim|menyerah)[^.]"
        r"{0,60}pihak (ketiga|lain)|(do not|don't|never) (share|sell)[^.]{0,60}third part",
    }.items()
}
"""What a notice may promise not to do; the keys are what it denies."""


def items_of(text: str) -> frozenset[Item]:
    """Return what a notice speaks of."""
    found = {item for item, words in _WORDS.items() if words.search(text)}
    return frozenset(found | ({Item.CHANNEL} if _CHANNEL.search(text) else set()))


def denied(text: str) -> frozenset[str]:
    """Return what a notice says that the site does not do."""
    return frozenset(name for name, words in DENIALS.items() if words.search(text))
