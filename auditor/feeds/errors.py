"""What goes wrong with one feed; the data that was there before stays."""

from auditor.errors import StoreError


class FeedError(StoreError):
    """A feed that cannot be believed or got; `hint` says what the operator can do."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.hint = hint


class MissingError(FeedError):
    """The place does not have the file."""
