"""One file a feed: what a site publishes becomes rows (`auditor.model.advisory`).

Each module has `read(path, wanted) -> Iterator[Row]`: `path` is the file as it was fetched,
`wanted` the (distribution, release) pairs of the inventory; rows of other releases are not given.
A module reads in bounded memory where the file has no small bound of its own, and raises
`Unreadable` for what is not of the documented shape: a row that is not understood must not be lost
in silence.
"""


class Unreadable(ValueError):  # noqa: N818 - it says what the file is
    """The file is not what the feed publishes."""
