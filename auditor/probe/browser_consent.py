"""Find the question for consent among what a visitor can click, and judge how it is asked."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from auditor.model.base import Value
from auditor.model.text import inert
from auditor.probe.browser_seen import Banner

_WORDS = 60
_MUCH = 2.0
"""To accept is much easier to see where its button is this many times as large."""
_COVERED = 60
"""Percent of the window under a layer from which a page cannot be read."""


class Role(StrEnum):
    """What a button of a consent banner does."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    SETTINGS = "settings"


_REFUSE = re.compile(
    r"tolak|menolak|tidak,? (setuju|terima kasih|sekarang)|jangan (izinkan|setujui)"
    r"|(hanya|cuma) (yang )?(diperlukan|wajib|penting|perlu|esensial)|tanpa (menerima|persetujuan)"
    r"|reject|refuse|decline|deny|disagree|do not (accept|allow|agree)|don't (accept|allow|agree)"
    r"|(only|strictly)( the)? (necessary|essential|required)|(necessary|essential|required)"
    r"( cookies)? only|without (accepting|consent)|no,? thanks|opt out"
)
_SETTINGS = re.compile(
    r"\b(atur|mengatur|kelola|pengaturan|preferensi|sesuaikan|pilihan|pilih|ubah|selengkapnya)\b"
    r"|\b(manage|settings?|preferences?|customi[sz]e|options?|choices?|choose|configure)\b"
)
_ACCEPT = re.compile(
    r"\b(terima(?! kasih)|menerima|setuju|setujui|menyetujui|izinkan|mengizinkan|bolehkan)\b"
    r"|\blanjutkan\b"
    r"|\b(saya )?(mengerti|paham|memahami)\b|\b(oke|ok|okay|ya)\b"
    r"|\b(accept|agree|allow|consent|understand|continue)\b|\bgot it\b|\byes\b"
)
_TOPIC = re.compile(
    r"\b(cookies?|kuki|pelacak\w*|tracking|trackers?|consent|gdpr|persetujuan|privasi|privacy"
    r"|data pribadi|personal data)\b"
)


class Clickable(Value, frozen=True):
    """Something that can be clicked: its words, the middle of its place, its area in pixels.

    `box` is the number of the layer that it lies in. `filled`: it has a ground of its own colour.
    `submits`: a click sends a form. `leads`: it is a link to another page.
    """

    words: str
    box: int
    x: float
    y: float
    area: int = 0
    filled: bool = False
    submits: bool = False
    leads: bool = False


class Box(Value, frozen=True):
    """A layer over the page, or a part that calls itself one; `covered`: percent of the window."""

    number: int
    words: str
    covered: int = 0
    ticked: int = 0


class Asked(Value, frozen=True):
    """A banner with the buttons that it is answered with; None: there is no such button."""

    banner: Banner
    accept: Clickable | None = None
    refuse: Clickable | None = None


NONE = Asked(banner=Banner(found=False))


def role(words: str) -> Role | None:
    """Return what a button does by its words; refusing is looked for first."""
    text = " ".join(words.casefold().replace("\u2019", "'").split())
    if not text or len(text) > _WORDS:
        return None
    for meaning, pattern in (
        (Role.REFUSE, _REFUSE),
        (Role.SETTINGS, _SETTINGS),
        (Role.ACCEPT, _ACCEPT),
    ):
        if pattern.search(text):
            return meaning
    return None


def find(boxes: Iterable[Box], clickables: Sequence[Clickable]) -> Asked:
    """Return the first layer that speaks of cookies or privacy and has a button to accept."""
    for box in boxes:
        if not _TOPIC.search(box.words.casefold()):
            continue
        inside = [one for one in clickables if one.box == box.number]
        asked = _asked(box, inside)
        if asked.accept is not None:
            return asked
    return NONE


def _asked(box: Box, inside: Sequence[Clickable]) -> Asked:
    buttons: dict[Role, Clickable] = {}
    for one in inside:
        meaning = role(one.words)
        if meaning is not None and not (one.leads and meaning is Role.SETTINGS):
            buttons.setdefault(meaning, one)
    accept, refuse = buttons.get(Role.ACCEPT), buttons.get(Role.REFUSE)
    banner = Banner(
        found=True,
        accept=_shown(accept),
        refuse=_shown(refuse),
        settings=_shown(buttons.get(Role.SETTINGS)),
        balanced=accept is None or refuse is None or _balanced(accept, refuse),
        wall=box.covered >= _COVERED and refuse is None,
        ticked=box.ticked,
    )
    return Asked(banner=banner, accept=accept, refuse=refuse)


def _balanced(accept: Clickable, refuse: Clickable) -> bool:
    if accept.filled and not refuse.filled:
        return False
    return accept.area <= _MUCH * max(1, refuse.area)


def _shown(button: Clickable | None) -> str:
    return inert(" ".join(button.words.split()))[:_WORDS] if button is not None else ""
