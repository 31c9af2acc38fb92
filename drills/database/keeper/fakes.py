"""A bucket in memory, and settings on a folder of its own."""

import contextlib
import io
import json
import sqlite3
import tempfile
import unittest
from pathlib import Path

from keeper import keys
from keeper.faults import StoreUnavailable
from keeper.settings import Settings


class FakeStore:
    """Keeps what a bucket keeps, counts the calls, and stops answering when told to."""

    def __init__(self) -> None:
        self.objects: "dict[str, bytes]" = {}
        self.calls = 0
        self.answers = True
        self.loses_answers = False

    def _called(self) -> None:
        self.calls += 1
        if not self.answers:
            raise StoreUnavailable("no answer")

    def get(self, key: str) -> "bytes | None":
        self._called()
        return self.objects.get(key)

    def fetch(self, key: str, into) -> bool:
        content = self.get(key)
        into.write(content or b"")
        return content is not None

    def create(self, key: str, content) -> bool:
        self._called()
        content = content if isinstance(content, bytes) else content.read()
        if key in self.objects:
            return False
        self.objects[key] = content
        if self.loses_answers:
            self.loses_answers = False
            raise StoreUnavailable("the answer was lost")
        return True

    def names(self, prefix: str, after: str = "") -> "list[str]":
        self._called()
        return sorted(key for key in self.objects if key.startswith(prefix) and key > after)

    def first(self, prefix: str, after: str) -> "str | None":
        return next(iter(self.names(prefix, after)), None)


def settings(folder: Path, **other: object) -> Settings:
    (folder / "shared").mkdir(exist_ok=True)
    environment = {
        "KEEPER_URL": "s3://bucket",
        "KEEPER_REGION": "eu-central-1",
        "KEEPER_DATABASE": f"{folder}/cmbcluster.db",
        "KEEPER_UPLOADS": f"{folder}/uploads",
        "KEEPER_SHARED": f"{folder}/shared",
        "KEEPER_BEAT_SECONDS": "15",
        "KEEPER_LEASE_SECONDS": "45",
        "KEEPER_SYNC_SECONDS": "0.4",
        "KEEPER_SNAPSHOT_SECONDS": "3600",
        "KEEPER_LITESTREAM_PORT": "9090",
        "KEEPER_PORT": "9091",
        "KEEPER_POD": "pod-a",
        "KEEPER_NODE": "node-a",
        **{name: str(value) for name, value in other.items()},
    }
    return Settings.from_environment(environment)


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
