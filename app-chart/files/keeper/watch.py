"""
While the backend runs: signs of life, copies of uploaded files, and the end of it all when another has taken over.
"""

import json
import time

from . import keys, ownership
from .database import WriteLock
from .faults import StoreUnavailable
from .lag import Lag
from .litestream import newest_txid
from .settings import Settings
from .store import Store, newest_number
from .uploads import Uploads


#: How long an end waits for the last change to be in the bucket; Litestream itself has 30 s before, of a pod's 90 s.
FINISH_SECONDS = 5.0


class Watch:
    """The keeper beside the backend. `step` is one look; everything it does can be tried again."""

    def __init__(self, settings: Settings, store: Store, mine: ownership.Ownership) -> None:
        self._settings, self._store, self._mine = settings, store, mine
        self.uploads = Uploads(settings.uploads, store, mine.epoch)
        self._lag = Lag(settings, store, mine.epoch)
        self._lock = WriteLock(settings.database)
        self._beat_at = float("-inf")
        self._checked_at = float("-inf")
        self._told: "tuple[int, int] | None" = None
        self._failing = False
        #: The epoch that took over; None while this pod is the owner.
        self.superseded: "int | None" = None
        #: True once a first look found this pod to be the owner.
        self.begun = False

    @property
    def ready(self) -> bool:
        """Whether users may reach the backend of this pod."""
        return self.begun and self.superseded is None

    @property
    def beat_age(self) -> float:
        """Seconds since the bucket last took a sign of life."""
        return time.monotonic() - self._beat_at

    @property
    def behind(self) -> float:
        """Seconds for which a change of the database has not reached the bucket; 0 below two beats."""
        return self._lag.behind

    def step(self) -> None:
        """One look at the bucket and the volume."""
        if self.superseded is not None:
            self._lock.take()
            return
        try:
            self._look()
            if self._failing:
                print("Bucket and volume answer again.", flush=True)
            self._failing = False
        except (StoreUnavailable, OSError) as error:
            # Of uploads that cannot be read no list is written, and no sign of life: that is what the alert is on.
            if not self._failing:
                what = "volume cannot be read" if isinstance(error, OSError) else "bucket does not answer"
                print(f"The {what}; the volume holds what is not copied yet. {error}", flush=True)
            self._failing = True

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._checked_at >= self._settings.beat_seconds or self._failing:
            later = ownership.successor(self._store, self._mine.epoch)
            if later is not None:
                return self._give_up(later)
            self._lag.ask()
            self._checked_at = now
        self._lag.look()
        # In this order: a file that a transaction speaks of was there before the transaction.
        txid = newest_txid(self._settings)
        manifest = self.uploads.copy()
        told = (txid, manifest)
        if told != self._told or now - self._beat_at >= self._settings.beat_seconds:
            copies = {"copied": self._lag.copied, "behind": round(self.behind, 1)}
            if not self._mine.sign(self._store, {"txid": txid, "manifest": manifest, **copies}):
                return self._give_up(self._mine.epoch)
            self._beat_at, self._told = time.monotonic(), told
        self.begun = True

    def _give_up(self, epoch: int) -> None:
        self.superseded = epoch
        self._lock.take()
        print(
            f"Epoch {epoch} ({ownership.owner_of(self._store, epoch)}) has taken the database over. This pod takes no "
            "more requests and its database no more changes. What it wrote since is on its volume only.",
            flush=True,
        )

    def finish(self) -> None:
        """After backend and Litestream have ended: the last files, and the release if nothing is missing in the bucket."""
        if self.superseded is not None:
            return
        try:
            self._look()
            if self.superseded is not None:
                return
            txid = self._complete()
            if txid is None:
                print(
                    "Not released, since the bucket lacks the last changes, which the volume has. The next start on "
                    "this volume waits for a lease and copies them.",
                    flush=True,
                )
                return
            self._mine.release(self._store, txid)
            print(f"Epoch {self._mine.epoch} is released.", flush=True)
        except (StoreUnavailable, OSError) as error:
            print(f"Not released, so the next start waits for a lease: {error}", flush=True)

    def _complete(self) -> "int | None":
        """The last transaction once the bucket has it; None after some seconds, well within the time a pod has to end."""
        end = time.monotonic() + FINISH_SECONDS
        while (txid := self._lag.complete()) is None and time.monotonic() < end:
            time.sleep(min(0.5, FINISH_SECONDS))
        return txid


def watch(settings: Settings, store: Store) -> Watch:
    """
    The keeper of the epoch that `prepare` has claimed in this pod. It goes on behind the last beat and the last list,
    since its container may have been started anew.

    :raises StoreUnavailable: then Kubernetes starts the container again
    """
    facts = json.loads(settings.epoch_file.read_text())
    epoch = facts["epoch"]
    beat = max(facts["beat"], newest_number(store, keys.beats(epoch)))
    keeper = Watch(settings, store, ownership.Ownership(epoch, facts["token"], beat))
    keeper.uploads.manifest = newest_number(store, keys.manifests(epoch))
    return keeper
