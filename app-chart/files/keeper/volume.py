"""What lies on the volume: whose it is, whether it is empty, and what is in the way of a restore."""

import json
import os
from pathlib import Path

from . import ownership
from .database import has_tables
from .faults import KeeperFault
from .restore import ends_of, was_copied
from .settings import Settings
from .store import Store

#: What SQLite keeps beside a database. Beside another one it would be played into it, without any sign of damage.
_BESIDE = ("-wal", "-shm", "-journal")


def refuse_unless_empty(settings: Settings) -> None:
    """A volume without the database is empty only if nothing else of the application is there."""
    if settings.restoring.exists():
        # A start that was cut off: it had found the volume empty.
        return
    found = [*_beside(settings), *([settings.marker] if settings.marker.exists() else [])]
    if _filled(settings.uploads):
        found.append(settings.uploads)
    if found:
        raise KeeperFault(
            f"The database {settings.database} is missing, and the volume was in use: there is "
            f"{', '.join(str(path) for path in found)}.",
            "Nothing is restored over it. Put the database back; or give the volume up, so that the newest copy is "
            "restored from the bucket onto a new one: docs/data-safety.md, The database.",
        )


def refuse_stale(settings: Settings, store: Store, epochs: "list[int]") -> None:
    """
    A database that is not the newest of this bucket: older than what users have seen since, another platform's, or a new
    one in the place of one that is gone.
    """
    own, token = _marked(settings)
    accepted = settings.accept_epoch == own > 0
    later = [epoch for epoch in epochs if epoch > own and (ends_of(store, epoch) or was_copied(store, epoch))]
    if later and not accepted:
        raise KeeperFault(
            f"The database on this volume was last written in epoch {own or 'unknown'}, and epoch {later[-1]} "
            f"({ownership.owner_of(store, later[-1])}) wrote a later one elsewhere.",
            "Starting would bring an old state back. To go on with the later one, give this volume up; to go on with "
            f"this volume and lose what came after, set database.acceptEpoch to {own or 'the epoch in .keeper.json'}: "
            "docs/data-safety.md, The database.",
        )
    if own > 0 and not accepted and (token is None or ownership.token_of(store, own) != token):
        raise KeeperFault(
            f"The database on this volume was last written in an epoch {own} that is not the one in this bucket "
            f"({ownership.owner_of(store, own)}).",
            "The volume or the bucket is another platform's. Take the right one; to go on with this volume all the "
            f"same, and lose what the bucket has, set database.acceptEpoch to {own}: docs/data-safety.md, The database.",
        )
    if own > 0 and not accepted and not has_tables(settings.database) and was_copied(store, own):
        raise KeeperFault(
            f"The database {settings.database} has no tables, and the one that was copied in epoch {own} has.",
            "It is left as it is. Put the right one back, or give the volume up, so that the newest copy is restored "
            "from the bucket onto a new one: docs/data-safety.md, The database.",
        )


def set_aside(settings: Settings, mine: ownership.Ownership, uploads: bool) -> None:
    """Makes room for a database, and for uploads if asked, and deletes nothing: a person may look at it afterwards."""
    aside = settings.data / f".aside-{mine.epoch}"
    found = _beside(settings)
    if uploads and settings.uploads.exists():
        if settings.uploads.is_dir() and not any(settings.uploads.iterdir()):
            settings.uploads.rmdir()
        else:
            found.append(settings.uploads)
    for path in found:
        aside.mkdir(exist_ok=True)
        os.replace(path, aside / path.name)
        print(f"{path} was in the way and is now {aside / path.name}.", flush=True)


def mark(settings: Settings, mine: ownership.Ownership) -> None:
    """Writes down whose the volume is: the epoch, and what tells its claim from that of another bucket."""
    scratch = settings.marker.with_suffix(".new")
    scratch.write_text(json.dumps({"epoch": mine.epoch, "token": mine.token}))
    sync(scratch)
    os.replace(scratch, settings.marker)
    sync(settings.data)


def _marked(settings: Settings) -> "tuple[int, str | None]":
    """The epoch that wrote the volume last, and its token; 0: it does not say."""
    try:
        marker = json.loads(settings.marker.read_text())
        return int(marker["epoch"]), marker.get("token")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return 0, None


def _beside(settings: Settings) -> "list[Path]":
    names = [settings.database.with_name(settings.database.name + end) for end in _BESIDE]
    return [path for path in names if path.exists()]


def _filled(folder: Path) -> bool:
    """Whether there is anything but folders."""
    if not folder.is_dir():
        return folder.exists()

    def unreadable(error: OSError) -> None:
        raise error

    return any(names for _, _, names in os.walk(folder, onerror=unreadable))


def sync(path: Path) -> None:
    """To the disk, a folder's entries too."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
