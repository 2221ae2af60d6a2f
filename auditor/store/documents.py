"""Documents, named by the SHA-256 of their content: the same content is kept once."""

import hashlib
import zlib
from datetime import datetime
from typing import TypeVar

import msgspec
import sqlalchemy as sa

from auditor.errors import StoreError
from auditor.store.tables import DOCUMENT

T = TypeVar("T")


def moment(time: datetime) -> str:
    """Return a time as tables hold it: text order is time order."""
    return time.isoformat(timespec="microseconds")


def keep(connection: sa.Connection, kind: str, value: object) -> str:
    """Keep a value as JSON and return its name."""
    return keep_bytes(connection, kind, msgspec.json.encode(value, order="sorted"))


def keep_bytes(connection: sa.Connection, kind: str, content: bytes) -> str:
    """Keep a content unless it is there already, and return its name."""
    sha = hashlib.sha256(content).hexdigest()
    if not holds(connection, sha):
        connection.execute(
            DOCUMENT.insert().values(
                sha256=sha, kind=kind, size=len(content), body=zlib.compress(content, 6)
            )
        )
    return sha


def holds(connection: sa.Connection, sha: str) -> bool:
    """Tell whether a document is kept."""
    known = sa.select(DOCUMENT.c.sha256).where(DOCUMENT.c.sha256 == sha)
    return connection.scalar(known) is not None


def load(connection: sa.Connection, sha: str, kind: type[T]) -> T:
    """Read a value back."""
    try:
        return msgspec.json.decode(load_bytes(connection, sha), type=kind)
    except msgspec.MsgspecError as error:
        raise _damaged(sha, error) from error


def load_bytes(connection: sa.Connection, sha: str) -> bytes:
    """Read a content back; one that does not fit its name was tampered with."""
    body = connection.scalar(sa.select(DOCUMENT.c.body).where(DOCUMENT.c.sha256 == sha))
    try:
        content = zlib.decompress(body or b"")
    except zlib.error as error:
        raise _damaged(sha, error) from error
    if hashlib.sha256(content).hexdigest() != sha:
        raise StoreError(f"document {sha[:12]} in the store is not what was stored")
    return content


def _damaged(sha: str, error: Exception) -> StoreError:
    return StoreError(f"document {sha[:12]} in the store is damaged: {error}")
