"""Write down the types of facts with their bilingual labels, in few words."""

from auditor.model.base import Text
from auditor.model.fact import Field, Kind


def leaf(kind: Kind, id_: str, en: str, *, may_be_empty: bool = False) -> Field:
    """Return the type of a single fact."""
    return Field(kind=kind, label=Text(id=id_, en=en), may_be_empty=may_be_empty)


def record(id_: str, en: str, fields: dict[str, Field], others: Field | None = None) -> Field:
    """Return the type of a record; `others` is the type of names that are not listed."""
    return Field(kind=Kind.RECORD, label=Text(id=id_, en=en), fields=fields, others=others)


def table(
    id_: str,
    en: str,
    key: str | tuple[str, ...],
    fields: dict[str, Field],
    *,
    may_be_empty: bool = False,
) -> Field:
    """Return the type of a list of records that the field or fields `key` tell apart."""
    return Field(
        kind=Kind.TABLE,
        label=Text(id=id_, en=en),
        key=(key,) if isinstance(key, str) else key,
        fields=fields,
        may_be_empty=may_be_empty,
    )
