"""The database bucket, with the five calls that the keeper makes of it. None overwrites, none deletes."""

from typing import BinaryIO, Protocol
from urllib.parse import urlparse


class Store(Protocol):
    """
    A bucket, called from several threads. Every method raises StoreUnavailable when the bucket does not answer or
    refuses.
    """

    def get(self, key: str) -> "bytes | None":
        """An object's content; None where there is none."""

    def fetch(self, key: str, into: BinaryIO) -> bool:
        """As `get`, piece by piece into a file. False where there is none; an error leaves a part behind."""

    def create(self, key: str, content: "bytes | BinaryIO") -> bool:
        """
        Writes a new object, a file piece by piece. False, and nothing is changed, where one of that name exists:
        decided by the bucket.
        """

    def names(self, prefix: str, after: str = "") -> "list[str]":
        """All names under a prefix in order, those behind `after` only."""

    def first(self, prefix: str, after: str) -> "str | None":
        """The first name under a prefix behind `after`."""


def open_store(url: str, region: str = "", endpoint: str = "") -> Store:
    """The bucket behind `s3://<bucket>` or `gs://<bucket>`, with the credentials the pod's account has."""
    parts = urlparse(url)
    # Each cloud's library takes a second to load, and only one is needed.
    if parts.scheme == "s3":
        from .s3_store import S3Store

        return S3Store(parts.netloc, region, endpoint)
    if parts.scheme == "gs":
        from .gcs_store import GcsStore

        return GcsStore(parts.netloc, endpoint)
    raise ValueError(f"{url}: s3:// or gs://")


def newest_number(store: Store, prefix: str) -> int:
    """
    The highest of numbers that were given out one after another, 0 where there is none. Early ones may have expired.
    Asks about 2·log2(n) times instead of listing all.
    """
    from .keys import number_of, numbered

    start = store.first(prefix, "")
    if start is None:
        return 0
    low = number_of(start)
    step = 1
    while (found := store.first(prefix, prefix + numbered(low + step - 1))) is not None:
        low = number_of(found)
        step *= 2
    # Nothing is behind low + step - 1, and low exists.
    high = low + step - 1
    while low < high:
        middle = (low + high) // 2
        found = store.first(prefix, prefix + numbered(middle))
        if found is None:
            high = middle
        else:
            low = number_of(found)
    return low


def create_once(store: Store, key: str, content: bytes) -> bool:
    """
    As `create`, and True as well where the object that exists has this very content: a call repeated after its answer
    was lost meets its own object. The content has to tell its writer from every other.
    """
    return store.create(key, content) or store.get(key) == content
