"""Whether a file is a database that SQLite can read."""

import os
import sqlite3
from pathlib import Path

from .faults import KeeperFault


def damage(database: Path) -> "str | None":
    """What is wrong with the file, None when SQLite finds every page of it in order."""
    # SQLite takes a file of no bytes for a new database. The keeper makes none such.
    if database.stat().st_size == 0:
        return "the file is empty (0 bytes)"
    try:
        connection = sqlite3.connect(f"file:{database}?mode=rw", uri=True, timeout=30)
        try:
            rows = connection.execute("PRAGMA integrity_check(5)").fetchall()
        finally:
            connection.close()
    except sqlite3.Error as error:
        return str(error)
    said = "; ".join(str(row[0]) for row in rows)
    return None if said == "ok" else said


def has_tables(database: Path) -> bool:
    """Of a sound one. Litestream's first copy makes two of its own, so one that was ever copied has some."""
    connection = sqlite3.connect(f"file:{database}?mode=rw", uri=True, timeout=30)
    try:
        return connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0] > 0
    finally:
        connection.close()


def create(database: Path) -> None:
    """An empty database, in the journal mode of the backend: there or not there, never half."""
    scratch = database.with_suffix(".new")
    scratch.unlink(missing_ok=True)
    connection = sqlite3.connect(scratch)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    os.replace(scratch, database)


def check(database: Path) -> None:
    """
    :raises KeeperFault: the database cannot be read
    """
    found = damage(database)
    if found is not None:
        raise KeeperFault(
            f"The database {database} cannot be read: {found[:400]}.",
            "It is left as it is, and the backend does not start over it. Either repair it on its volume (keep a copy "
            "first), or give the volume up, so that the newest copy is restored from the bucket onto a new one: "
            "docs/data-safety.md, The database.",
        )


class WriteLock:
    """
    Keeps every other program from writing the database, by SQLite's own lock, until the process ends. Reading goes on.
    """

    def __init__(self, database: Path) -> None:
        self._path = database
        self._connection: "sqlite3.Connection | None" = None

    @property
    def held(self) -> bool:
        return self._connection is not None

    def take(self) -> bool:
        """False while another holds it, or there is no database: to be tried again."""
        if self._connection is not None:
            return True
        try:
            connection = sqlite3.connect(
                f"file:{self._path}?mode=rw", uri=True, timeout=5, isolation_level=None, check_same_thread=False
            )
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            return False
        self._connection = connection
        return True
