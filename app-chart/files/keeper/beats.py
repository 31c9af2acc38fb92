"""Signs of life, read back: what their owner said of the volume, and of the bucket."""

import json
from typing import Iterator

from . import keys
from .faults import KeeperFault
from .store import Store, newest_number


def backwards(store: Store, epoch: int) -> "Iterator[dict]":
    """
    An epoch's signs of life that tell of a transaction and its files, newest first, as far as none has expired.

    :raises KeeperFault: one cannot be read
    """
    prefix = keys.beats(epoch)
    number = newest_number(store, prefix)
    while number > 0:
        key = prefix + keys.numbered(number)
        raw = store.get(key)
        if raw is None:
            return
        beat = read(key, raw)
        # Others are from before the files were looked at, or from a restore.
        if beat.get("txid") is not None and beat.get("manifest") is not None:
            yield beat
        number -= 1


def newest(store: Store, epoch: int) -> "dict | None":
    """The newest one that tells of a transaction and its files."""
    return next(backwards(store, epoch), None)


def newest_within(store: Store, epoch: int, txid: int) -> "dict | None":
    """The newest one that tells of no later transaction; asks log2(n) times, since transactions only grow."""
    prefix = keys.beats(epoch)
    start = store.first(prefix, "")
    if start is None:
        return None
    low, high = keys.number_of(start), newest_number(store, prefix)
    found = None
    while low <= high:
        middle = (low + high) // 2
        key = prefix + keys.numbered(middle)
        raw = store.get(key)
        beat = read(key, raw) if raw is not None else {}
        if int(beat.get("txid") or 0) <= txid:
            found = beat if beat.get("txid") is not None else found
            low = middle + 1
        else:
            high = middle - 1
    return found


def read(key: str, raw: bytes) -> dict:
    """
    :raises KeeperFault: it is not what a keeper writes
    """
    try:
        beat = json.loads(raw)
        for name in ("txid", "manifest", "copied"):
            int(beat.get(name) or 0)
        float(beat["at"]), float(beat.get("behind") or 0)
        return beat
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeeperFault(
            f"The object {key} in the database bucket is not a sign of life ({error!r}).",
            "Which files belong to which transaction cannot be told without it. Bring its earlier version back (the "
            "bucket keeps versions), then start again: docs/data-safety.md, The database.",
        ) from error
