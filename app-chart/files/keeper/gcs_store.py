"""A Cloud Storage bucket."""

from contextlib import contextmanager
from io import SEEK_END, BytesIO
from typing import BinaryIO, Iterator

from google.api_core.exceptions import GoogleAPIError, NotFound, PreconditionFailed
from google.auth.exceptions import GoogleAuthError
from google.cloud import storage
from requests.exceptions import RequestException

from .faults import StoreUnavailable

_FAILURES = (GoogleAPIError, GoogleAuthError, RequestException)
_SECONDS = (5, 20)
#: A multiple of 256 KiB (resumable uploads of Cloud Storage).
_PIECE = 4 << 20


class GcsStore:
    """With the application default credentials: on GKE the identity bound to the pod's service account."""

    def __init__(self, bucket: str, endpoint: str = "") -> None:
        if endpoint:
            from google.auth.credentials import AnonymousCredentials

            options = {"api_endpoint": endpoint}
            client = storage.Client("none", AnonymousCredentials(), client_options=options)
        else:
            client = storage.Client()
        self._client = client
        self._bucket = client.bucket(bucket)

    def get(self, key: str) -> "bytes | None":
        with self._asked(key, but=NotFound):
            return self._bucket.blob(key).download_as_bytes(timeout=_SECONDS, retry=None)
        return None

    def fetch(self, key: str, into: BinaryIO) -> bool:
        with self._asked(key, but=NotFound):
            self._bucket.blob(key, chunk_size=_PIECE).download_to_file(into, timeout=_SECONDS, retry=None)
            return True
        return False

    def create(self, key: str, content: "bytes | BinaryIO") -> bool:
        file = BytesIO(content) if isinstance(content, bytes) else content
        size = file.seek(0, SEEK_END)
        file.seek(0)
        with self._asked(key, but=PreconditionFailed):
            # Without a retry: one that follows a lost answer would meet its own object and report it as another's.
            self._bucket.blob(key, chunk_size=_PIECE).upload_from_file(
                file,
                # Up to 8 MiB go in one request, more in pieces.
                size=size,
                content_type="application/octet-stream",
                if_generation_match=0,
                timeout=_SECONDS,
                retry=None,
            )
            return True
        return False

    def names(self, prefix: str, after: str = "") -> "list[str]":
        return list(self._names(prefix, after))

    def first(self, prefix: str, after: str) -> "str | None":
        # The list begins with `after` itself, where there is one.
        return next(self._names(prefix, after, max_results=2), None)

    def _names(self, prefix: str, after: str, max_results: "int | None" = None) -> "Iterator[str]":
        with self._asked(prefix):
            found = self._client.list_blobs(
                self._bucket,
                prefix=prefix,
                start_offset=after or None,
                max_results=max_results,
                fields="items(name),nextPageToken",
                timeout=_SECONDS,
                # The library would try for two minutes; the keeper looks again by itself, and sooner.
                retry=None,
            )
            for each in found:
                if each.name > after:
                    yield each.name

    @contextmanager
    def _asked(self, key: str, but: "type[Exception] | tuple[()]" = ()) -> "Iterator[None]":
        """What the bucket refuses, and silence, are StoreUnavailable; the answer named only leaves the block."""
        try:
            yield
        except but:
            pass
        except _FAILURES as error:
            raise StoreUnavailable(f"gs://{self._bucket.name}/{key}: {error}") from error
