"""
Copies of the uploaded files: each content once, under its SHA-256, and lists of which file has which content.
"""

import hashlib
import json
import os
import stat
from pathlib import Path

from . import keys
from .faults import KeeperFault
from .store import Store, create_once

#: A file's path below the folder of uploads: its content's SHA-256, its size and its mode.
Listing = "dict[str, dict]"


class Uploads:
    """The folder of uploads, with what is known to be in the bucket."""

    def __init__(self, folder: Path, store: Store, epoch: int) -> None:
        self._folder = folder
        self._store = store
        self._epoch = epoch
        self._known: "dict[str, tuple[tuple, str]]" = {}
        self._stored: "set[str]" = set()
        self._listed: "bytes | None" = None
        #: Number of the newest list in the bucket; 0: none.
        self.manifest = 0

    def copy(self) -> int:
        """
        Copies what is new, then the list if it changed.

        :returns: the number of a list with every file that existed when this was called
        :raises StoreUnavailable: nothing is lost by trying again
        """
        listing = {}
        for path, facts in _files(self._folder):
            digest = self._digest(path, facts)
            if digest is not None:
                name = path.relative_to(self._folder).as_posix()
                listing[name] = {"sha256": digest, "size": facts.st_size, "mode": stat.S_IMODE(facts.st_mode)}
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
        return self.manifest

    def _digest(self, path: Path, facts: os.stat_result) -> "str | None":
        """The content's digest, once it is in the bucket. None: the file went away meanwhile."""
        identity = (facts.st_ino, facts.st_size, facts.st_mtime_ns)
        known = self._known.get(str(path))
        if known and known[0] == identity:
            return known[1]
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        digest = hashlib.sha256(content).hexdigest()
        if digest not in self._stored:
            # Under its own digest an object that exists has this content.
            self._store.create(keys.content(digest), content)
            self._stored.add(digest)
        # A file that was written to while it was read has another time by now, and is read again next time.
        self._known[str(path)] = (identity, digest)
        return digest


def _files(folder: Path) -> "list[tuple[Path, os.stat_result]]":
    found = []
    for parent, _, names in os.walk(folder):
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
    except ValueError as error:
        raise _damaged(key, f"is not a list of files ({error})") from error
    for name, facts in listing.items():
        target = (into / name).resolve()
        if not target.is_relative_to(into.resolve()):
            raise _damaged(key, f"names {name}, which lies outside the folder")
        source = keys.content(facts["sha256"])
        content = store.get(source)
        if content is None:
            raise _damaged(source, f"is missing: the content of {name}")
        if hashlib.sha256(content).hexdigest() != facts["sha256"]:
            raise _damaged(source, f"is not what was written, the content of {name}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        target.chmod(facts["mode"])
    return len(listing)


def _damaged(key: str, what: str) -> KeeperFault:
    return KeeperFault(
        f"The object {key} in the database bucket {what}.",
        "Bring an earlier version of that object back (the bucket keeps versions), then start again: "
        "docs/data-safety.md, The database.",
    )
