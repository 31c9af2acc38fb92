"""
Before the backend starts: one owner, one readable database, one new replica. Every way out but the last line is a
refusal, and a refusal changes nothing on the volume.
"""

import json
import os
import shutil
import threading
import time
from pathlib import Path
from typing import Callable

from . import keys, litestream, ownership
from .database import check, create
from .faults import KeeperFault, StoreUnavailable
from .restore import ends_of, newest_point, restore_point
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
    epochs = ownership.claims(store)
    newest = epochs[-1] if epochs else 0
    if not epochs and store.first("epochs/", "") is not None:
        raise KeeperFault(
            "The bucket holds copies of a database, but no claim says whose.",
            "Bring the objects under claims/ back (the bucket keeps versions), then start again.",
        )
    if there:
        _refuse_stale_volume(settings, store, epochs)
    ownership.wait_for_owner_to_be_gone(store, newest, settings, sleep)
    point = None if there else newest_point(store)
    facts = {"restoredFrom": point.epoch if point else None, "replica": keys.replica(newest + 1)}
    mine = ownership.claim(store, newest + 1, settings, facts)
    with _SignsOfLife(mine, store, settings):
        if point:
            _restore(settings, store, mine, point)
        else:
            _mark(settings, mine)
            if not there:
                # What is written before a first copy would be restored without the proof of its files.
                create(settings.database)
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


def _refuse_stale_volume(settings: Settings, store: Store, epochs: "list[int]") -> None:
    """A volume that somebody wrote after: its database is older than what users have seen since."""
    own = _marked(settings)
    later = [epoch for epoch in epochs if epoch > own and ends_of(store, epoch)]
    if not later or settings.accept_epoch == own > 0:
        return
    raise KeeperFault(
        f"The database on this volume was last written in epoch {own or 'unknown'}, and epoch {later[-1]} "
        f"({ownership.owner_of(store, later[-1])}) wrote a later one elsewhere.",
        "Starting would bring an old state back. To go on with the later one, give this volume up; to go on with "
        f"this volume and lose what came after, set database.acceptEpoch to {own or 'the epoch in .keeper.json'}: "
        "docs/data-safety.md, The database.",
    )


def _restore(settings: Settings, store: Store, mine: ownership.Ownership, point) -> None:
    """Into a folder beside, and moved from there: a start that is cut off leaves no half database."""
    print(f"The volume is empty: restoring epoch {point.epoch}. {point.note}", flush=True)
    aside = settings.data / ".restoring"
    done = restore_point(store, point, aside, settings)
    # The marker first: a database without one would pass for a stranger's.
    _mark(settings, mine)
    shutil.rmtree(settings.uploads, ignore_errors=True)
    shutil.move(done.uploads, settings.uploads)
    _sync(aside)
    os.replace(done.database, settings.database)
    _sync(settings.data)
    shutil.rmtree(aside)
    print(f"Restored in {done.seconds:.1f} s, with {done.files} uploaded files.", flush=True)


def _mark(settings: Settings, mine: ownership.Ownership) -> None:
    scratch = settings.marker.with_suffix(".new")
    scratch.write_text(json.dumps({"epoch": mine.epoch}))
    _sync(scratch)
    os.replace(scratch, settings.marker)
    _sync(settings.data)


def _marked(settings: Settings) -> int:
    """The epoch that wrote the volume last; 0: it does not say."""
    try:
        return int(json.loads(settings.marker.read_text())["epoch"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _sync(path: Path) -> None:
    """To the disk, a folder's entries too."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
