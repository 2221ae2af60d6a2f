"""The tables of the store. Documents are content-addressed: the same text is kept once."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

METADATA = MetaData()

DOCUMENT = Table(
    "document",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    comment="JSON documents, deflated, named by the SHA-256 of their text",
)
RUN = Table(
    "run",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("started", String(32), nullable=False),
    Column("ended", String(32)),
    Column("state", String(12), nullable=False),
    Column("scope", Text, nullable=False),
    Column("policy", String(80), nullable=False),
    Column("tool_version", String(40), nullable=False),
    Column("context_sha", String(64), ForeignKey("document.sha256"), nullable=False),
    Column("findings_sha", String(64), ForeignKey("document.sha256")),
    Index("run_by_scope", "scope", "started"),
    comment="One execution; times are ISO 8601 in UTC, so that text order is time order",
)
VISIT = Table(
    "visit",
    METADATA,
    Column("run_id", String(40), ForeignKey("run.id"), primary_key=True),
    Column("target_id", String(64), primary_key=True),
    Column("visit_sha", String(64), ForeignKey("document.sha256"), nullable=False),
    Column("observations_sha", String(64), ForeignKey("document.sha256"), nullable=False),
    comment="One target in one run",
)
STATEMENT = Table(
    "statement",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("opd", String(64), nullable=False),
    Column("questionnaire", String(64), nullable=False),
    Column("imported", String(32), nullable=False),
    Column("document_sha", String(64), ForeignKey("document.sha256"), nullable=False),
    Index("statement_by_opd", "opd", "imported"),
    comment="What an office stated at one import; rows are added, never changed",
)
