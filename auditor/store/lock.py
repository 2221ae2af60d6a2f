"""One writer at a time: a lock that dies with its process."""

import errno
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from auditor.errors import LockedError, StoreError

ADVISORY = 0x4155_4449
"""Number of the advisory lock in PostgreSQL ("AUDI")."""


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold `path` or raise `LockedError` at once with who holds it and since when."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(f"cannot open the lock {path}: {error.strerror}") from error
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EAGAIN):
                raise StoreError(f"cannot lock {path}: {error.strerror}") from error
            holder = file.read(500).strip() or "another process"
            raise LockedError(f"another run holds {path}: {holder}") from error
        _sign(file.fileno())
        yield


def _sign(descriptor: int) -> None:
    """Write who holds the lock; a full disk does not keep the lock from holding."""
    words = " ".join(sys.argv)[:200]
    line = f"pid {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC ({words})\n"
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, line.encode("utf-8", "replace"), 0)
    except OSError:
        return


@contextmanager
def advisory_lock(engine: sa.Engine) -> Iterator[None]:
    """Hold PostgreSQL's advisory lock on a connection of its own."""
    with engine.connect() as connection:
        if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(ADVISORY))):
            raise LockedError("another run holds the store (PostgreSQL advisory lock)")
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(ADVISORY)))
