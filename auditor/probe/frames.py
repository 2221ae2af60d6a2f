"""What a target sent back becomes frames of inert text, whatever bytes it sent."""

import re
from collections.abc import Iterable

from auditor.model.text import inert
from auditor.probe.base import Frame, Section

OWN_KEYS = ("uid", "end")
"""Frames that the script sends of itself: as whom it ran, and that it came to its end."""

_OPEN = re.compile(rb"> ([\x21-\x7e]{1,700})")
_CLOSE = re.compile(rb"< ([\x21-\x7e]{1,700}) ([0-9]{1,3}) ([0-9]{1,9}) (-|piped|root|busy)")
_HEAD_LIMIT = 750
"""No line of a frame's own is longer, in bytes."""
_STATUS = re.compile(rb"\n1([0-9]{3})")
_STATUS_SIZE = 5


def read_frames(data: bytes, nonce: str, sections: Iterable[Section]) -> dict[str, Frame]:
    """Return the frames that are complete, by key; of two with one key the first counts.

    May be asked again of the same output when more of it has come. Time and memory are linear in
    `data`. Whatever stands outside frames, under unknown keys or in an unfinished frame is left
    out.
    """
    limits = {**dict.fromkeys(OWN_KEYS, 0), **{s.key: s.limit for s in sections}}
    mark = b"\n@" + nonce.encode() + b" "
    found: dict[str, Frame] = {}
    opened, start = b"", 0
    place = data.find(mark)
    while place >= 0:
        begin = place + len(mark)
        end = data.find(b"\n", begin, begin + _HEAD_LIMIT)
        line = data[begin:end] if end >= 0 else b""
        if head := _OPEN.fullmatch(line):
            opened, start = head[1], end + 1
        elif (tail := _CLOSE.fullmatch(line)) and tail[1] == opened:
            key = opened.decode()
            if key in limits and key not in found:
                found[key] = _frame(key, data[start:place], tail, limits[key])
            opened = b""
        place = data.find(mark, end if end >= 0 else begin)
    return found


def _frame(key: str, payload: bytes, tail: "re.Match[bytes]", limit: int) -> Frame:
    rc, cut = int(tail[2]), False
    if tail[4] == b"piped":
        status = _STATUS.fullmatch(payload[-_STATUS_SIZE:])
        cut = status is None or len(payload) > limit + _STATUS_SIZE
        if status is not None and not cut:
            rc, payload = int(status[1]), payload[:-_STATUS_SIZE]
    return Frame(
        key=key,
        text=inert(payload.decode("utf-8", "replace")),
        rc=-1 if cut else rc,
        ms=int(tail[3]),
        cut=cut,
        denied=tail[4] == b"root",
        busy=tail[4] == b"busy",
    )
