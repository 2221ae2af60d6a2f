"""How a page asks for consent: boxes, what they bundle, consent that is taken for granted."""

import re

from auditor.model.base import Value

_READ = 600
_CONSENT = re.compile(
    r"setuju|menyetujui|bersedia|persetujuan|memberi(kan)? izin|i agree|consent|langganan"
    r"|subscribe|newsletter|promosi|kirim(kan|i)? (saya )?(info|berita|kabar|penawaran)"
    r"|pemasaran|marketing|analitik|analytics",
    re.IGNORECASE,
)
_PARTS = (
    re.compile(r"data (pribadi|saya|anda)|privasi|privacy|personal data", re.IGNORECASE),
    re.compile(r"syarat|ketentuan|terms", re.IGNORECASE),
    re.compile(
        r"newsletter|promosi|pemasaran|marketing|berlangganan|penawaran|subscribe", re.IGNORECASE
    ),
    re.compile(r"pihak (ketiga|lain)|mitra|third part", re.IGNORECASE),
)
_IMPLIED = re.compile(
    r"(dengan (terus |tetap |melanjutkan )?(menggunakan|mengakses|memakai|mengunjungi|mengirim"
    r"|melanjutkan|menjelajah)\w*|by (using|continuing|browsing|accessing))[^.]{0,120}?"
    r"(menyetujui|setuju|you agree|you consent|you accept)",
    re.IGNORECASE,
)


class Box(Value, frozen=True):
    """A box or button of choice that speaks of consent; `name` is what the form calls it."""

    name: str
    ticked: bool
    """It is chosen before the visitor has said anything."""
    bundled: bool
    """One tick says yes to several things."""


def box_of(name: str, words: str, *, ticked: bool) -> Box | None:
    """Return the box with these words, None where they do not speak of consent."""
    read = words[:_READ]
    if not _CONSENT.search(read) and not _CONSENT.search(name):
        return None
    parts = sum(part.search(read) is not None for part in _PARTS)
    return Box(name=name, ticked=ticked, bundled=parts > 1)


def implied(text: str) -> bool:
    """Tell whether a text says that who goes on has consented."""
    return _IMPLIED.search(text) is not None
