"""The keeper without Litestream and without a bucket's server: its own decisions. Titles are promises."""

import contextlib
import io
import hashlib
import json
import os
import sqlite3
import subprocess
import tempfile
import unittest
import unittest.mock
from pathlib import Path

from fakes import FakeStore, settings
from keeper import database, drill, keys, litestream
from keeper.database import WriteLock, check, damage
from keeper.faults import KeeperFault, StoreUnavailable
from keeper.ownership import Ownership, claim, successor, wait_for_owner_to_be_gone
from keeper.prepare import prepare
from keeper.restore import newest_point
from keeper.settings import Settings
from keeper.status import metrics
from keeper.store import create_once, newest_number, open_store
from keeper.uploads import Uploads, restore_uploads
from keeper.watch import Watch


class InFolder(unittest.TestCase):
    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.store = FakeStore()
        self.settings = settings(self.folder)
        # What the keeper tells the log would stand between the results.
        self.enterContext(contextlib.redirect_stdout(io.StringIO()))

    def ltx(self, epoch: int, *ends: int) -> None:
        for end in ends:
            self.store.objects[f"{keys.replica(epoch)}/ltx/0/{end:016x}-{end:016x}.ltx"] = b"x"

    def beat(self, epoch: int, number: int, **what: object) -> None:
        content = json.dumps({"token": "t", "at": 5.0, **what}).encode()
        self.store.objects[keys.beats(epoch) + keys.numbered(number)] = content

    def claimed(self, *epochs: int) -> None:
        for epoch in epochs:
            self.store.objects[keys.claim(epoch)] = b'{"pod": "pod-z", "node": "node-z"}'

    def made(self) -> Path:
        connection = sqlite3.connect(self.settings.database)
        connection.execute("CREATE TABLE t (a)")
        connection.commit()
        connection.close()
        return self.settings.database


class Keys(unittest.TestCase):
    def test_the_files_of_litestream_are_known_in_the_layout_of_either_cloud(self) -> None:
        name = "0000000000000001-00000000000000ff.ltx"
        self.assertEqual(keys.ltx(f"epochs/0000000001/db/ltx/9/{name}"), (9, 1, 255))
        self.assertEqual(keys.ltx(f"epochs/0000000001/db/0009/{name}"), (9, 1, 255))
        self.assertIsNone(keys.ltx("epochs/0000000001/db/generations/abc"))

    def test_an_address_of_another_kind_is_no_bucket(self) -> None:
        with self.assertRaises(ValueError):
            open_store("file:///tmp")


class Store(InFolder):
    def test_the_newest_number_is_found_whatever_expired_before_it(self) -> None:
        for low in (1, 2, 37, 1000):
            for count in (1, 2, 3, 7, 64, 65):
                store = FakeStore()
                for number in range(low, low + count):
                    store.objects["n/" + keys.numbered(number)] = b""
                self.assertEqual(newest_number(store, "n/"), low + count - 1)
        self.assertEqual(newest_number(FakeStore(), "n/"), 0)

    def test_and_with_few_calls(self) -> None:
        for number in range(1, 5001):
            self.store.objects["n/" + keys.numbered(number)] = b""
        newest_number(self.store, "n/")
        self.assertLess(self.store.calls, 30)

    def test_a_write_whose_answer_was_lost_is_known_again_and_a_strangers_is_not(self) -> None:
        self.assertTrue(create_once(self.store, "a", b"mine"))
        self.assertTrue(create_once(self.store, "a", b"mine"))
        self.assertFalse(create_once(self.store, "a", b"yours"))
        self.assertEqual(self.store.objects["a"], b"mine")


