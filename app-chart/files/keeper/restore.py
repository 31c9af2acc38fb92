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

from . import beats, keys, litestream
from .database import damage
from .faults import KeeperFault
from .ownership import claims
from .settings import Settings
from .store import Store
from .uploads import restore_uploads


@dataclass(frozen=True)
class Point:
    """What can be restored: an epoch's database up to a transaction, with the files of a list."""

    epoch: int
    #: Restore up to this transaction; None: as far as the copy goes.
    txid: "int | None"
    #: The list of files; 0: none.
    manifest: int
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


def newest_point(store: Store, given_up: int = 0) -> "Point | None":
    """
    The newest moment of which database and files are both in the bucket, None in an empty bucket. An epoch without any
    copy is passed over only if its backend never started, since a start begins with a copy.

    :param given_up: what is gone of this epoch and of earlier ones is accepted (`database.acceptEpoch`); 0: nothing is
    :raises KeeperFault: copies that were there are gone
    """
    for epoch in reversed(claims(store)):
        ends = ends_of(store, epoch)
        if ends:
            return _point(store, epoch, ends, epoch <= given_up)
        if epoch > given_up and was_copied(store, epoch):
            raise KeeperFault(
                f"Every copy of epoch {epoch} is gone: {keys.replica(epoch)}/ is empty, though its backend has run.",
                "Bring these objects back (the bucket keeps versions), then start again. To start from what is older, "
                f"or from an empty database if nothing is, set database.acceptEpoch to {epoch}, and lose what was "
                "written in it: docs/data-safety.md, The database.",
            )
    return None


def was_copied(store: Store, epoch: int) -> bool:
    """Whether copies of an epoch were in the bucket, wherever they are now: its own words say so."""
    if store.get(keys.release(epoch)) is not None:
        return True
    beat = beats.newest(store, epoch)
    return beat is not None and int(beat["txid"]) > 0


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


def _point(store: Store, epoch: int, ends: "list[int]", given_up: bool) -> Point:
    beat = beats.newest(store, epoch)
    known = max(int((beat or {}).get("copied") or 0), released(store, epoch))
    if ends[-1] < known:
        # The owner may have copied on between the list and its word on it.
        ends = ends_of(store, epoch)
    if ends[-1] < known and not given_up:
        raise KeeperFault(
            f"The copy of epoch {epoch} ends at transaction {ends[-1]}, and was in the bucket up to {known}.",
            f"Bring the objects that are gone under {keys.replica(epoch)}/ back (the bucket keeps versions), then start "
            f"again. To go on without them, set database.acceptEpoch to {epoch}: docs/data-safety.md, The database.",
        )
    if beat is not None:
        return _paired(store, epoch, ends, beat)
    names = store.names(keys.manifests(epoch))
    newest = keys.number_of(names[-1]) if names else 0
    note = "No beat tells which files belong to which transaction: the newest of both are taken."
    return Point(epoch, None, newest, note)


def released(store: Store, epoch: int) -> int:
    """The transaction that a clean end says is copied; 0: it says none, or there was no such end."""
    raw = store.get(keys.release(epoch))
    try:
        return int(json.loads(raw or b"{}").get("txid") or 0)
    except (ValueError, TypeError, AttributeError):
        return 0


def _paired(store: Store, epoch: int, ends: "list[int]", beat: dict) -> Point:
    manifest, copied = int(beat["manifest"]), ends[-1]
    reachable = [end for end in ends if end <= int(beat["txid"])]
    if not reachable:
        # The start was cut off before the backend ran: the first copy, with the files of that moment.
        return Point(epoch, None, manifest)
    # Up to here and no further: beside a backend that lives, more is copied meanwhile than the list has the files of.
    end = reachable[-1]
    if end == copied:
        return Point(epoch, end, manifest, _gap(store, epoch, copied, beat))
    return Point(epoch, end, manifest, f"The copy of the files lags: {copied - end} later transactions are left out.")


def _gap(store: Store, epoch: int, copied: int, beat: dict) -> str:
    """What the owner still told of, and the bucket does not hold."""
    said = []
    missing = int(beat["txid"]) - copied
    if missing > 0:
        within = beats.newest_within(store, epoch, copied)
        seconds = f", of {max(0.0, float(beat['at']) - float(within['at'])):.1f} s" if within else ""
        said.append(f"The copy lags: {missing} transactions{seconds}, were on the volume alone.")
    if float(beat.get("behind") or 0) > 0:
        said.append(f"Litestream had brought no change to the bucket for {float(beat['behind']):.0f} s.")
    return " ".join(said)


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
