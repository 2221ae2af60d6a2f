"""Runs, visits and content-addressed documents."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "document",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("started", sa.String(32), nullable=False),
        sa.Column("ended", sa.String(32)),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("policy", sa.String(80), nullable=False),
        sa.Column("tool_version", sa.String(40), nullable=False),
        sa.Column("context_sha", sa.String(64), sa.ForeignKey("document.sha256"), nullable=False),
        sa.Column("findings_sha", sa.String(64), sa.ForeignKey("document.sha256")),
    )
    op.create_index("run_by_scope", "run", ["scope", "started"])
    op.create_table(
        "visit",
        sa.Column("run_id", sa.String(40), sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("target_id", sa.String(64), primary_key=True),
        sa.Column("visit_sha", sa.String(64), sa.ForeignKey("document.sha256"), nullable=False),
        sa.Column(
            "observations_sha", sa.String(64), sa.ForeignKey("document.sha256"), nullable=False
        ),
    )
