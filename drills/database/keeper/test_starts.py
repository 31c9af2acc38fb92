"""Starts, and what they refuse. Without Litestream and without a bucket's server; titles are promises."""

import json
import sqlite3
import unittest.mock
from pathlib import Path

from fakes import InFolder, settings
from keeper import database, keys, litestream, volume
from keeper.database import WriteLock, check, damage
from keeper.faults import KeeperFault, StoreUnavailable
from keeper.ownership import Ownership
import keeper.prepare as prepare_module
from keeper.prepare import prepare
from keeper.settings import Settings


class Starts(InFolder):
    def setUp(self) -> None:
        super().setUp()
        #: What was wrong with the database at each first copy.
        self.copied: "list[str | None]" = []

    def start(self, restored: bool = False, **other: object) -> Ownership:
        def replicate_once(told: Settings) -> None:
            self.copied.append(damage(told.database))

        def restore(told: Settings, epoch: int, txid: "int | None", into: Path) -> None:
            self.assertTrue(restored)
            database.create(into)

        with (
            unittest.mock.patch.object(litestream, "replicate_once", replicate_once),
            unittest.mock.patch.object(litestream, "restore", restore),
        ):
            return prepare(settings(self.folder, **other), self.store, lambda seconds: None)

    def test_the_first_start_claims_the_first_epoch_and_marks_the_volume(self) -> None:
        self.assertEqual(self.start().epoch, 1)
        marker = json.loads(self.settings.marker.read_text())
        self.assertEqual(marker, {"epoch": 1, "token": json.loads(self.store.objects[keys.claim(1)])["token"]})
        self.assertEqual(json.loads(self.settings.epoch_file.read_text())["epoch"], 1)

    def test_a_new_platform_has_a_first_copy_of_an_empty_database_before_anybody_writes(self) -> None:
        mine = self.start()
        self.assertEqual(self.copied, [None])
        connection = sqlite3.connect(self.settings.database)
        self.assertEqual(connection.execute("PRAGMA journal_mode").fetchone(), ("wal",))
        self.assertEqual(connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone(), (0,))
        connection.close()
        beat = json.loads(self.store.objects[keys.beats(1) + keys.numbered(mine.beat)])
        self.assertEqual(beat["manifest"], 1)

    def test_every_start_has_a_replica_of_its_own_and_forgets_what_litestream_knew(self) -> None:
        self.made()
        self.start()
        self.settings.litestream_state.mkdir()
        self.start()
        config = json.loads(self.settings.litestream_config.read_text())
        self.assertEqual(config["dbs"][0]["replica"]["path"], "epochs/0000000002/db")
        self.assertEqual(config["retention"], {"enabled": False})
        self.assertFalse(self.settings.litestream_state.exists())

    def test_a_volume_that_somebody_wrote_after_is_refused_unless_it_is_accepted(self) -> None:
        self.made()
        self.start()
        self.claimed(2)
        # A claim alone wrote nothing.
        self.assertEqual(self.start().epoch, 3)
        self.claimed(4)
        self.ltx(4, 1)
        with self.assertRaisesRegex(KeeperFault, "last written in epoch 3, and epoch 4 .* set database.acceptEpoch to 3"):
            self.start()
        with self.assertRaises(KeeperFault):
            self.start(KEEPER_ACCEPT_EPOCH=2)
        self.assertEqual(self.start(KEEPER_ACCEPT_EPOCH=3).epoch, 5)

    def test_a_database_from_nowhere_is_refused_where_the_bucket_has_one(self) -> None:
        self.claimed(1)
        self.ltx(1, 1)
        self.made()
        with self.assertRaisesRegex(KeeperFault, "last written in epoch unknown"):
            self.start(KEEPER_ACCEPT_EPOCH=0)

    def test_an_unreadable_database_is_refused_before_anything_is_claimed(self) -> None:
        self.settings.database.write_bytes(b"not a database, and long enough to be looked at" * 100)
        with self.assertRaisesRegex(KeeperFault, "cannot be read"):
            self.start()
        self.assertEqual(self.store.objects, {})

    def test_copies_without_claims_are_refused(self) -> None:
        self.claimed(1)
        for orphan in (keys.replica(2) + "/0000/x.ltx", keys.release(2), keys.beats(2) + keys.numbered(1)):
            with self.subTest(orphan):
                self.store.objects[orphan] = b"{}"
                with self.assertRaisesRegex(KeeperFault, "no claim says whose"):
                    self.start()
                del self.store.objects[orphan]
        self.store.objects = {"files/abc": b""}
        with self.assertRaisesRegex(KeeperFault, "no claim says whose"):
            self.start()

    def test_a_volume_of_another_bucket_is_refused_whatever_its_number_unless_it_is_accepted(self) -> None:
        self.made()
        self.start()
        for marker in ({"epoch": 9, "token": "another"}, {"epoch": 1, "token": "another"}, {"epoch": 1}):
            with self.subTest(marker):
                self.settings.marker.write_text(json.dumps(marker))
                with self.assertRaisesRegex(KeeperFault, "is not the one in this bucket"):
                    self.start()
        self.settings.marker.write_text(json.dumps({"epoch": 9, "token": "another"}))
        self.assertEqual(self.start(KEEPER_ACCEPT_EPOCH=9).epoch, 2)
        self.assertEqual(self.start().epoch, 3)

    def test_a_later_epoch_whose_copies_are_gone_is_a_later_one_all_the_same(self) -> None:
        self.made()
        self.start()
        self.claimed(2)
        self.beat(2, 1, txid=5, manifest=1)
        with self.assertRaisesRegex(KeeperFault, "epoch 2 .* wrote a later one"):
            self.start()

    def test_a_database_that_is_missing_from_a_volume_in_use_is_not_restored_over_it(self) -> None:
        self.start()
        self.settings.database.unlink()
        before = dict(self.store.objects)
        with self.assertRaisesRegex(KeeperFault, r"is missing, and the volume was in use: .*\.keeper\.json"):
            self.start()
        self.settings.marker.unlink()
        for name in ("cmbcluster.db-wal", "cmbcluster.db-shm", "uploads/applications/a.png"):
            with self.subTest(name):
                path = self.folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"people's")
                with self.assertRaisesRegex(KeeperFault, "the volume was in use"):
                    self.start()
                self.assertEqual(path.read_bytes(), b"people's")
                path.unlink()
        self.assertEqual(self.store.objects, before)

    def test_a_start_that_was_cut_off_is_repeated_and_nothing_it_meets_is_deleted(self) -> None:
        for step in ("create", "restore"):
            with self.subTest(step):
                self.settings.restoring.mkdir()
                self.settings.marker.write_text("{")
                wal, upload = self.folder / "cmbcluster.db-wal", self.folder / "uploads" / "a.png"
                wal.write_bytes(b"another's")
                upload.parent.mkdir(exist_ok=True)
                upload.write_bytes(b"people's")
                epoch = self.start(restored=step == "restore").epoch
                self.assertFalse(wal.exists())
                self.assertFalse(self.settings.restoring.exists())
                aside = self.folder / f".aside-{epoch}"
                self.assertEqual((aside / "cmbcluster.db-wal").read_bytes(), b"another's")
                kept = upload if step == "create" else aside / "uploads" / "a.png"
                self.assertEqual(kept.read_bytes(), b"people's")
                self.assertIsNone(damage(self.settings.database))
                self.settings.database.unlink()
                self.ltx(epoch, 1)

    def test_a_first_start_that_is_cut_off_at_any_step_is_repeated(self) -> None:
        for module, step in ((volume, "mark"), (prepare_module, "create"), (volume, "sync"), (prepare_module, "Uploads")):
            with self.subTest(step):
                with unittest.mock.patch.object(module, step, side_effect=SystemExit), self.assertRaises(SystemExit):
                    self.start()
        self.start()

    def test_an_empty_file_and_one_without_tables_are_not_taken_for_the_database(self) -> None:
        self.settings.database.write_bytes(b"")
        with self.assertRaisesRegex(KeeperFault, "the file is empty"):
            self.start()
        self.settings.database.unlink()
        # Before its first copy a new one has none.
        self.start()
        self.start()
        self.beat(2, 9, txid=1, manifest=1)
        with self.assertRaisesRegex(KeeperFault, "has no tables, and the one that was copied in epoch 2 has"):
            self.start()
        self.made()
        self.assertEqual(self.start().epoch, 3)

    def test_without_any_copy_that_was_there_no_empty_database_is_made(self) -> None:
        self.claimed(1)
        Ownership(1, "t").release(self.store, 500)
        with self.assertRaisesRegex(KeeperFault, "Every copy of epoch 1 is gone"):
            self.start()
        self.assertFalse(self.settings.database.exists())
        self.assertEqual(self.start(KEEPER_ACCEPT_EPOCH=1).epoch, 2)

    def test_without_the_bucket_there_is_no_start(self) -> None:
        self.store.answers = False
        with self.assertRaises(StoreUnavailable):
            self.start()
        self.assertFalse(self.settings.marker.exists())


class Databases(InFolder):
    def test_a_sound_one_passes_and_a_broken_one_says_what_to_do(self) -> None:
        self.assertIsNone(damage(self.made()))
        self.settings.database.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
        with self.assertRaisesRegex(KeeperFault, "left as it is.*give the volume up"):
            check(self.settings.database)

    def test_the_lock_needs_a_database(self) -> None:
        lock = WriteLock(self.settings.database)
        self.assertFalse(lock.take())
        self.made()
        self.assertTrue(lock.take())
        self.assertTrue(lock.take())
        self.assertTrue(lock.held)
