"""A folder that is replaced whole or not at all, and only where it holds a report of ours."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from auditor.errors import StoreError

MARK = "auditor-report"
"""Stands in the head of every first page: by it an old report is told from someone's web site."""
_HEAD = 4096
"""Bytes of a first page in which the mark stands."""


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside `folder` to fill, then put it in its place.

    Until then, and wherever something fails, what was there stays. Raises `StoreError` where the
    disk refuses or `folder` holds something else than a report.
    """
    try:
        _must_be_ours(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".report-") as name:
            fresh = Path(name) / "new"
            fresh.mkdir()
            yield fresh
            _swap(fresh, folder, Path(name) / "old")
    except OSError as error:
        raise StoreError(f"cannot write the report to {folder}: {error.strerror}") from error


def _must_be_ours(folder: Path) -> None:
    if not folder.exists() or not any(folder.iterdir()):
        return
    page = folder / "index.html"
    if page.is_file():
        with page.open("rb") as file:
            if MARK.encode() in file.read(_HEAD):
                return
    raise StoreError(f"{folder} is no report and not empty: name another folder")


def _swap(fresh: Path, folder: Path, aside: Path) -> None:
    """Rename twice; where the second rename fails, undo the first."""
    if not folder.exists():
        fresh.rename(folder)
        return
    folder.rename(aside)
    try:
        fresh.rename(folder)
    except OSError:
        aside.rename(folder)
        raise
