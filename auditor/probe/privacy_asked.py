"""What a field of a form asks of a person, told by its names, its label and its hints."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from auditor.model.base import Value

_READ = 160
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_WORD = re.compile(r"[^a-z0-9]+")


class Asked(StrEnum):
    """A kind of personal data."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    GENDER = "gender"
    BIRTH_DATE = "birth_date"
    BIRTH_PLACE = "birth_place"
    PHOTO = "photo"
    NIK = "nik"
    """The number of the identity card."""
    KK = "kk"
    """The number of the family card."""
    NPWP = "npwp"
    PASSPORT = "passport"
    BPJS = "bpjs"
    ACCOUNT = "account"
    """A bank account."""
    MOTHER = "mother"
    """The mother's name, which banks take for a password."""
    ID_SCAN = "id_scan"
    """A picture of an identity or family card."""
    RELIGION = "religion"
    BLOOD = "blood"
    HEALTH = "health"
    INCOME = "income"
    PASSWORD = "password"  # noqa: S105 - a kind of field


IDENTITY = frozenset(
    {
        Asked.NIK,
        Asked.KK,
        Asked.NPWP,
        Asked.PASSPORT,
        Asked.BPJS,
        Asked.ACCOUNT,
        Asked.MOTHER,
        Asked.ID_SCAN,
    }
)
"""With these someone can act in a person's name."""
SENSITIVE = frozenset({Asked.RELIGION, Asked.BLOOD, Asked.HEALTH, Asked.INCOME})


class FieldWords(Value, frozen=True):
    """What a field says of itself: `texts` are name, id, label, placeholder and the like."""

    kind: str
    """Its type ("text", "file", …), its tag where that says more."""
    autocomplete: str = ""
    texts: tuple[str, ...] = ()


_CARD = (
    r"\b((e ?)?ktp|kk|kartu (keluarga|identitas|tanda penduduk)|npwp|paspor|sim|identitas"
    r"|selfie)\b"
)
_WORDS: Mapping[Asked, re.Pattern[str]] = {
    kind: re.compile(pattern)
    for kind, pattern in {
        Asked.NIK: r"\bnik\b|induk kependudukan|\b(no|nomor|nmr)( e)? ?(ktp|identitas)\b|^e? ?ktp$"
        r"|national id",
        Asked.KK: r"\b(no|nomor|nmr)? ?kk\b|kartu keluarga",
        Asked.NPWP: r"\bnpwp\b|wajib pajak",
        Asked.PASSPORT: r"\bpaspor\b|passport",
        Asked.BPJS: r"\b(bpjs|jkn|kis)\b",
        Asked.ACCOUNT: r"\brekening\b|bank account",
        Asked.MOTHER: r"\bibu kandung\b|\bnama (gadis )?ibu\b|\bmother",
        Asked.RELIGION: r"\bagama\b|\breligion",
        Asked.BLOOD: r"\bgol(ongan)? ?dar(ah)?\b|\bgoldar(ah)?\b|blood (type|group)",
        Asked.HEALTH: r"riwayat (penyakit|kesehatan)|\bpenyakit\b|\bdiagnos|rekam medi[sk]"
        r"|medical (history|record)",
        Asked.INCOME: r"\b(penghasilan|gaji|pendapatan)\b|\b(income|salary)\b",
        Asked.BIRTH_DATE: r"\b(tanggal|tgl|tg) ?lahir\b|\bttl\b|birth ?da(y|te)|date of birth"
        r"|\b(dob|bday)\b",
        Asked.BIRTH_PLACE: r"\b(tempat|tmp|kota) ?lahir\b|\bttl\b|birth ?place|place of birth",
        Asked.GENDER: r"\b(jenis|jns) ?(kelamin|kel)\b|\bgender\b|\bsex\b",
        Asked.EMAIL: r"\be ?mail\b|\bsurel\b|pos elektronik",
        Asked.PHONE: r"\b(no|nomor)? ?(telepon|telpon|telp|tlp|hp|handphone|ponsel|wa|whats ?app)\b"
        r"|\b(tele)?phone|\bmobile\b",
        Asked.ADDRESS: r"\balamat\b(?! (e ?mail|surel|ip|web|situs|url))"
        r"|(?<!mail )(?<!ip )(?<!web )\baddress\b|\bdomisili\b",
        Asked.NAME: r"\bnama\b(?! (file|berkas|dokumen|usaha|kegiatan|instansi|perusahaan|produk"
        r"|pengguna|ibu|gadis|layanan|opd|dinas))|\b(full|first|last|your) ?name\b|^name$",
    }.items()
}
_SCAN = re.compile(_CARD)
_PHOTO = re.compile(r"\b(foto|photo|selfie|swafoto|pas ?foto|gambar diri)\b")
_COMPLETED: Mapping[str, Asked] = {
    "name": Asked.NAME,
    "given-name": Asked.NAME,
    "family-name": Asked.NAME,
    "email": Asked.EMAIL,
    "tel": Asked.PHONE,
    "tel-national": Asked.PHONE,
    "street-address": Asked.ADDRESS,
    "address-line1": Asked.ADDRESS,
    "bday": Asked.BIRTH_DATE,
    "sex": Asked.GENDER,
}
_TYPED: Mapping[str, Asked] = {
    "email": Asked.EMAIL,
    "tel": Asked.PHONE,
    "password": Asked.PASSWORD,
}


def plain(text: str) -> str:
    """Return words in lower case, "noKK" and "no_kk" alike as "no kk"."""
    return _NO_WORD.sub(" ", _HUMP.sub(" ", text[:_READ]).lower()).strip()


def asked_by(field: FieldWords) -> frozenset[Asked]:
    """Return what a field asks; nothing where it does not say so in words that are known."""
    texts = [plain(text) for text in field.texts]
    if field.kind == "file":
        return frozenset(_shown(texts))
    found = {kind for kind, pattern in _WORDS.items() if any(map(pattern.search, texts))}
    if field.kind in _TYPED:
        found = {_TYPED[field.kind]} | (found & IDENTITY)
    token = field.autocomplete.strip().lower().rpartition(" ")[2]
    return frozenset(found | ({_COMPLETED[token]} if token in _COMPLETED else set()))


def _shown(texts: Iterable[str]) -> set[Asked]:
    """Return what an upload is of."""
    found = set()
    for text in texts:
        if _SCAN.search(text):
            found.add(Asked.ID_SCAN)
        if _PHOTO.search(text):
            found.add(Asked.PHOTO)
    return found
