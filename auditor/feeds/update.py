"""Bring feeds up to date: each on its own, so that one that fails harms no other."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from auditor.feeds.apt import Mirror
from auditor.feeds.fetch import Wanted, fetch_suites, read_suite
from auditor.feeds.keep import held_indexes, keep
from auditor.feeds.verify import KEYRING, FeedError
from auditor.model.base import Value
from auditor.model.feed import SuiteIndex


class Outcome(Value, frozen=True):
    """What became of a feed: the index that is now held, or why none came."""

    name: str
    index: SuiteIndex | None
    problem: str = ""


def update(
    home: Path,
    mirror: Mirror,
    wanted: Sequence[Wanted],
    *,
    now: datetime,
    keyring: Path = KEYRING,
    trust: bool = False,
) -> tuple[Outcome, ...]:
    """Fetch suites from a mirror and keep those that are verified (`trust`: or could not be)."""
    held = {index.name: index for index in held_indexes(home)}
    return _kept(home, fetch_suites(mirror, wanted, held, now=now, keyring=keyring), trust=trust)


def load_directory(
    home: Path,
    folder: Path,
    wanted: Sequence[Wanted],
    *,
    now: datetime,
    keyring: Path = KEYRING,
    trust: bool = False,
) -> tuple[Outcome, ...]:
    """Keep suites from the files of a folder, verified by the same chain."""
    came: dict[str, SuiteIndex | FeedError] = {}
    for suite in wanted:
        try:
            index = read_suite(folder, suite.release, suite.arch, keyring=keyring)
            came[suite.name] = msgspec.structs.replace(index, fetched=now)
        except FeedError as error:
            came[suite.name] = error
    return _kept(home, came, trust=trust)


def _kept(
    home: Path, came: Mapping[str, SuiteIndex | FeedError], *, trust: bool
) -> tuple[Outcome, ...]:
    good = {
        name: msgspec.structs.replace(index, trusted=trust and not index.verified_by)
        for name, index in came.items()
        if isinstance(index, SuiteIndex)
    }
    bad = {name: error for name, error in came.items() if isinstance(error, FeedError)}
    bad |= keep(home, *good.values())
    return tuple(
        Outcome(name=name, index=None, problem=str(bad[name]))
        if name in bad
        else Outcome(name=name, index=good[name])
        for name in came
    )
