"""What a restore and the restore drill make of a bucket. Without Litestream and without a bucket's server; titles are promises."""

import contextlib
import io
import os
import subprocess
import unittest.mock
from pathlib import Path

from fakes import InFolder
from keeper import drill, keys, litestream
from keeper.faults import KeeperFault
from keeper.ownership import Ownership
from keeper.restore import newest_point


class Points(InFolder):
    def test_an_empty_bucket_has_none(self) -> None:
        self.assertIsNone(newest_point(self.store))

    def test_database_and_files_that_are_both_there_are_taken_as_far_as_they_go(self) -> None:
        self.claimed(1)
        self.ltx(1, 1, 2, 3)
        self.beat(1, 1, txid=3, manifest=2)
        point = newest_point(self.store)
        self.assertEqual((point.epoch, point.txid, point.manifest), (1, 3, 2))

    def test_what_a_backend_that_lives_copies_meanwhile_is_left_out_since_the_list_has_no_files_of_it(self) -> None:
        self.claimed(1)
        self.ltx(1, 1, 2)
        self.beat(1, 1, txid=3, manifest=2)
        point = newest_point(self.store)
        self.ltx(1, 3, 4)
        self.beat(1, 2, txid=4, manifest=3)
        self.assertEqual((point.txid, point.manifest), (2, 2))

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

    def test_what_is_restored_counts_and_not_what_was_copied_since(self) -> None:
        self.beat(1, 1, txid=1, manifest=1, at=50.0)
        self.beat(1, 2, txid=2, manifest=1, at=60.0)
        point = newest_point(self.store)
        self.ltx(1, 3)
        self.beat(1, 3, txid=3, manifest=2, at=90.0)
        self.assertEqual(drill.recovery_point(self.store, point, 100.0, 300), 40.0)

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
