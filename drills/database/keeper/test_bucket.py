"""The bucket and who owns it. Without Litestream and without a bucket's server; titles are promises."""

import json
import unittest

from fakes import FakeStore, InFolder
from keeper import keys
from keeper.faults import KeeperFault, StoreUnavailable
from keeper.ownership import Ownership, claim, successor, wait_for_owner_to_be_gone
from keeper.store import create_once, newest_number, open_store


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
