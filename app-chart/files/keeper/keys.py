"""Names of the objects in the database bucket. Every object has a name of its own: none is ever written twice."""

import re
from typing import NamedTuple

CLAIMS = "claims/"
RELEASES = "releases/"

#: Level at which Litestream v0.5 keeps full copies.
SNAPSHOT_LEVEL = 9

#: `<path>/ltx/9/…` on Cloud Storage (gs/replica_client.go), `<path>/0009/…` on S3 (s3/replica_client.go), v0.5.16.
_LTX = re.compile(r"/(?:ltx/(\d+)|([0-9a-f]{4}))/([0-9a-f]{16})-([0-9a-f]{16})\.ltx$")


class Ltx(NamedTuple):
    """A file of Litestream: the transactions `first` to `last`."""

    level: int
    first: int
    last: int


def numbered(number: int) -> str:
    """Ten digits, so that names sort as numbers do."""
    return f"{number:010d}"


def number_of(key: str) -> int:
    return int(key.rsplit("/", 1)[-1])


def claim(epoch: int) -> str:
    return CLAIMS + numbered(epoch)


def release(epoch: int) -> str:
    return RELEASES + numbered(epoch)


def beats(epoch: int) -> str:
    return f"beats/{numbered(epoch)}/"


def replica(epoch: int) -> str:
    """Litestream's path: a new one for each start, so that two writers never share a replica."""
    return f"epochs/{numbered(epoch)}/db"


def manifests(epoch: int) -> str:
    return f"epochs/{numbered(epoch)}/manifests/"


def content(sha256: str) -> str:
    return f"files/{sha256}"


def ltx(key: str) -> "Ltx | None":
    """The file of Litestream behind a key, or None for another object."""
    found = _LTX.search(key)
    if found is None:
        return None
    level = int(found[1]) if found[1] else int(found[2], 16)
    return Ltx(level, int(found[3], 16), int(found[4], 16))
