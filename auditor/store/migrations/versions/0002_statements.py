"""Statements of officials, import by import."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the table of statements."""
    op.create_table(
        "statement",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("opd", sa.String(64), nullable=False),
        sa.Column("questionnaire", sa.String(64), nullable=False),
        sa.Column("imported", sa.String(32), nullable=False),
        sa.Column("document_sha", sa.String(64), sa.ForeignKey("document.sha256"), nullable=False),
    )
    op.create_index("statement_by_opd", "statement", ["opd", "imported"])
