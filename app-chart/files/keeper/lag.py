"""How far the bucket is behind the volume: by what is in the bucket, and by nothing that Litestream says of itself."""

import time

from . import litestream
from .settings import Settings
from .store import Store


class Lag:
    """
    Waits for one change of the database at a time: until Litestream has written it down on the volume (a Litestream
    that hangs or is gone does not), then until that file is in the bucket; then for the next.
    """

    def __init__(self, settings: Settings, store: Store, epoch: int) -> None:
        self._settings, self._store, self._epoch = settings, store, epoch
        #: The newest transaction that was seen in the bucket; 0: none yet.
        self.copied = 0
        self._await_next()

    def _await_next(self) -> None:
        self._since = time.monotonic()
        self._change = litestream.changed_at(self._settings)
        self._txid: "int | None" = None

    @property
    def behind(self) -> float:
        """
        Seconds for which a change has not reached the bucket; 0 below two beats, since the bucket is asked once a beat.
        """
        age = time.monotonic() - self._since
        return age if age > 2 * self._settings.beat_seconds else 0.0

    def look(self) -> None:
        """At the volume: cheap, so that the transaction which holds the change is known as it appears."""
        if self._txid is None:
            txid, at = litestream.newest_file(self._settings)
            if at >= self._change:
                self._txid = txid

    def ask(self) -> None:
        """
        The bucket: one request, none where nothing has changed.

        :raises StoreUnavailable: nothing is known, and the change is waited for
        """
        self.look()
        if self._txid is None:
            return
        if self._txid <= self.copied or litestream.is_copied(self._settings, self._store, self._epoch, self._txid):
            self.copied = max(self.copied, self._txid)
            self._await_next()

    def complete(self) -> "int | None":
        """
        After Litestream has ended: the volume's last transaction if all that was written is in the bucket, else None.

        :raises StoreUnavailable: nothing is known
        """
        self.ask()
        txid, at = litestream.newest_file(self._settings)
        # A change that no file of Litestream is younger than was never written down.
        if self.behind > 0 or litestream.changed_at(self._settings) > at:
            return None
        return txid if litestream.is_copied(self._settings, self._store, self._epoch, txid) else None
