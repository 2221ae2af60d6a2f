"""What a target sent back becomes frames of inert text, whatever bytes it sent."""

import re
from collections.abc import Iterable

from auditor.model.text import inert
from auditor.probe.base import Frame, Section

OWN_KEYS = ("uid", "end")
"""Frames that the script sends of itself: as whom it ran, and that it came to its end."""

_HEAD = re.compile(rb" ([\x21-\x7e]{1,700}) (-1|[0-9]{1,3}) ([0-9]{1,9}) ([0-9]{1,9}) (-|cut|root)")
_HEAD_LIMIT = 750
"""No header line is longer, in bytes."""


def read_frames(data: bytes, nonce: str, sections: Iterable[Section]) -> dict[str, Frame]:
    """Return the frames that are complete, by key; of two with one key the first counts.

    May be asked again of the same output when more of it has come. Time and memory are linear in
    `data`. Whatever stands outside frames, under unknown keys or in an unfinished frame is left
    out; a frame whose length is a lie comes back as `cut`.
    """
    known = {*OWN_KEYS, *(section.key for section in sections)}
    mark = b"\n@" + nonce.encode()
    found: dict[str, Frame] = {}
    position = _next(data, mark, 0)
    while position >= 0:
        frame, position = _frame(data, mark, position)
        if frame is not None and frame.key in known:
            found.setdefault(frame.key, frame)
    return found


def _next(data: bytes, mark: bytes, start: int) -> int:
    """Return where the nonce next stands at the beginning of a line: the place behind it, or -1."""
    if start == 0 and data.startswith(mark[1:]):
        return len(mark) - 1
    place = data.find(mark, max(0, start - 1))
    return place + len(mark) if place >= 0 else -1


def _frame(data: bytes, mark: bytes, position: int) -> tuple[Frame | None, int]:
    """Read the frame whose header goes on at `position`; return where to look for the next."""
    line_end = data.find(b"\n", position, position + _HEAD_LIMIT)
    head = _HEAD.fullmatch(data, position, line_end) if line_end >= 0 else None
    if head is None:
        return None, _next(data, mark, position)
    start = line_end + 1
    close = mark + b" .\n"
    end = start + int(head[4])
    honest = data.startswith(close, end)
    if not honest:
        end = data.find(mark, line_end)
        if end < 0 or not data.startswith(close, end):
            return None, _next(data, mark, start)
    text = data[start:end].decode("utf-8", "replace")
    cut = head[5] == b"cut" or not honest
    frame = Frame(
        key=head[1].decode(),
        text=inert(text),
        rc=-1 if cut else int(head[2]),
        ms=int(head[3]),
        cut=cut,
        denied=head[5] == b"root",
    )
    return frame, _next(data, mark, end + len(close))
