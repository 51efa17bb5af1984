"""Bringing a database to the version of the code."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from casestore.errors import StoreError

#: The newest revision in `versions/`; a test holds the two together.
REVISION = "0001"


def revision(engine: Engine) -> str | None:
    """The revision a database is at, None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(engine: Engine) -> bool:
    """Bring the database to `REVISION`; whether there was anything to do.

    Raises StoreError for a database made by a newer version.
    """
    found = revision(engine)
    if found == REVISION:
        return False
    if found is not None and found > REVISION:
        raise StoreError(f"数据库由更新的版本建立({found})，请升级程序后再启动")

    from alembic import command  # noqa: PLC0415 - costs 0.2 s, needed once a version
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.connect() as connection:
        # A batch ALTER on SQLite deletes the children of a rebuilt table while foreign keys are on.
        # The pragma does nothing inside a transaction, so it goes to the driver itself.
        driver = connection.connection.dbapi_connection
        assert driver is not None  # noqa: S101
        driver.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise StoreError(f"升级数据库时发现表 {broken[0]} 的关联不完整，未作任何改动")
    return True
