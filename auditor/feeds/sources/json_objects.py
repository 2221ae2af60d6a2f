"""Read one large JSON object member by member, so that memory stays flat."""

import json
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from typing import Any, BinaryIO

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.bounded import STRICT

_CHUNK = 2**20
_SPACE = re.compile(r"[ \t\r\n]*")


def json_objects(stream: BinaryIO, limit: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (key, value) of a JSON object whose values are objects too.

    A value of more than `limit` characters, a key twice, what is cut and what is of another shape
    raise `Unreadable`.
    """
    text = _Text(stream, limit)
    text.take("{")
    seen: set[str] = set()
    if text.peek() == "}":
        text.take("}")
    else:
        while True:
            key = text.value()
            text.take(":")
            value = text.value()
            if not isinstance(key, str) or not isinstance(value, dict):
                raise Unreadable("is not an object of objects")
            if key in seen:
                raise Unreadable(f"has {key[:60]!r} twice")
            seen.add(key)
            yield key, value
            if text.take(",}") == "}":
                break
    if text.peek():
        raise Unreadable("goes on after its end")


class _Text:
    """Characters not read yet; grows by as much as it holds, so that re-reading stays cheap."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._decoder = getincrementaldecoder("utf-8-sig")()
        self._rest = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """Return the next character that is no space; "" at the end."""
        while True:
            self._at = _SPACE.match(self._rest, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._rest):
                return self._rest[self._at]
            if not self._grow():
                return ""

    def take(self, choices: str) -> str:
        """Move past one of these characters, and return it."""
        found = self.peek()
        if not found or found not in choices:
            raise Unreadable("is no JSON object, or is cut")
        self._at += 1
        return found

    def value(self) -> Any:
        """Read one string or object and move past it."""
        if self.peek() not in ('"', "{"):
            raise Unreadable("is not an object of objects, or is cut")
        while True:
            try:
                value, self._at = STRICT.raw_decode(self._rest, self._at)
            except json.JSONDecodeError as error:
                if len(self._rest) - self._at > self._limit:
                    raise Unreadable("is no JSON, or a part of it is too large") from error
                if not self._grow():
                    raise Unreadable(f"is no JSON, or is cut: {error.msg}") from error
            except RecursionError as error:
                raise Unreadable("is nested too deep") from error
            else:
                return value

    def _grow(self) -> bool:
        """Read on; False at the end of the stream."""
        if self._ended:
            return False
        rest = self._rest[self._at :]
        data = self._stream.read(max(_CHUNK, min(len(rest), self._limit)))
        self._ended = not data
        try:
            self._rest = rest + self._decoder.decode(data, final=self._ended)
        except UnicodeDecodeError as error:
            raise Unreadable("is not UTF-8") from error
        self._at = 0
        return not self._ended