class Owners(InFolder):
    def test_one_of_two_claims_of_a_number_counts(self) -> None:
        claim(self.store, 1, self.settings, {})
        with self.assertRaisesRegex(KeeperFault, "pod pod-a on node node-a took the database over"):
            claim(self.store, 1, self.settings, {})

    def test_a_released_epoch_is_followed_at_once(self) -> None:
        self.claimed(1)
        Ownership(1, "t").release(self.store, 1)
        wait_for_owner_to_be_gone(self.store, 1, self.settings, self.fail)

    def test_a_silent_owner_is_waited_for_a_whole_lease(self) -> None:
        self.claimed(1)
        self.beat(1, 7)
        waited: "list[float]" = []
        wait_for_owner_to_be_gone(self.store, 1, self.settings, waited.append)
        self.assertEqual(sum(waited), 45)

    def test_a_sign_of_life_ends_the_wait_with_a_refusal_that_names_the_owner(self) -> None:
        self.claimed(1)
        self.beat(1, 7)
        waited: "list[float]" = []

        def sleep(seconds: float) -> None:
            waited.append(seconds)
            if sum(waited) > 20:
                self.beat(1, 8)

        with self.assertRaisesRegex(KeeperFault, "owner of the database lives: pod pod-z on node node-z"):
            wait_for_owner_to_be_gone(self.store, 1, self.settings, sleep)
        self.assertLess(sum(waited), 30)

    def test_a_release_during_the_wait_ends_it(self) -> None:
        self.claimed(1)
        calls: "list[float]" = []

        def sleep(seconds: float) -> None:
            calls.append(seconds)
            self.store.objects.setdefault(keys.release(1), b"{}")

        wait_for_owner_to_be_gone(self.store, 1, self.settings, sleep)
        self.assertEqual(len(calls), 1)

    def test_a_beat_whose_answer_was_lost_is_not_taken_for_anothers(self) -> None:
        mine = Ownership(1, "t")
        self.store.loses_answers = True
        with self.assertRaises(StoreUnavailable):
            mine.sign(self.store, {})
        self.assertEqual(mine.beat, 0)
        self.assertTrue(mine.sign(self.store, {}))
        self.assertEqual(mine.beat, 1)

    def test_beats_of_another_in_ones_own_epoch_are_noticed(self) -> None:
        self.beat(1, 1, token="another")
        self.assertFalse(Ownership(1, "mine").sign(self.store, {}))

    def test_a_beat_that_neither_exists_nor_can_be_written_is_tried_again_and_ends_no_ownership(self) -> None:
        create, self.store.create = self.store.create, lambda key, content: False
        mine = Ownership(1, "t")
        with self.assertRaisesRegex(StoreUnavailable, "is said to exist"):
            mine.sign(self.store, {})
        self.store.create = create
        self.assertTrue(mine.sign(self.store, {}))

    def test_what_is_new_is_said_under_the_next_number_where_ones_own_older_word_went_through(self) -> None:
        mine = Ownership(1, "t")
        self.store.loses_answers = True
        with self.assertRaises(StoreUnavailable):
            mine.sign(self.store, {"txid": 1})
        self.assertTrue(mine.sign(self.store, {"txid": 2}))
        newest = self.store.objects[keys.beats(1) + keys.numbered(2)]
        self.assertEqual((mine.beat, json.loads(newest)["txid"]), (2, 2))

    def test_a_release_that_was_not_written_is_not_said_to_be(self) -> None:
        self.store.create = lambda key, content: False
        with self.assertRaisesRegex(StoreUnavailable, "was not written"):
            Ownership(1, "t").release(self.store, 1)

    def test_only_a_later_claim_supersedes(self) -> None:
        self.claimed(1, 2)
        self.assertEqual(successor(self.store, 1), 2)
        self.assertIsNone(successor(self.store, 2))


