"""Uploaded files. Without Litestream and without a bucket's server; titles are promises."""

import hashlib
import json
import threading
import time
import unittest.mock

from fakes import InFolder
from keeper import keys
from keeper.faults import KeeperFault, StoreUnavailable
from keeper.side_by_side import SIDE_BY_SIDE, SMALL
from keeper.uploads import Uploads, restore_uploads


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

    def test_small_files_go_side_by_side_so_that_many_do_not_hold_the_database_back(self) -> None:
        # Contents whose digests begin differently: others may wait for each other.
        contents = {hashlib.sha256(b"%d" % number).hexdigest()[:2]: b"%d" % number for number in range(200)}
        chosen = list(contents.values())[: 2 * SIDE_BY_SIDE]
        (self.uploads / "a.png").unlink()
        for number, content in enumerate([*chosen, chosen[0]]):
            (self.uploads / f"{number}.png").write_bytes(content)
        together = threading.Barrier(SIDE_BY_SIDE)
        sent = self.sent_by(lambda: together.wait(10))
        self.copies.copy()
        self.assertEqual(sorted(sent), sorted(keys.content(hashlib.sha256(each).hexdigest()) for each in chosen))
        self.assertEqual(len(self.restored(1)), len(chosen) + 1)

    def test_large_files_go_one_at_a_time_since_libraries_hold_much_of_each(self) -> None:
        for number in range(4):
            (self.uploads / f"{number}.bin").write_bytes(bytes([number]) * (SMALL + 1))
        alone = threading.Lock()

        def there() -> None:
            self.assertTrue(alone.acquire(blocking=False))
            time.sleep(0.05)
            alone.release()

        (self.uploads / "a.png").unlink()
        sent = self.sent_by(there)
        self.copies.copy()
        self.assertEqual(len(sent), 4)

    def test_one_that_cannot_be_sent_among_many_ends_the_copy_and_the_next_sends_what_is_left(self) -> None:
        for number in range(3 * SIDE_BY_SIDE):
            (self.uploads / f"{number}.png").write_bytes(b"%d" % number)
        answers = iter([None, None, StoreUnavailable("no answer")])

        def fails() -> None:
            error = next(answers, None)
            if error:
                raise error

        sent = self.sent_by(fails)
        with self.assertRaisesRegex(StoreUnavailable, "no answer"):
            self.copies.copy()
        self.assertEqual(self.store.names("epochs/"), [])
        # Those that were on their way, and no more: each would wait for a bucket that is silent.
        self.assertLessEqual(len(sent), 2 + SIDE_BY_SIDE)
        self.copies.copy()
        self.assertEqual(len(self.restored(1)), 3 * SIDE_BY_SIDE + 1)
        self.assertEqual(len(sent), len(set(sent)) + 1)

    def test_small_files_come_back_side_by_side_and_one_that_is_missing_among_many_is_named(self) -> None:
        for number in range(3 * SIDE_BY_SIDE - 1):
            (self.uploads / f"{number}.png").write_bytes(b"%d" % number)
        self.copies.copy()
        fetch = self.store.fetch
        together = threading.Barrier(SIDE_BY_SIDE)

        def waits(key: str, into) -> bool:
            together.wait(10)
            return fetch(key, into)

        self.store.fetch = waits
        self.assertEqual(len(self.restored(1)), 3 * SIDE_BY_SIDE)
        self.store.fetch = fetch
        del self.store.objects[keys.content(hashlib.sha256(b"7").hexdigest())]
        with self.assertRaisesRegex(KeeperFault, "is missing: the content of applications/7.png"):
            self.restored(1)

    def sent_by(self, during) -> "list[str]":
        """The contents that are sent from now on, in order; `during` is called for each while it is on its way."""
        create = self.store.create
        sent: "list[str]" = []

        def watched(key: str, content) -> bool:
            if key.startswith("files/"):
                sent.append(key)
                during()
            return create(key, content)

        self.store.create = watched
        return sent

    def test_a_file_that_changes_is_one_however_the_library_tells_that_reading_failed(self) -> None:
        create = self.store.create

        def as_over_tls(key: str, content) -> bool:
            if key.startswith("files/"):
                with (self.uploads / "a.png").open("ab") as file:
                    file.write(b" and more")
            try:
                return create(key, content)
            except Exception as error:
                raise StoreUnavailable(f"an HTTP client failed: {error}") from error

        self.store.create = as_over_tls
        self.assertEqual(self.restored(self.copies.copy()), {})
        self.store.create = create
        self.assertEqual(self.restored(self.copies.copy()), {"a.png": b"first and more"})

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
