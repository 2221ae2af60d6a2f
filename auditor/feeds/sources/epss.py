"""FIRST's estimates that a weakness will be used (EPSS): a packed table, a line a CVE.

The first line is `#model_version:…,score_date:…`, the second `cve,epss,percentile`.
"""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.bounded import opened
from auditor.feeds.sources.checked import cve, moment, plain
from auditor.feeds.sources.table import lines, table
from auditor.model.advisory import Dated, Likelihood, Row

LIMIT = 256 * 2**20
_DATE = re.compile(r"#(?:[^,]*,)*score_date:([0-9T:+.Z\-]+)(?:,.*)?")


def read(path: Path, wanted: Collection[tuple[str, str]]) -> Iterator[Row]:  # noqa: ARG001
    """Yield the estimate for every CVE; the date is that of the scores."""
    with opened(path, LIMIT) as stream:
        told = lines(stream)
        first = next(told, "")
        dated = _DATE.fullmatch(first)
        if not dated:
            raise Unreadable(f"begins with {plain(first)[:60]!r}, not with the date of its scores")
        yield Dated(date=moment(dated[1]))
        count = 0
        for name, epss, percentile in table(told, ("cve", "epss", "percentile"), ","):
            count += 1
            yield Likelihood(cve=cve(name), epss=_share(epss), percentile=_share(percentile))
    if not count:
        raise Unreadable("holds no scores")


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError as error:
        raise Unreadable(f"{plain(text)[:60]!r} is no number") from error
    if not 0 <= share <= 1:
        raise Unreadable(f"{plain(text)[:60]!r} is no share of 1")
    return share
