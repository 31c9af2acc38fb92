"""
Who may write the database: the pod with the newest claim.

A claim is an object with the next number, written only if there is none of that name; so of two that try, the bucket
lets one through. An owner lives as long as it writes a beat, an object with the next number again, every few seconds.
Whoever wants to follow it waits for a whole lease and refuses if a beat appears: it compares no clocks, so no clock can
be wrong. Numbers never come back, and nothing here is overwritten or deleted.
"""

import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Callable

from . import keys
from .faults import KeeperFault, StoreUnavailable
from .settings import Settings
from .store import Store, create_once, newest_number


@dataclass
class Ownership:
    """An epoch that this pod holds. `beat` is the number of its last sign of life."""

    epoch: int
    token: str
    beat: int = 0
    _one: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def sign(self, store: Store, what: dict) -> bool:
        """Writes the next sign of life. False: another writes this epoch's beats."""
        with self._one:
            return self._sign(store, what)

    def _sign(self, store: Store, what: dict) -> bool:
        content = {**what, "token": self.token, "at": time.time()}
        while True:
            # Counted once it is known to be there: a write whose answer was lost is repeated under the same name.
            key = keys.beats(self.epoch) + keys.numbered(self.beat + 1)
            if store.create(key, _json(content)):
                self.beat += 1
                return True
            raw = store.get(key)
            if raw is None:
                # Another write of this name was under way and has come to nothing, or the object was deleted.
                raise StoreUnavailable(f"{key} is said to exist, and is not there.")
            found = _object(raw)
            if found.get("token", self.token) != self.token:
                return False
            self.beat += 1
            # What went through late may say less than what is to be said now.
            if {**found, "at": content["at"]} == content:
                return True

    def release(self, store: Store, txid: int) -> None:
        """
        After a clean end: whoever follows need not wait, and the copy holds everything up to that transaction.

        :raises StoreUnavailable: it is not known to be there
        """
        key = keys.release(self.epoch)
        if not create_once(store, key, _json({"token": self.token, "txid": txid})):
            raise StoreUnavailable(f"{key} was not written.")


def successor(store: Store, epoch: int) -> "int | None":
    """The newest claim after an epoch's, None while it is the newest itself."""
    names = store.names(keys.CLAIMS, keys.claim(epoch))
    return keys.number_of(names[-1]) if names else None


def claims(store: Store) -> "list[int]":
    """All epochs that were ever claimed, oldest first."""
    return [keys.number_of(name) for name in store.names(keys.CLAIMS)]


def wait_for_owner_to_be_gone(
    store: Store,
    epoch: int,
    settings: Settings,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """
    Returns at once after a clean end of that epoch, else after a lease without a beat.

    :raises KeeperFault: the owner lives, or somebody else has claimed meanwhile
    """
    if epoch == 0 or store.get(keys.release(epoch)) is not None:
        return
    before = newest_number(store, keys.beats(epoch))
    print(
        f"Epoch {epoch} was not released: watching for {settings.lease_seconds:g} s whether its owner lives.",
        flush=True,
    )
    waited = 0.0
    while waited < settings.lease_seconds:
        step = min(2.0, settings.lease_seconds - waited)
        sleep(step)
        waited += step
        after = store.first(keys.beats(epoch), keys.beats(epoch) + keys.numbered(before))
        if after is not None:
            raise KeeperFault(
                f"The owner of the database lives: {owner_of(store, epoch)}, epoch {epoch}, gave a sign of life "
                f"after {waited:g} s.",
                "Two backends would write two databases. Stop the other one; this pod tries again by itself.",
            )
        if store.get(keys.release(epoch)) is not None:
            return


def claim(store: Store, epoch: int, settings: Settings, facts: dict) -> Ownership:
    """
    Takes the database over as the given epoch.

    :raises KeeperFault: somebody else was faster
    """
    token = uuid.uuid4().hex
    about = {"token": token, "pod": settings.pod, "node": settings.node, "at": time.time(), **facts}
    if not create_once(store, keys.claim(epoch), _json(about)):
        raise KeeperFault(
            f"{owner_of(store, epoch)} took the database over at this moment, as epoch {epoch}.",
            "This pod tries again by itself, and waits while the other one lives.",
        )
    return Ownership(epoch, token)


def owner_of(store: Store, epoch: int) -> str:
    """The pod behind a claim, for messages."""
    about = _object(store.get(keys.claim(epoch)) or b"")
    return f"pod {about.get('pod') or 'unknown'} on node {about.get('node') or 'unknown'}"


def token_of(store: Store, epoch: int) -> "str | None":
    """What tells a claim from every other, on this bucket or elsewhere; None: there is no such claim."""
    return _object(store.get(keys.claim(epoch)) or b"").get("token")


def _object(raw: bytes) -> dict:
    """Empty where it cannot be read."""
    try:
        found = json.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _json(value: dict) -> bytes:
    return json.dumps(value, sort_keys=True).encode()
