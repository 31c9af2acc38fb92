"""A Cloud Storage bucket."""

from io import SEEK_END, BytesIO
from typing import BinaryIO

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
        try:
            return self._bucket.blob(key).download_as_bytes(timeout=_SECONDS, retry=None)
        except NotFound:
            return None
        except _FAILURES as error:
            raise StoreUnavailable(f"gs://{self._bucket.name}/{key}: {error}") from error

    def fetch(self, key: str, into: BinaryIO) -> bool:
        try:
            self._bucket.blob(key, chunk_size=_PIECE).download_to_file(into, timeout=_SECONDS, retry=None)
            return True
        except NotFound:
            return False
        except _FAILURES as error:
            raise StoreUnavailable(f"gs://{self._bucket.name}/{key}: {error}") from error

    def create(self, key: str, content: "bytes | BinaryIO") -> bool:
        file = BytesIO(content) if isinstance(content, bytes) else content
        size = file.seek(0, SEEK_END)
        file.seek(0)
        try:
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
        except PreconditionFailed:
            return False
        except _FAILURES as error:
            raise StoreUnavailable(f"gs://{self._bucket.name}/{key}: {error}") from error

    def names(self, prefix: str, after: str = "") -> "list[str]":
        try:
            found = self._client.list_blobs(
                self._bucket,
                prefix=prefix,
                start_offset=after or None,
                fields="items(name),nextPageToken",
                timeout=_SECONDS,
                # The library would try for two minutes; the keeper looks again by itself, and sooner.
                retry=None,
            )
            return [each.name for each in found if each.name > after]
        except _FAILURES as error:
            raise StoreUnavailable(f"gs://{self._bucket.name}/{prefix}: {error}") from error

    def first(self, prefix: str, after: str) -> "str | None":
        try:
            # start_offset includes the name itself, so two are asked for.
            found = self._client.list_blobs(
                self._bucket,
                prefix=prefix,
                start_offset=after or None,
                max_results=2,
                fields="items(name),nextPageToken",
                timeout=_SECONDS,
                # The library would try for two minutes; the keeper looks again by itself, and sooner.
                retry=None,
            )
            return next((each.name for each in found if each.name > after), None)
        except _FAILURES as error:
            raise StoreUnavailable(f"gs://{self._bucket.name}/{prefix}: {error}") from error
