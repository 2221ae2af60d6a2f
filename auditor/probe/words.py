"""Short ways to write down field types with their bilingual labels."""

from auditor.model.base import Text
from auditor.model.fact import Field, Kind


def text(id: str, en: str) -> Field:
    """Return the type of a text."""
    return Field(kind=Kind.TEXT, label=Text(id=id, en=en))


def number(id: str, en: str) -> Field:
    """Return the type of an integer."""
    return Field(kind=Kind.INT, label=Text(id=id, en=en))


def flag(id: str, en: str) -> Field:
    """Return the type of a yes or no."""
    return Field(kind=Kind.BOOL, label=Text(id=id, en=en))


def texts(id: str, en: str) -> Field:
    """Return the type of a list of texts that may be empty."""
    return Field(kind=Kind.TEXTS, label=Text(id=id, en=en), may_be_empty=True)


def ports(id: str, en: str) -> Field:
    """Return the type of a list of ports that may be empty."""
    return Field(kind=Kind.PORTS, label=Text(id=id, en=en), may_be_empty=True)


def time(id: str, en: str) -> Field:
    """Return the type of a moment."""
    return Field(kind=Kind.TIME, label=Text(id=id, en=en))


def version(id: str, en: str) -> Field:
    """Return the type of a version."""
    return Field(kind=Kind.VERSION, label=Text(id=id, en=en))


def mode(id: str, en: str) -> Field:
    """Return the type of a file mode."""
    return Field(kind=Kind.MODE, label=Text(id=id, en=en))


def record(id: str, en: str, **fields: Field) -> Field:
    """Return the type of a record."""
    return Field(kind=Kind.RECORD, label=Text(id=id, en=en), fields=fields)


def table(
    id: str, en: str, key: tuple[str, ...], *, may_be_empty: bool = False, **fields: Field
) -> Field:
    """Return the type of a table whose items are told apart by `key`."""
    label = Text(id=id, en=en)
    return Field(kind=Kind.TABLE, label=label, key=key, may_be_empty=may_be_empty, fields=fields)