class Points(InFolder):
    def test_an_empty_bucket_has_none(self) -> None:
        self.assertIsNone(newest_point(self.store))

    def test_database_and_files_that_are_both_there_are_taken_as_far_as_they_go(self) -> None:
        self.claimed(1)
        self.ltx(1, 1, 2, 3)
        self.beat(1, 1, txid=3, manifest=2)
        point = newest_point(self.store)
        self.assertEqual((point.epoch, point.txid, point.manifest, point.at), (1, None, 2, 5.0))

    def test_where_the_files_lag_the_database_goes_back_to_what_they_are_complete_for(self) -> None:
        self.claimed(1)
        self.ltx(1, 1, 2, 4)
        self.beat(1, 1, txid=3, manifest=1)
        point = newest_point(self.store)
        self.assertEqual((point.txid, point.manifest), (2, 1))
        self.assertIn("2 later transactions are left out", point.note)

    def test_signs_of_life_that_say_nothing_of_files_are_passed_over(self) -> None:
        self.claimed(1)
        self.ltx(1, 1)
        self.beat(1, 1, txid=1, manifest=4)
        self.beat(1, 2)
        self.assertEqual(newest_point(self.store).manifest, 4)

    def test_an_epoch_whose_backend_never_ran_is_passed_over(self) -> None:
        self.claimed(1, 2)
        self.ltx(1, 1)
        self.beat(1, 1, txid=1, manifest=1)
        self.assertEqual(newest_point(self.store).epoch, 1)

    def test_an_epoch_whose_copies_are_gone_is_never_passed_over_unless_that_is_accepted(self) -> None:
        self.claimed(1, 2, 3)
        self.ltx(1, 1)
        self.beat(1, 1, txid=1, manifest=1)
        for proof in ("a clean end", "a sign of life"):
            with self.subTest(proof):
                if proof == "a clean end":
                    Ownership(2, "t").release(self.store, 500)
                else:
                    del self.store.objects[keys.release(2)]
                    self.beat(2, 1, txid=500, manifest=1)
                with self.assertRaisesRegex(KeeperFault, "copy of epoch 2 is gone.*acceptEpoch to 2"):
                    newest_point(self.store)
                with self.assertRaisesRegex(KeeperFault, "copy of epoch 2 is gone"):
                    newest_point(self.store, given_up=1)
                self.assertEqual(newest_point(self.store, given_up=2).epoch, 1)

    def test_a_copy_that_ends_before_what_was_seen_in_the_bucket_is_refused_unless_that_is_accepted(self) -> None:
        self.claimed(1)
        self.ltx(1, 1, 2)
        self.beat(1, 1, txid=100000, manifest=1, copied=99990)
        with self.assertRaisesRegex(KeeperFault, "ends at transaction 2, and was in the bucket up to 99990"):
            newest_point(self.store)
        self.assertIn("99998 transactions", newest_point(self.store, given_up=1).note)
        self.beat(1, 2, txid=2, manifest=1)
        self.assertEqual(newest_point(self.store).note, "")
        Ownership(1, "t").release(self.store, 3)
        with self.assertRaisesRegex(KeeperFault, "up to 3"):
            newest_point(self.store)

    def test_what_is_copied_between_the_list_and_the_owners_word_on_it_is_no_loss(self) -> None:
        self.claimed(1)
        self.ltx(1, 1)
        self.beat(1, 1, txid=2, manifest=1, copied=2)
        get = self.store.get

        def while_it_goes_on(key: str) -> "bytes | None":
            self.ltx(1, 2)
            return get(key)

        self.store.get = while_it_goes_on
        self.assertEqual(newest_point(self.store).note, "")

    def test_how_far_the_copy_lags_is_said(self) -> None:
        self.claimed(1)
        self.ltx(1, 1, 2)
        self.beat(1, 1)
        for number in range(2, 40):
            self.beat(1, number, txid=number, manifest=1, at=1000.0 + number, behind=70.4 if number == 39 else 0)
        point = newest_point(self.store)
        self.assertIn("lags: 37 transactions, of 37.0 s, were on the volume alone", point.note)
        self.assertIn("no change to the bucket for 70 s", point.note)

    def test_a_sign_of_life_that_cannot_be_read_is_named(self) -> None:
        self.claimed(1)
        self.ltx(1, 1)
        for content in (b'{"txid": 1, "mani', b"[]", b'{"txid": 1, "manifest": 1}', b'{"at": 1, "txid": "x"}'):
            with self.subTest(content):
                self.store.objects[keys.beats(1) + keys.numbered(1)] = content
                with self.assertRaisesRegex(KeeperFault, "beats/0000000001/0000000001 .* is not a sign of life"):
                    newest_point(self.store)

    def test_copies_in_a_layout_that_is_not_known_are_never_passed_over(self) -> None:
        self.claimed(1, 2)
        self.ltx(1, 1)
        self.store.objects[keys.replica(2) + "/something"] = b""
        with self.assertRaisesRegex(KeeperFault, "none is a copy that this version can read"):
            newest_point(self.store)

    def test_without_any_beat_the_newest_of_both_is_taken_and_said(self) -> None:
        self.claimed(1)
        self.ltx(1, 1)
        self.store.objects[keys.manifests(1) + keys.numbered(3)] = b"{}"
        point = newest_point(self.store)
        self.assertEqual((point.txid, point.manifest), (None, 3))
        self.assertIn("newest of both", point.note)


