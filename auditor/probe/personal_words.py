"""Which number a text speaks of just before it, and what else makes personal data specific."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum


class Word(StrEnum):
    """What a word announces: a number of a person, or one of something else."""

    NIK = "nik"
    KK = "kk"
    NPWP = "npwp"
    PHONE = "phone"
    OTHER = "other"
    """An account, a receipt, a letter, a book, a code: never a NIK, whatever its digits are."""


WINDOW = 64
"""Characters before a number in which a word speaks of it."""
_AFTER = 16
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ENDS = r"(?<![a-z]){}(?![a-z])"
_WORDS: Mapping[Word, str] = {
    Word.NIK: r"(?:no(?:mor)?\.? ?)?(?:n\.?i\.?k|(?:e-?)?ktp(?:-?el)?|kia|identitas|identity"
    r"|induk kependudukan|kependudukan|kartu tanda penduduk|kartu identitas anak)"
    r"|nik(?:ayah|ibu|anak|pasien|siswa|pemohon|kk)",
    Word.KK: r"(?:no(?:mor)?\.? ?)?(?:kk|kartu keluarga)|family card",
    Word.NPWP: r"npwpd?|nomor pokok wajib pajak|tax ?id",
    Word.PHONE: r"no ?hp|hp|telp|telepon|tlp|phone|handphone|ponsel|wa|whatsapp|fax|faks(?:imile)?"
    r"|kontak|nomor telepon|hubungi|call cent(?:er|re)|seluler",
    Word.OTHER: r"rek|norek|rekening|bank|bri|bni|btn|bca|mandiri|bsi|bpd|virtual(?: account)?|va"
    r"|kartu (?:kredit|debit)|atm|resi|invoice|inv|faktur|kwitansi|struk|transaksi|trx|ref"
    r"|reff|referensi|reference|billing|tagihan|ntpn|ntb|isbn|issn|doi|nuptk|nop|nib|sppt|imei"
    r"|barcode|serial|(?:no(?:mor)?\.? )?seri|kode|code|(?:no(?:mor)?\.? )?(?:surat|sk|tiket|polis"
    r"|kontrak|paket|tender|rup|registrasi|register|pendaftaran|permohonan|perkara|agenda|order"
    r"|pesanan|pelanggan|sertifikat|rangka|mesin|kartu|meter|aset|barang)|sha\d*|md5|hash|checksum"
    r"|token|timestamp|epoch|koordinat|latitude|longitude|lat|lng|lon|nip|nisn|bpjs|anggaran"
    r"|uuid|guid|versi|version|build",
}
_ANY = re.compile(
    "|".join(
        f"(?P<{word.value}>{_ENDS.format(f'(?:{pattern})')})" for word, pattern in _WORDS.items()
    )
)
_FAMILY = re.compile(_ENDS.format(f"(?:{_WORDS[Word.KK]})"))
_LONG = re.compile(r"\d(?:[ .-]?\d){7,}")
_IDENTITY = frozenset({Word.NIK, Word.KK, Word.NPWP})
_ACCOUNT = re.compile(_ENDS.format(r"(?:rek|norek|rekening|gaji|penghasilan|pendapatan|saldo)"))
SPECIFIC: Mapping[str, re.Pattern[str]] = {
    "health": re.compile(
        _ENDS.format(
            r"(?:diagnos[aei]s?|rekam medis|riwayat penyakit|pasien|hiv|aids|tbc?|tuberkulosis|odgj"
            r"|gangguan jiwa|disabilitas|difabel|hamil|stunting|gizi buruk|golongan darah|gol darah"
            r"|positif covid|kusta|kanker|hasil lab(?:oratorium)?|imunisasi)"
        )
    ),
    "child": re.compile(
        _ENDS.format(
            r"(?:siswa|siswi|murid|peserta didik|nisn|balita|bayi|anak yatim|yatim piatu|paud"
            r"|nama anak|santri|pelajar)"
        )
    ),
    "finance": _ACCOUNT,
}
"""Data that the law calls specific, by words that stand beside the number of a person."""
COLUMNS: Mapping[str, re.Pattern[str]] = {
    "nik": re.compile(_ENDS.format(f"(?:{_WORDS[Word.NIK]})")),
    "kk": _FAMILY,
    "npwp": re.compile(_ENDS.format(f"(?:{_WORDS[Word.NPWP]})")),
    "mother": re.compile(_ENDS.format(r"(?:nama )?ibu(?: kandung)?")),
    "birth": re.compile(
        _ENDS.format(r"(?:tgl|tanggal|tempat|tmp|ttl)[ .,/&]*(?:tgl|tanggal)?[ .]*lahir|ttl")
    ),
    "account": _ACCOUNT,
    "phone": re.compile(_ENDS.format(f"(?:{_WORDS[Word.PHONE]})")),
    "address": re.compile(_ENDS.format(r"alamat(?: rumah| domisili| tinggal)?")),
    "name": re.compile(_ENDS.format(r"nama(?: lengkap)?")),
}
"""What a column of a table holds, by its heading."""


def folded(text: str) -> str:
    """Return a text for the patterns: small letters, names of fields taken apart."""
    return _CAMEL.sub(" ", text).lower().replace("_", " ")


def words(text: str) -> Iterator[Word]:
    """Yield what a text announces, in order."""
    for match in _ANY.finditer(folded(text)):
        yield Word(match.lastgroup or "")


def heading(text: str) -> Word | None:
    """Return what the heading of a column or the name of a field says of its numbers.

    A number of a person wins over what else is in it: "NIK / No. HP".
    """
    found = list(words(text))
    return next((word for word in found if word in _IDENTITY), found[-1] if found else None)


def announced(text: str, start: int, end: int) -> Word | None:
    """Return what the words around a number say that it is: the nearest before it, else after it.

    A word about a phone does not outweigh one about a person; what stands before another long
    number speaks of that one, unless both are in one list.
    """
    before = text[max(0, start - WINDOW) : start]
    long = list(_LONG.finditer(before))
    if long and not _listed(before, long[-1]):
        before = before[long[-1].end() :]
    found = list(words(before))
    while len(found) > 1 and found[-1] is Word.PHONE:
        found.pop()
    if found and found[-1] is not Word.PHONE:
        return found[-1]
    behind = next(words(text[end : end + _AFTER].partition("\n")[0]), None)
    return behind if behind in _IDENTITY else (found[-1] if found else None)


def _listed(before: str, number: re.Match[str]) -> bool:
    """Tell whether the number before is one more of the same list."""
    return len(number[0]) >= _LISTED and not before[number.end() :].strip(" ,;/&\t\n-")


_LISTED = 13


def categories(text: str) -> set[str]:
    """Return which kinds of specific data a text speaks of."""
    small = folded(text)
    return {name for name, pattern in SPECIFIC.items() if pattern.search(small)}


def columns(text: str) -> set[str]:
    """Return what a column holds, by its heading."""
    small = folded(text)
    return {name for name, pattern in COLUMNS.items() if pattern.search(small)}
