"""
From the bucket back to files: the database and the uploads as they were at one and the same moment.

A beat says: when transaction `txid` was already written, these were all the files. So the files of a beat are complete
for every transaction up to its `txid`, whatever had become of the copies by then. The newest pair is taken: where the
files lag behind, the database goes back to the newest transaction that they are complete for.
"""

import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from . import keys, litestream
from .database import damage
from .faults import KeeperFault
from .ownership import claims
from .settings import Settings
from .store import Store, newest_number
from .uploads import restore_uploads


@dataclass(frozen=True)
class Point:
    """What can be restored: an epoch's database up to a transaction, with the files of a list."""

    epoch: int
    #: Restore up to this transaction; None: as far as the copy goes.
    txid: "int | None"
    #: The list of files; 0: none.
    manifest: int
    #: When the beat was written, by its owner's clock, in seconds since 1970; 0: there was no beat.
    at: float
    #: What a reader should know, empty when nothing.
    note: str = ""


@dataclass(frozen=True)
class Restored:
    """What a restore brought."""

    point: Point
    database: Path
    uploads: Path
    files: int
    seconds: float


def newest_point(store: Store) -> "Point | None":
    """
    The newest moment of which database and files are both in the bucket, None in an empty bucket. An epoch without any
    copy is passed over: its backend never started, since a start begins with a copy.
    """
    for epoch in reversed(claims(store)):
        ends = ends_of(store, epoch)
        if ends:
            return _point(store, epoch, ends)
    return None


def ends_of(store: Store, epoch: int) -> "list[int]":
    """The transactions at which a file of the epoch's replica ends, in order."""
    names = store.names(f"{keys.replica(epoch)}/")
    found = [each for each in map(keys.ltx, names) if each is not None]
    if names and not found:
        # Passing such an epoch over would bring back an older state in silence.
        raise KeeperFault(
            f"Under {keys.replica(epoch)}/ lie {len(names)} objects, such as {names[0]}, and none is a copy that this "
            "version can read.",
            "Start the version of the application's chart that wrote them.",
        )
    return sorted({each.last for each in found})


def _point(store: Store, epoch: int, ends: "list[int]") -> Point:
    prefix = keys.beats(epoch)
    number = newest_number(store, prefix)
    while number > 0:
        raw = store.get(prefix + keys.numbered(number))
        if raw is None:
            break
        beat = json.loads(raw)
        if beat.get("txid") is not None and beat.get("manifest") is not None:
            return _paired(epoch, ends, beat)
        # A sign of life from before the files were looked at.
        number -= 1
    names = store.names(keys.manifests(epoch))
    newest = keys.number_of(names[-1]) if names else 0
    note = "No beat tells which files belong to which transaction: the newest of both are taken."
    return Point(epoch, None, newest, 0.0, note)


def _paired(epoch: int, ends: "list[int]", beat: dict) -> Point:
    proven, copied = int(beat["txid"]), ends[-1]
    if copied <= proven:
        return Point(epoch, None, int(beat["manifest"]), float(beat["at"]))
    reachable = [end for end in ends if end <= proven]
    if not reachable:
        # The start was cut off before the backend ran: the first copy, with the files of that moment.
        return Point(epoch, None, int(beat["manifest"]), float(beat["at"]))
    note = f"The copy of the files lags: {copied - reachable[-1]} later transactions are left out."
    return Point(epoch, reachable[-1], int(beat["manifest"]), float(beat["at"]), note)


def restore_point(store: Store, point: Point, into: Path, settings: Settings) -> Restored:
    """
    Writes `into/<name of the database>` and `into/uploads`, both checked. `into` is emptied first.

    :raises KeeperFault: what cannot be restored, with the remedy; nothing is handed on then
    """
    begun = time.monotonic()
    shutil.rmtree(into, ignore_errors=True)
    uploads = into / "uploads"
    uploads.mkdir(parents=True)
    database = into / settings.database.name
    litestream.restore(settings, point.epoch, point.txid, database)
    found = damage(database)
    if found is not None:
        raise KeeperFault(
            f"The copy of epoch {point.epoch} was restored and is damaged: {found[:400]}.",
            "The backend does not start over it. Restore an earlier state: docs/data-safety.md, The database.",
        )
    files = restore_uploads(store, point.epoch, point.manifest, uploads)
    return Restored(point, database, uploads, files, time.monotonic() - begun)
