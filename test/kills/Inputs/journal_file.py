"""The rows of a journal whose process is gone, read from a copy."""
import collections
import pathlib
import shutil
import sqlite3
import tempfile

KINDS = ["", "begun", "ended", "started", "done", "caught", "failed", "dropped", "lost", "unknown", "chosen"]
ENDINGS = ("", "-wal", "-count")

Row = collections.namedtuple("Row", "number kind once key op at body")


def copy(journal, folder):
    """Copies the files that there are; returns the journal's path there."""
    for ending in ENDINGS:
        source = journal.parent / (journal.name + ending)
        if source.exists():
            shutil.copyfile(source, folder / source.name)
            (folder / source.name).chmod(0o600)
    return folder / journal.name


def rows(journal):
    if not journal.exists():
        return []
    with tempfile.TemporaryDirectory() as name:
        there = copy(journal, pathlib.Path(name))
        database = sqlite3.connect(there)
        try:
            if not database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                return []
            found = database.execute("SELECT number, kind, once, key, op, at, body FROM entry WHERE number > 0 ORDER BY number").fetchall()
        finally:
            database.close()
    return [Row(number, KINDS[kind], bool(once), key, op, at, body) for number, kind, once, key, op, at, body in found]


def last_rows(rows):
    """The last row about each execution, by its key; what has an answer keeps it."""
    out = {}
    for row in rows:
        if row.key and not (row.key in out and out[row.key].kind in ("done", "caught")):
            out[row.key] = row
    return out


def in_doubt(rows):
    return {row.at: row for row in last_rows(rows).values() if row.once and row.kind in ("started", "unknown")}
