"""Litestream v0.5: its settings, and the two commands that the keeper runs itself."""

import json
import os
import subprocess
from pathlib import Path
from urllib.parse import urlparse

from . import keys
from .faults import KeeperFault
from .settings import Settings
from .store import Store


def config(settings: Settings, epoch: int, database: Path) -> dict:
    """Settings for one epoch's replica. Litestream reads YAML, of which JSON is a part."""
    return {
        "addr": f":{settings.litestream_port}",
        "logging": {"level": "warn", "type": "json", "stderr": True},
        # No rights to delete are needed, or given: what is old goes by the bucket's rules or by a prune.
        "retention": {"enabled": False},
        "snapshot": {"interval": f"{settings.snapshot_seconds}s", "retention": "24h"},
        # Only about the volume, where the files of an hour may stay: each look lists the whole replica.
        "l0-retention": "5m",
        "l0-retention-check-interval": "1h",
        "shutdown-sync-timeout": "30s",
        "dbs": [
            {
                "path": str(database),
                "monitor-interval": _milliseconds(settings.sync_seconds),
                "replica": {**_place(settings, epoch), "sync-interval": _milliseconds(settings.sync_seconds)},
            }
        ],
    }


def _place(settings: Settings, epoch: int) -> dict:
    parts = urlparse(settings.url)
    place: dict = {"bucket": parts.netloc, "path": keys.replica(epoch)}
    if parts.scheme == "gs":
        # Another endpoint is found by Google's library itself, in STORAGE_EMULATOR_HOST.
        return {"type": "gs", **place}
    if settings.region:
        place["region"] = settings.region
    if settings.endpoint:
        place.update({"endpoint": settings.endpoint, "force-path-style": True})
    return {"type": "s3", **place}


def write_config(settings: Settings, epoch: int) -> None:
    text = json.dumps(config(settings, epoch, settings.database), indent=1)
    settings.litestream_config.write_text(text)


def newest_txid(settings: Settings) -> int:
    """The newest transaction that Litestream has written down on the volume; 0: none yet."""
    return newest_file(settings)[0]


def newest_file(settings: Settings) -> "tuple[int, int]":
    """The same, and when it was written, in nanoseconds since 1970; 0, 0: none yet."""
    folder = settings.litestream_state / "ltx" / "0"
    while True:
        try:
            # Names are <first>-<last>.ltx in hexadecimal of fixed length; a file being written ends differently.
            names = [name for name in os.listdir(folder) if name.endswith(".ltx")]
        except FileNotFoundError:
            return 0, 0
        if not names:
            return 0, 0
        newest = max(names, key=lambda name: int(name[17:33], 16))
        try:
            return int(newest[17:33], 16), (folder / newest).stat().st_mtime_ns
        except FileNotFoundError:
            # Litestream tidied up: there is a newer one.
            continue


def changed_at(settings: Settings) -> int:
    """When the database was last written, in nanoseconds since 1970, by its write-ahead log; 0: nothing is in it."""
    try:
        facts = settings.database.with_name(settings.database.name + "-wal").stat()
        # Whoever opens a database makes an empty one.
        return facts.st_mtime_ns if facts.st_size > 0 else 0
    except FileNotFoundError:
        return 0


def is_copied(settings: Settings, store: Store, epoch: int, txid: int) -> bool:
    """
    Whether a transaction of the volume is in the bucket. Asks for the files as they were made, which nobody there
    merges away or deletes (`retention`), and not for the whole list.
    """
    folder = f"{keys.replica(epoch)}/{'ltx/0' if settings.url.startswith('gs:') else '0000'}/"
    return txid == 0 or store.first(folder, f"{folder}{txid:016x}") is not None


def replicate_once(settings: Settings) -> None:
    """Brings the database as it is now into the epoch's replica, and returns when it is there."""
    arguments = ["replicate", "-once", "-config", str(settings.litestream_config)]
    ended = _run(settings, arguments)
    if ended.returncode != 0:
        raise KeeperFault(
            f"Litestream could not copy the database to the bucket: {_last_words(ended)}.",
            "The backend does not start without a copy. This pod tries again by itself.",
        )


def restore(settings: Settings, epoch: int, txid: "int | None", into: Path) -> None:
    """
    Restores an epoch's database, up to a transaction or as far as it goes.

    :raises KeeperFault: an object is missing or damaged; nothing is left at `into`
    """
    scratch = into.with_suffix(".litestream.yml")
    scratch.write_text(json.dumps({**config(settings, epoch, settings.database), "addr": ""}))
    try:
        to = ["-txid", f"{txid:016x}"] if txid is not None else []
        ended = _run(settings, ["restore", "-config", str(scratch), "-o", str(into), *to, str(settings.database)])
    finally:
        scratch.unlink()
    if ended.returncode != 0:
        raise KeeperFault(
            f"The copy of epoch {epoch} cannot be restored: {_last_words(ended)}.",
            "The backend does not start, since without this copy acknowledged changes would be missing in silence. If "
            "the bucket answers, an object under "
            f"{keys.replica(epoch)}/ is damaged or gone: bring its earlier version back (the bucket keeps "
            "versions), then start again: docs/data-safety.md, The database.",
        )


def _run(settings: Settings, arguments: "list[str]") -> "subprocess.CompletedProcess[str]":
    try:
        # An hour is the recovery time that is promised: a hanging copy must not hold the start for ever.
        return subprocess.run(
            [str(settings.litestream), *arguments], capture_output=True, text=True, timeout=3600, check=False
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise KeeperFault(
            f"Litestream did not come to an end ({arguments[0]}): {error}.",
            "The backend does not start. This pod tries again by itself; if it comes to the same, look at how the "
            "bucket and the volume answer.",
        ) from error


def _last_words(ended: "subprocess.CompletedProcess[str]") -> str:
    lines = (ended.stderr + ended.stdout).strip().splitlines()
    return lines[-1][:500] if lines else f"it ended with {ended.returncode}"


def _milliseconds(seconds: float) -> str:
    return f"{int(seconds * 1000)}ms"
