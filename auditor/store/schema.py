"""Bring a store to this version's schema, or say why not."""

from importlib.resources import as_file, files

import sqlalchemy as sa

from auditor.errors import StoreError

REVISION = "0002"
"""The newest migration."""


def upgrade(engine: sa.Engine) -> None:
    """Create or upgrade the tables; a store of a newer auditor is refused."""
    revision = _revision(engine)
    if revision == REVISION:
        return
    if revision is not None and revision > REVISION:
        raise StoreError(
            f"the store was made by a newer auditor (schema {revision}, this one knows "
            f"{REVISION}): update the auditor"
        )
    from alembic import command
    from alembic.config import Config

    with as_file(files("auditor.store") / "migrations") as scripts:
        config = Config()
        config.set_main_option("script_location", str(scripts))
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _revision(engine: sa.Engine) -> str | None:
    """Return the schema that a store has, None for an empty one."""
    with engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        if "alembic_version" not in tables:
            if tables:
                raise StoreError("the database holds other tables: it is no store of the auditor")
            return None
        revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return revision