class Files(InFolder):
    def setUp(self) -> None:
        super().setUp()
        self.uploads = self.folder / "uploads" / "applications"
        self.uploads.mkdir(parents=True)
        (self.uploads / "a.png").write_bytes(b"first")
        self.copies = Uploads(self.settings.uploads, self.store, 1)

    def restored(self, manifest: int) -> "dict[str, bytes]":
        target = self.folder / "target"
        restore_uploads(self.store, 1, manifest, target)
        return {path.name: path.read_bytes() for path in target.rglob("*") if path.is_file()}

    def test_what_was_copied_comes_back(self) -> None:
        (self.uploads / "b.png").write_bytes(b"first")
        self.assertEqual(self.copies.copy(), 1)
        self.assertEqual(self.restored(1), {"a.png": b"first", "b.png": b"first"})
        # The same content once.
        self.assertEqual(len(self.store.names("files/")), 1)

    def test_nothing_is_written_where_nothing_changed_and_a_list_where_a_file_went(self) -> None:
        self.copies.copy()
        before = dict(self.store.objects)
        self.assertEqual(self.copies.copy(), 1)
        self.assertEqual(self.store.objects, before)
        (self.uploads / "a.png").unlink()
        self.assertEqual(self.copies.copy(), 2)
        self.assertEqual(self.restored(2), {})

    def test_a_keeper_started_anew_goes_on_behind_the_last_list(self) -> None:
        self.copies.copy()
        (self.uploads / "a.png").write_bytes(b"second")
        self.assertEqual(Uploads(self.settings.uploads, self.store, 1).copy(), 2)
        self.assertEqual(self.restored(2), {"a.png": b"second"})

    def test_a_start_sends_nothing_that_an_earlier_one_sent(self) -> None:
        self.copies.copy()
        sent: "list[str]" = []
        create = self.store.create
        self.store.create = lambda key, content: sent.append(key) or create(key, content)
        (self.uploads / "b.png").write_bytes(b"second")
        later = Uploads(self.settings.uploads, self.store, 2)
        later.copy()
        second = keys.content(hashlib.sha256(b"second").hexdigest())
        self.assertEqual(sent, [second, keys.manifests(2) + keys.numbered(1)])
        # What was in the bucket at the start, in no list, and pruned since, is sent again when somebody uploads it.
        sent.clear()
        third = keys.content(hashlib.sha256(b"third").hexdigest())
        self.store.objects[third] = b"third"
        latest = Uploads(self.settings.uploads, self.store, 3)
        latest.copy()
        del self.store.objects[third]
        (self.uploads / "c.png").write_bytes(b"third")
        latest.copy()
        self.assertIn(third, self.store.objects)

    def test_a_content_that_was_deleted_and_cannot_be_written_again_is_in_no_list(self) -> None:
        # As a server that says of a deletion marker that the object exists.
        gone = keys.content(hashlib.sha256(b"first").hexdigest())
        create = self.store.create
        self.store.create = lambda key, content: key != gone and create(key, content)
        with self.assertRaisesRegex(StoreUnavailable, "bring its earlier version back"):
            self.copies.copy()
        self.assertEqual(self.store.names("epochs/"), [])

    def test_a_file_that_changes_while_it_is_sent_stays_in_the_list_as_it_was(self) -> None:
        self.copies.copy()
        create = self.store.create
        growing, new = self.uploads / "a.png", self.uploads / "new.png"

        def while_it_grows(key: str, content) -> bool:
            if key.startswith("files/"):
                for path in (growing, new):
                    with path.open("ab") as file:
                        file.write(b" and more")
            return create(key, content)

        growing.write_bytes(b"second")
        new.write_bytes(b"new")
        self.store.create = while_it_grows
        self.assertEqual(self.copies.copy(), 1)
        self.assertEqual(self.restored(1), {"a.png": b"first"})
        self.assertEqual(len(self.store.names("files/")), 1)
        self.store.create = create
        self.assertEqual(self.copies.copy(), 2)
        self.assertEqual(self.restored(2), {"a.png": b"second and more and more", "new.png": b"new and more and more"})

    def test_a_content_that_is_read_twice_in_pieces_and_empty_ones_arrive(self) -> None:
        (self.uploads / "empty").write_bytes(b"")
        create = self.store.create

        def as_libraries_do(key: str, content) -> bool:
            if isinstance(content, bytes):
                return create(key, content)
            size = content.seek(0, 2)
            content.seek(0)
            self.assertEqual(content.tell(), 0)
            for _ in range(2):
                pieces = [content.read(3) for _ in range(size // 3 + 1)]
                content.seek(0)
            return create(key, b"".join(pieces))

        self.store.create = as_libraries_do
        self.assertEqual(self.restored(self.copies.copy()), {"a.png": b"first", "empty": b""})

    def test_a_folder_that_cannot_be_read_ends_the_copy_and_one_that_is_not_there_does_not(self) -> None:
        def walk(top, onerror=None):
            onerror(FileNotFoundError(top))
            onerror(PermissionError(13, "Permission denied", str(top)))
            return iter(())

        with unittest.mock.patch("os.walk", walk), self.assertRaises(PermissionError):
            self.copies.copy()
        self.assertEqual(self.store.names("epochs/"), [])
        self.assertEqual(Uploads(self.folder / "nowhere", self.store, 1).copy(), 1)

    def test_links_are_not_followed(self) -> None:
        (self.uploads / "link").symlink_to("/etc/passwd")
        self.copies.copy()
        self.assertEqual(self.restored(1), {"a.png": b"first"})

    def test_missing_and_changed_contents_and_lists_are_refused(self) -> None:
        self.copies.copy()
        content = self.store.names("files/")[0]
        self.store.objects[content] = b"other"
        with self.assertRaisesRegex(KeeperFault, "is not what was written, the content of applications/a.png"):
            self.restored(1)
        del self.store.objects[content]
        with self.assertRaisesRegex(KeeperFault, "is missing: the content of applications/a.png"):
            self.restored(1)
        self.store.objects[keys.manifests(1) + keys.numbered(1)] = b"{"
        with self.assertRaisesRegex(KeeperFault, "is not a list of files"):
            self.restored(1)
        for other in (b"[]", b'{"a": {}}', b'{"a": {"sha256": 1, "mode": 420}}'):
            self.store.objects[keys.manifests(1) + keys.numbered(1)] = other
            with self.subTest(other), self.assertRaisesRegex(KeeperFault, "is not a list of files"):
                self.restored(1)
        with self.assertRaisesRegex(KeeperFault, "is missing"):
            self.restored(9)

    def test_a_list_that_leads_out_of_the_folder_is_refused(self) -> None:
        listing = {"../outside": {"sha256": "0", "size": 1, "mode": 420}}
        self.store.objects[keys.manifests(1) + keys.numbered(1)] = json.dumps(listing).encode()
        with self.assertRaisesRegex(KeeperFault, "outside the folder"):
            self.restored(1)


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


class Drills(InFolder):
    told = drill.DrillSettings(Path("/nowhere"), 300, 3600, 60, "", "")

    def setUp(self) -> None:
        super().setUp()
        self.claimed(1)
        self.ltx(1, 1, 2)

    def point(self) -> "float | None":
        return drill.recovery_point(self.store, newest_point(self.store), 100.0, 300)

    def test_a_clean_end_is_no_loss_only_where_the_copy_is_there_to_its_last_transaction(self) -> None:
        self.beat(1, 1, txid=2, manifest=1, at=60.0)
        self.store.objects[keys.release(1)] = b'{"token": "t"}'
        self.assertEqual(self.point(), 40.0)
        self.store.objects[keys.release(1)] = b'{"token": "t", "txid": 2}'
        self.assertEqual(self.point(), 0.0)

    def test_what_litestream_did_not_copy_counts(self) -> None:
        self.beat(1, 1, txid=2, manifest=1, at=60.0, behind=70.0)
        self.assertEqual(self.point(), 110.0)

    def test_whatever_breaks_off_leaves_a_report_of_a_failed_drill(self) -> None:
        with unittest.mock.patch.object(drill, "newest_point", side_effect=ZeroDivisionError("odd")):
            report = drill.drill(self.settings, self.told, self.store)
        self.assertEqual(report["result"], "failed")
        self.assertIn("ZeroDivisionError", report["faults"][0])
        self.beat(1, 1)
        self.store.objects[keys.beats(1) + keys.numbered(1)] = b"{"
        self.assertIn("is not a sign of life", drill.drill(self.settings, self.told, self.store)["faults"][0])

    def test_each_way_to_leave_the_report_is_taken_though_the_other_fails(self) -> None:
        message = self.folder / "message"
        environment = {
            "DRILL_SCRATCH": str(self.folder / "scratch"),
            "DRILL_POINT_LIMIT_SECONDS": "300",
            "DRILL_TIME_LIMIT_SECONDS": "3600",
            "DRILL_START_SECONDS": "60",
            "DRILL_MESSAGE": str(message),
        }
        left: "list[dict]" = []
        for failing in ("message", "status"):
            with (
                self.subTest(failing),
                unittest.mock.patch.dict(os.environ, environment),
                unittest.mock.patch.object(
                    drill, "leave", lambda report, told: left.append(report) if failing == "message" else 1 / 0
                ),
                contextlib.redirect_stderr(io.StringIO()),
            ):
                if failing == "message":
                    message.mkdir()
                self.assertEqual(drill.run(self.settings, self.store), 1)
                if failing == "message":
                    message.rmdir()
        self.assertEqual([report["result"] for report in left], ["failed"])
        self.assertIn('"result": "failed"', message.read_text())

    def test_a_litestream_that_does_not_end_or_is_not_there_is_a_refusal(self) -> None:
        for error in (subprocess.TimeoutExpired("litestream", 3600), FileNotFoundError("litestream")):
            with self.subTest(error), unittest.mock.patch("subprocess.run", side_effect=error):
                with self.assertRaisesRegex(KeeperFault, "did not come to an end"):
                    litestream.replicate_once(self.settings)


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


if __name__ == "__main__":
    unittest.main()
