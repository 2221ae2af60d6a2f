"""Take in what came, one feed at a time: read it, refuse what would be a loss, say what became."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, time

import msgspec

from auditor.feeds.arrivals import Arrival, Failed, FilesCame, Outcome, SuiteCame, Unchanged
from auditor.feeds.errors import FeedError
from auditor.feeds.readers import reader
from auditor.feeds.sink import Sink
from auditor.feeds.sources import Unreadable
from auditor.feeds.verify import read_lists
from auditor.feeds.writer import Writer
from auditor.model.advisory import Dated
from auditor.model.feed import AHEAD, Feed, FeedKind, Trust

SHRINKS_TO = 0.8
"""A feed with fewer rows than this share of the last one is not believed."""
_UNREADABLE = (
    Unreadable,
    ValueError,
    LookupError,
    RecursionError,
    OSError,
    EOFError,
    msgspec.MsgspecError,
)
"""What reading a file can end with that is not what its feed publishes."""
_ACCEPT = "if that is right: auditor feeds update --accept {name!r}"


def take_in(writer: Writer, arrival: Arrival, accept: Collection[str]) -> Iterator[Outcome]:
    """Write what came and yield what became of each feed that it fills."""
    match arrival:
        case Failed(names, error):
            yield from (_problem(name, error) for name in names)
        case Unchanged(names, fetched):
            for name in names:
                feed = msgspec.structs.replace(writer.held[name], fetched=fetched)
                yield Outcome(name=name, feed=writer.carry(name, feed))
        case SuiteCame():
            yield _suite(writer, arrival, accept)
        case FilesCame():
            yield from _files(writer, arrival, accept)


def _problem(name: str, error: FeedError) -> Outcome:
    return Outcome(name=name, feed=None, problem=str(error), hint=error.hint)


def _suite(writer: Writer, came: SuiteCame, accept: Collection[str]) -> Outcome:
    name = came.feed.name
    held = writer.held.get(name)
    try:
        if came.same and held is not None:
            _must_be_no_loss(held, msgspec.structs.replace(came.feed, rows=held.rows), accept)
            return Outcome(name=name, feed=writer.carry(name, came.feed))
        entries = read_lists(came.lists) if came.entries is None else came.entries
        feed = msgspec.structs.replace(came.feed, rows=len(entries))
        _must_be_whole(came, accept)
        _must_be_no_loss(held, feed, accept)
    except FeedError as error:
        return _problem(name, error)
    writer.index(feed, entries.values())
    return Outcome(name=name, feed=feed, note=_lacking(came) if came.lacks else "")


def _must_be_whole(came: SuiteCame, accept: Collection[str]) -> None:
    """Raise where a suite lacks components: updates that are only there would not be missed."""
    if came.lacks and came.feed.name not in accept:
        hint = (
            "copy SUITE.COMPONENT.Packages.xz too, or leave it out of `components` in feeds.yaml; "
            f"{_ACCEPT.format(name=came.feed.name)}"
        )
        raise FeedError(_lacking(came), hint)


def _lacking(came: SuiteCame) -> str:
    return f"the folder lacks its {', '.join(came.lacks)}"


def _files(writer: Writer, came: FilesCame, accept: Collection[str]) -> Iterator[Outcome]:
    """Read all files of a feed; one that cannot be read leaves none of its rows."""
    job = came.job
    sink = Sink(writer, job)
    try:
        read = reader(job.source.source)
        for path in came.paths:
            taken = sink.take(read(path, frozenset(job.covers)))
            if not taken and len(came.paths) > 1:
                raise Unreadable("one of its files says nothing of this release")
    except _UNREADABLE as error:
        hint = "has the site changed its form? What is held stays; a newer auditor may know it"
        for name in job.feed_names:
            writer.discard(name)
            yield _problem(name, FeedError(f"it is not what this feed publishes: {error}", hint))
        return
    for name in job.feed_names:
        yield _taken(writer, came, sink, name, accept)


def _taken(
    writer: Writer, came: FilesCame, sink: Sink, name: str, accept: Collection[str]
) -> Outcome:
    """Take over one feed of what was read, or leave what is held in its place."""
    held, rows = writer.held.get(name), writer.count(name)
    may_be_empty = came.job.source.kind is FeedKind.SUPPORT and not (held and held.rows)
    try:
        if not rows and not may_be_empty:
            return _vanished(name, held)
        feed = _feed(came, sink, name, rows)
        _must_be_no_loss(held, feed, accept)
    except FeedError as error:
        writer.discard(name)
        return _problem(name, error)
    return Outcome(name=name, feed=writer.finish(feed))


def _vanished(name: str, held: Feed | None) -> Outcome:
    if held is None:
        hint = "is the release's name right? Some sites drop releases whose support has ended"
        raise FeedError("it says nothing of this release", hint)
    note = f"it says nothing of this release any more: what is held of {held.date:%Y-%m-%d} stays"
    return Outcome(name=name, feed=held, note=note)


def _feed(came: FilesCame, sink: Sink, name: str, rows: int) -> Feed:
    source, systems = came.job.source, came.job.covers
    whose = (s for s in systems if source.by_release and came.job.feed_name(s) == name)
    distribution, release = next(whose, ("", ""))
    dated = _date(came, sink, name)
    return Feed(
        name=name,
        kind=source.kind,
        date=dated.date,
        distribution=distribution,
        release=release,
        valid_until=dated.valid_until,
        fetched=came.fetched,
        trust=came.trust,
        verified_by=came.verified_by,
        source=came.source,
        sha256=came.sha256,
        size=came.size,
        rows=rows,
        validator=came.validator,
    )


def _date(came: FilesCame, sink: Sink, name: str) -> Dated:
    """Return the data's own date: by itself, by its site, else its newest advisory's."""
    if sink.dated:
        return min(sink.dated, key=lambda dated: dated.date)
    if came.date is not None:
        return Dated(date=came.date)
    if name in sink.newest:
        return Dated(date=datetime.combine(sink.newest[name], time(), UTC))
    hint = "write its day into the file's name, as in kev-2026-08-07.json"
    raise FeedError("nothing says of which date it is", hint)


def _must_be_no_loss(before: Feed | None, feed: Feed, accept: Collection[str]) -> None:
    """Raise unless a feed may replace the one that is held; a signed one may always stand."""
    if feed.fetched is not None and feed.date > feed.fetched + AHEAD:
        hint = "is this machine's clock right?"
        raise FeedError(f"it is of {feed.date:%Y-%m-%d %H:%M} UTC, which is yet to come", hint)
    if before is None or feed.name in accept or _is_better(feed, before):
        return
    if problem := loss(before, feed):
        raise FeedError(problem, _ACCEPT.format(name=feed.name))


def loss(before: Feed, feed: Feed) -> str:
    """Say what is lost where a feed takes the place of the one that is held; "" for nothing."""
    if before.trust is not Trust.NONE and feed.trust is Trust.NONE:
        return "the one that is held is believed, and nothing vouches for the new one"
    if feed.date < before.date:
        return f"the new one is of {feed.date:%Y-%m-%d %H:%M} UTC, older than the one that is held"
    if feed.rows < SHRINKS_TO * before.rows:
        return f"the new one has {feed.rows} rows, the last {before.rows}: it is not believed"
    return ""


def _is_better(feed: Feed, before: Feed) -> bool:
    return feed.trust is Trust.SIGNED and not before.verified_by
