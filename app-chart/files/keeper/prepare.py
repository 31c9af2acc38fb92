"""
Before the backend starts: one owner, one readable database, one new replica. Every way out but the last line is a
refusal, and a refusal changes nothing on the volume.
"""

import json
import os
import shutil
import threading
import time
from typing import Callable

from . import keys, litestream, ownership, volume
from .database import check, create
from .faults import KeeperFault, StoreUnavailable
from .restore import Point, newest_point, restore_point
from .settings import Settings
from .store import Store
from .uploads import Uploads


def prepare(settings: Settings, store: Store, sleep: Callable[[float], None] = time.sleep) -> ownership.Ownership:
    """
    Claims the database, restores it where the volume is empty, and makes a first copy under a new path.

    :raises KeeperFault: the start is refused
    :raises StoreUnavailable: the bucket does not answer; without it nobody can tell whether another one writes
    """
    there = settings.database.exists()
    if there:
        check(settings.database)
    else:
        volume.refuse_unless_empty(settings)
    epochs = ownership.claims(store)
    newest = epochs[-1] if epochs else 0
    _refuse_ownerless_copies(store, newest)
    if there:
        volume.refuse_stale(settings, store, epochs)
    ownership.wait_for_owner_to_be_gone(store, newest, settings, sleep)
    point = None if there else newest_point(store, settings.accept_epoch)
    facts = {"restoredFrom": point.epoch if point else None, "replica": keys.replica(newest + 1)}
    mine = ownership.claim(store, newest + 1, settings, facts)
    with _SignsOfLife(mine, store, settings):
        if point:
            _restore(settings, store, mine, point)
        elif there:
            volume.mark(settings, mine)
            # Left by a restore that was cut off after its last step.
            shutil.rmtree(settings.restoring, ignore_errors=True)
        else:
            _create(settings, mine)
        # What Litestream remembers belongs to another replica.
        shutil.rmtree(settings.litestream_state, ignore_errors=True)
        litestream.write_config(settings, mine.epoch)
        # The files before the database: whatever of this epoch is in the bucket, its files are there too.
        manifest = Uploads(settings.uploads, store, mine.epoch).copy()
        mine.sign(store, {"txid": 0, "manifest": manifest})
        litestream.replicate_once(settings)
        mine.sign(store, {"txid": litestream.newest_txid(settings), "manifest": manifest})
    if ownership.successor(store, mine.epoch) is not None:
        raise KeeperFault("Another pod took the database over during this start.", "This pod tries again by itself.")
    settings.epoch_file.write_text(json.dumps({"epoch": mine.epoch, "token": mine.token, "beat": mine.beat}))
    print(f"Epoch {mine.epoch}: the database is this pod's.", flush=True)
    return mine


def _refuse_ownerless_copies(store: Store, newest: int) -> None:
    """What lies above the newest claim would be mixed with this start's own, and what lies without any be forgotten."""
    # Behind every name that begins with the newest claim's number.
    above = keys.numbered(newest) + "~"
    found = [store.first(prefix, prefix + above) for prefix in ("epochs/", "beats/", keys.RELEASES)]
    if newest == 0:
        found.append(store.first(keys.content(""), ""))
    orphan = next((key for key in found if key is not None), None)
    # Unless it is of another start at this very moment, whose claim counts.
    if orphan is not None and ownership.successor(store, newest) is None:
        raise KeeperFault(
            f"The bucket holds copies of a database ({orphan}), but no claim says whose.",
            "Bring the objects under claims/ back (the bucket keeps versions), then start again.",
        )


def _create(settings: Settings, mine: ownership.Ownership) -> None:
    """What is written before a first copy would be restored without the proof of its files: so an empty one is made."""
    # A start that is cut off here is known by this folder.
    settings.restoring.mkdir(exist_ok=True)
    volume.mark(settings, mine)
    volume.set_aside(settings, mine, uploads=False)
    create(settings.database)
    volume.sync(settings.data)
    shutil.rmtree(settings.restoring)


def _restore(settings: Settings, store: Store, mine: ownership.Ownership, point: Point) -> None:
    """Into a folder beside, and moved from there: a start that is cut off leaves no half database."""
    print(f"The volume is empty: restoring epoch {point.epoch}. {point.note}", flush=True)
    done = restore_point(store, point, settings.restoring, settings)
    # The marker first: a database without one would pass for a stranger's.
    volume.mark(settings, mine)
    volume.set_aside(settings, mine, uploads=True)
    shutil.move(done.uploads, settings.uploads)
    volume.sync(settings.restoring)
    os.replace(done.database, settings.database)
    volume.sync(settings.data)
    shutil.rmtree(settings.restoring)
    print(f"Restored in {done.seconds:.1f} s, with {done.files} uploaded files.", flush=True)


class _SignsOfLife:
    """Beats while a restore takes its time."""

    def __init__(self, mine: ownership.Ownership, store: Store, settings: Settings) -> None:
        self._mine, self._store, self._settings = mine, store, settings
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)

    def __enter__(self) -> None:
        self._mine.sign(self._store, {})
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._end.wait(self._settings.beat_seconds):
            try:
                self._mine.sign(self._store, {})
            except StoreUnavailable as error:
                print(f"No sign of life was written: {error}", flush=True)
