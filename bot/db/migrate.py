"""Brings a database to this version. Alembic is imported only when there is something to do."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from bot.errors import BotError

HERE = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing, all or none of them. Raises `BotError` for a database that is newer."""
    names = {path.stem.partition("_")[0] for path in (HERE / "versions").glob("[0-9]*.py")}
    head = max(names)
    with engine.connect() as look:
        if _version(look) == head:
            return
    with engine.connect().execution_options(paceline_writes=True) as db, db.begin():
        version = _version(db)  # again, now that nobody else can migrate
        if version and version not in names:
            raise BotError(f"The database is of a newer Paceline (version {version}). Install that one, or newer.")
        if version != head:
            _run(db)


def _version(db: Connection) -> str:
    if not inspect(db).has_table("alembic_version"):
        return ""
    return db.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def _run(db: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = db
    command.upgrade(config, "head")
