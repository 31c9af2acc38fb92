"""Beside the backend: readiness, lag, the end. Without Litestream and without a bucket's server; titles are promises."""

import json
import os
import sqlite3
import unittest.mock

from fakes import InFolder, settings
from keeper import keys, litestream
from keeper.ownership import Ownership
from keeper.status import metrics
from keeper.store import newest_number
from keeper.watch import Watch


class Watching(InFolder):
    def setUp(self) -> None:
        super().setUp()
        self.made()
        self.claimed(1)
        self.watch = Watch(self.settings, self.store, Ownership(1, "t"))

    def test_it_is_ready_after_a_first_look_and_not_before(self) -> None:
        self.assertFalse(self.watch.ready)
        self.watch.step()
        self.assertTrue(self.watch.ready)
        self.assertIn("keeper_owner 1", metrics(self.watch))

    def test_a_new_transaction_and_a_new_file_are_told_at_once_and_silence_is_not(self) -> None:
        self.watch.step()
        self.watch.step()
        self.assertEqual(newest_number(self.store, keys.beats(1)), 1)
        folder = self.settings.litestream_state / "ltx" / "0"
        folder.mkdir(parents=True)
        (folder / "0000000000000007-0000000000000007.ltx").touch()
        (folder / "0000000000000008-0000000000000008.ltx.tmp").touch()
        self.watch.step()
        newest = self.store.objects[keys.beats(1) + keys.numbered(2)]
        self.assertEqual(json.loads(newest)["txid"], 7)

    def test_a_later_claim_ends_readiness_and_locks_the_database(self) -> None:
        self.watch.step()
        self.claimed(2)
        self.watch._checked_at = float("-inf")
        self.watch.step()
        self.assertFalse(self.watch.ready)
        self.assertEqual(self.watch.superseded, 2)
        writer = sqlite3.connect(self.settings.database, timeout=0)
        with self.assertRaisesRegex(sqlite3.OperationalError, "locked"):
            writer.execute("INSERT INTO t VALUES (1)")
        before = dict(self.store.objects)
        self.watch.step()
        self.watch.finish()
        self.assertEqual(self.store.objects, before)

    def test_without_the_bucket_it_stays_ready_and_goes_on_afterwards(self) -> None:
        self.watch.step()
        self.store.answers = False
        self.watch.step()
        self.assertTrue(self.watch.ready)
        self.store.answers = True
        self.watch.step()
        self.watch.finish()
        self.assertIn(keys.release(1), self.store.objects)

    def test_an_end_without_the_bucket_releases_nothing(self) -> None:
        self.watch.step()
        self.store.answers = False
        self.watch.finish()
        self.assertNotIn(keys.release(1), self.store.objects)


class Lagging(InFolder):
    """By the clock that the keeper reads, and files as Litestream leaves them."""

    def setUp(self) -> None:
        super().setUp()
        self.made()
        self.claimed(1)
        self.now = 1000.0
        self.enterContext(unittest.mock.patch("time.monotonic", lambda: self.now))
        self.enterContext(unittest.mock.patch("time.sleep", self.wait))
        self.written(1)
        self.uploaded(1)
        self.watch = Watch(self.settings, self.store, Ownership(1, "t"))

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def changed(self, at: int) -> None:
        """The application writes: only SQLite's log has it."""
        wal = self.folder / "cmbcluster.db-wal"
        wal.write_bytes(b"x")
        os.utime(wal, ns=(at, at))

    def written(self, txid: int, at: int = 0) -> None:
        """Litestream writes a transaction down on the volume."""
        path = self.settings.litestream_state / "ltx" / "0" / f"{txid:016x}-{txid:016x}.ltx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, ns=(at, at))

    def uploaded(self, txid: int) -> None:
        self.store.objects[f"{keys.replica(1)}/0000/{txid:016x}-{txid:016x}.ltx"] = b"x"

    def steps(self, seconds: int) -> None:
        for _ in range(seconds):
            self.now += 1
            self.watch.step()

    def newest_beat(self) -> dict:
        return json.loads(self.store.objects[self.store.names(keys.beats(1))[-1]])

    def test_what_is_copied_in_time_is_no_lag_however_much_is_written(self) -> None:
        for txid in range(2, 200):
            self.changed(txid)
            self.steps(1)
            self.written(txid, txid)
            self.uploaded(txid)
            self.assertEqual(self.watch.behind, 0)
        self.steps(100)
        self.assertEqual(self.watch.behind, 0)
        self.assertIn("keeper_copy_behind_seconds 0", metrics(self.watch))
        self.assertEqual((self.newest_beat()["copied"], self.newest_beat()["behind"]), (199, 0))

    def test_a_log_that_somebody_made_by_opening_the_database_is_no_change(self) -> None:
        (self.folder / "cmbcluster.db-wal").touch()
        self.steps(100)
        self.assertEqual(self.watch.behind, 0)

    def test_a_litestream_that_writes_nothing_down_is_noticed_and_told(self) -> None:
        self.changed(2)
        self.steps(100)
        self.assertGreater(self.watch.behind, 60)
        self.assertGreater(self.newest_beat()["behind"], 60)
        # The signs of life go on, so their age tells nothing of it.
        self.assertLess(self.watch.beat_age, 20)
        self.watch.finish()
        self.assertNotIn(keys.release(1), self.store.objects)
        self.written(2, 2)
        self.uploaded(2)
        self.steps(20)
        self.assertEqual(self.watch.behind, 0)

    def test_a_bucket_that_gets_no_copies_is_noticed_and_told(self) -> None:
        self.steps(1)
        self.changed(2)
        self.written(2, 2)
        self.steps(100)
        self.assertGreater(self.watch.behind, 60)
        self.assertEqual((self.newest_beat()["txid"], self.newest_beat()["copied"]), (2, 1))
        self.uploaded(2)
        self.steps(20)
        self.assertEqual((self.watch.behind, self.newest_beat()["copied"]), (0, 2))

    def test_a_bucket_that_cannot_be_asked_is_a_lag_as_well(self) -> None:
        self.steps(1)
        self.store.answers = False
        self.steps(100)
        self.assertGreater(self.watch.behind, 60)

    def test_an_end_is_clean_only_if_the_last_change_is_in_the_bucket(self) -> None:
        self.steps(1)
        self.changed(2)
        self.written(2, 2)
        self.watch.finish()
        self.assertNotIn(keys.release(1), self.store.objects)
        self.uploaded(2)
        self.changed(3)
        self.watch.finish()
        self.assertNotIn(keys.release(1), self.store.objects)
        self.written(3, 3)
        self.uploaded(3)
        self.watch.finish()
        self.assertEqual(json.loads(self.store.objects[keys.release(1)])["txid"], 3)

    def test_each_cloud_is_asked_where_litestream_writes(self) -> None:
        self.assertTrue(litestream.is_copied(self.settings, self.store, 1, 1))
        self.assertFalse(litestream.is_copied(self.settings, self.store, 1, 2))
        google = settings(self.folder, KEEPER_URL="gs://bucket")
        self.assertFalse(litestream.is_copied(google, self.store, 1, 1))
        self.ltx(1, 1)
        self.assertTrue(litestream.is_copied(google, self.store, 1, 1))

    def test_a_volume_that_cannot_be_read_is_told_once_and_looked_at_again(self) -> None:
        self.steps(1)
        with unittest.mock.patch.object(self.watch.uploads, "copy", side_effect=PermissionError("uploads")):
            self.steps(100)
        self.assertGreater(self.watch.beat_age, 90)
        self.steps(1)
        self.assertLess(self.watch.beat_age, 1)
