"""
Copies of the uploaded files: each content once, under its SHA-256, and lists of which file has which content.
"""

import hashlib
import json
import os
import stat
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Iterator

from . import keys
from .faults import KeeperFault, StoreUnavailable
from .sealed import Changed, Sealed
from .side_by_side import side_by_side
from .store import Store, create_once

#: A file's path below the folder of uploads: its content's SHA-256, its size and its mode.
Listing = "dict[str, dict]"


class Uploads:
    """The folder of uploads, with what is known to be in the bucket."""

    def __init__(self, folder: Path, store: Store, epoch: int) -> None:
        self._folder = folder
        self._store = store
        self._epoch = epoch
        self._known: "dict[str, tuple[tuple, dict]]" = {}
        self._stored: "set[str]" = set()
        self._earlier: "set[str] | None" = None
        self._listed: "bytes | None" = None
        #: By the first byte of the digest, so that two files of one content are not sent at the same time.
        self._sending = [Lock() for _ in range(256)]
        #: Number of the newest list in the bucket; 0: none.
        self.manifest = 0

    def copy(self) -> int:
        """
        Copies what is new, then the list if it changed.

        :returns: the number of a list with every file that existed when this was called
        :raises StoreUnavailable: nothing is lost by trying again
        """
        if self._earlier is None:
            # What earlier starts have copied is not sent again, but only for what is in the folder now: later on an
            # old content that nobody named may have been pruned.
            self._earlier = {name.rsplit("/", 1)[-1] for name in self._store.names(keys.content(""))}
        listing = {}
        for path, mode, content in self._contents():
            if content is not None:
                name = path.relative_to(self._folder).as_posix()
                listing[name] = {**content, "mode": mode}
        content = json.dumps(listing, sort_keys=True).encode()
        if content != self._listed:
            key = keys.manifests(self._epoch) + keys.numbered(self.manifest + 1)
            # A list of this name with another content would be one whose writing was cut off and went through: the
            # next number then.
            while not create_once(self._store, key, content):
                self.manifest += 1
                key = keys.manifests(self._epoch) + keys.numbered(self.manifest + 1)
            self.manifest += 1
            self._listed = content
        self._earlier = set()
        return self.manifest

    def _contents(self) -> "Iterator[tuple[Path, int, dict | None]]":
        """Every file of the folder with its mode and its content, as `_content` has it."""
        files = _files(self._folder)
        new = [each for each in files if not self._copied(*each)]
        sent = side_by_side(lambda each: self._content(*each), new, [facts.st_size for _, facts in new])
        contents = dict(zip((path for path, _ in new), sent))
        for path, facts in files:
            content = contents[path] if path in contents else self._copied(path, facts)
            yield path, stat.S_IMODE(facts.st_mode), content

    def _copied(self, path: Path, facts: os.stat_result) -> "dict | None":
        """The content of a file that has not changed since it was found in the bucket."""
        known = self._known.get(str(path))
        return known[1] if known and known[0] == _identity(facts) else None

    def _content(self, path: Path, facts: os.stat_result) -> "dict | None":
        """The content's digest and size, once it is in the bucket. None: there is none that was ever whole."""
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                with self._sending[int(digest[:2], 16)]:
                    if digest not in self._stored and digest not in (self._earlier or ()):
                        self._store_content(digest, file, file.tell())
                    self._stored.add(digest)
                content = {"sha256": digest, "size": file.seek(0, os.SEEK_END)}
        except FileNotFoundError:
            return None
        except Changed:
            # As it was when it was last whole; a new one is not spoken of before its upload has ended.
            known = self._known.get(str(path))
            return known[1] if known else None
        # A file that was written to while it was read has another time by now, and is read again next time.
        self._known[str(path)] = (_identity(facts), content)
        return content

    def _store_content(self, digest: str, file: BinaryIO, size: int) -> None:
        """Under its own digest an object that exists has this content."""
        key = keys.content(digest)
        sealed = Sealed(file, digest, size)
        try:
            created = self._store.create(key, sealed)
        except StoreUnavailable:
            # What reading raises comes out of some libraries as a connection that failed (botocore over TLS).
            if sealed.changed:
                raise Changed() from None
            raise
        if not created and self._store.first(key, "") != key:
            # Of a deleted one some servers say that it exists. A list that names it could not be restored.
            raise StoreUnavailable(f"{key} was deleted and cannot be written again: bring its earlier version back.")


def _identity(facts: os.stat_result) -> tuple:
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


def _files(folder: Path) -> "list[tuple[Path, os.stat_result]]":
    found = []
    for parent, _, names in os.walk(folder, onerror=_unreadable):
        for name in sorted(names):
            path = Path(parent, name)
            try:
                facts = path.lstat()
            except FileNotFoundError:
                continue
            # A link is not followed: it could lead out of the folder.
            if stat.S_ISREG(facts.st_mode):
                found.append((path, facts))
    return found


def _unreadable(error: OSError) -> None:
    """A list without the files of a folder that cannot be read would pass for all of them."""
    # No folder yet, or deleted between two looks.
    if not isinstance(error, FileNotFoundError):
        raise error


def restore_uploads(store: Store, epoch: int, manifest: int, into: Path) -> int:
    """
    Writes every file of a list.

    :returns: how many
    :raises KeeperFault: the list or a content is missing, or is not what it was
    """
    if manifest == 0:
        return 0
    key = keys.manifests(epoch) + keys.numbered(manifest)
    raw = store.get(key)
    if raw is None:
        raise _damaged(key, "is missing")
    try:
        listing = json.loads(raw)
        if any(not isinstance(facts["sha256"] + name, str) or int(facts["mode"]) < 0 for name, facts in listing.items()):
            raise ValueError("names and digests are text")
        sizes = [int(facts.get("size", 0)) for facts in listing.values()]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(key, f"is not a list of files ({error})") from error
    for name in listing:
        if not (into / name).resolve().is_relative_to(into.resolve()):
            raise _damaged(key, f"names {name}, which lies outside the folder")
    side_by_side(lambda file: _restore_file(store, into / file[0], *file), list(listing.items()), sizes)
    return len(listing)


def _restore_file(store: Store, target: Path, name: str, facts: dict) -> None:
    source = keys.content(facts["sha256"])
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w+b") as file:
        if not store.fetch(source, file):
            raise _damaged(source, f"is missing: the content of {name}")
        file.seek(0)
        if hashlib.file_digest(file, "sha256").hexdigest() != facts["sha256"]:
            raise _damaged(source, f"is not what was written, the content of {name}")
    target.chmod(facts["mode"])


def _damaged(key: str, what: str) -> KeeperFault:
    return KeeperFault(
        f"The object {key} in the database bucket {what}.",
        "Bring an earlier version of that object back (the bucket keeps versions), then start again: "
        "docs/data-safety.md, The database.",
    )
