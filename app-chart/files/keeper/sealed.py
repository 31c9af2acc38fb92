"""Files that are sent as what they were found to be, or not at all."""

import hashlib
import os
from io import RawIOBase
from typing import BinaryIO


class Changed(Exception):
    """A file was written to between two looks at it. The next look at the folder finds it again."""


class Sealed(RawIOBase):
    """
    A file that is handed over to its last byte only if all of it is what a digest says: an upload of anything else stays
    without its end, and no object comes of it.
    """

    def __init__(self, file: BinaryIO, digest: str, size: int) -> None:
        self._file, self._digest, self._size = file, digest, size
        #: Whether it was found to be something else.
        self.changed = False
        self.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = self._file.seek(offset, whence)
        # Whoever begins anew reads it all again; one that asks for its end wants to know the size.
        if self._at == 0:
            self._seen, self._hashed = hashlib.sha256(), 0
        return self._at

    def read(self, size: "int | None" = -1) -> bytes:
        piece = self._file.read(-1 if size is None else size)
        if self._at == self._hashed:
            self._seen.update(piece)
            self._hashed += len(piece)
        self._at += len(piece)
        if self._at >= self._size and piece and (self._hashed != self._size or self._seen.hexdigest() != self._digest):
            self.changed = True
            raise Changed()
        return piece
