"""Many files at one time, as far as memory allows."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Callable, TypeVar

T, R = TypeVar("T"), TypeVar("R")

#: How many small files are on their way at one time. A bucket takes some 50 ms for each, and the database's copy counts
#: only as far as that of the files: one after another, a folder of icons would hold it back for seconds.
SIDE_BY_SIDE = 8
#: Bytes up to which a file is small. Larger ones go one at a time, since the clouds' libraries hold up to 8 MiB of each.
SMALL = 1 << 20


def side_by_side(do: "Callable[[T], R]", files: "list[T]", sizes: "list[int]") -> "list[R]":
    """
    What `do` says of each file, in order: the small ones are on their way together, the large ones one at a time. The
    first failure ends it, and nothing more is begun.
    """
    failed = Event()

    def unless_failed(file: T) -> "R | None":
        if failed.is_set():
            return None
        try:
            return do(file)
        except BaseException:
            failed.set()
            raise

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        small = iter(list(pool.map(unless_failed, [file for file, size in zip(files, sizes) if size <= SMALL])))
    return [next(small) if size <= SMALL else do(file) for file, size in zip(files, sizes)]
