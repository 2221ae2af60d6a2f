"""What officials stated, import by import, with the files that show it; nothing is overwritten."""

from collections.abc import Iterable

import sqlalchemy as sa

from auditor.errors import ConfigError, StoreError
from auditor.model.attest import Statement
from auditor.model.base import OpdId
from auditor.store.documents import holds, keep, keep_bytes, load, load_bytes, moment
from auditor.store.tables import DOCUMENT, STATEMENT

EVIDENCE = "evidence"
"""Kind of the documents that hold a file as it came."""


def keep_statements(
    connection: sa.Connection, stated: Iterable[Statement], evidence: Iterable[bytes]
) -> None:
    """Add statements and files within the caller's transaction."""
    for content in evidence:
        keep_bytes(connection, EVIDENCE, content)
    for statement in stated:
        for answer in statement.answers:
            for file in answer.evidence:
                if not holds(connection, file.sha256):
                    raise StoreError(f"the evidence {file.name} of {answer.question} is not there")
        row = {
            "opd": statement.opd,
            "questionnaire": statement.questionnaire,
            "imported": moment(statement.imported),
            "document_sha": keep(connection, "statement", statement),
        }
        connection.execute(STATEMENT.insert().values(**row))


def statements(connection: sa.Connection, opd: OpdId | None) -> tuple[Statement, ...]:
    """Return what an office stated, or all did, in the order of import."""
    query = sa.select(STATEMENT.c.document_sha).order_by(STATEMENT.c.imported, STATEMENT.c.id)
    if opd is not None:
        query = query.where(STATEMENT.c.opd == opd)
    names = connection.scalars(query).all()
    return tuple(load(connection, sha, Statement) for sha in names)


def evidence(connection: sa.Connection, sha: str) -> bytes:
    """Return the content of a file of evidence; documents of other kinds are none."""
    kind = connection.scalar(sa.select(DOCUMENT.c.kind).where(DOCUMENT.c.sha256 == sha))
    if kind != EVIDENCE:
        raise ConfigError("evidence", f"the store holds no file of evidence {sha[:12]!r}")
    return load_bytes(connection, sha)
