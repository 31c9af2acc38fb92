"""An S3 bucket."""

from contextlib import contextmanager
from typing import BinaryIO, Iterator

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from .faults import StoreUnavailable

_PIECE = 1 << 20
_GONE = frozenset({"404", "NoSuchKey", "NotFound"})
# 409: another conditional write of the same name is under way; the other one counts.
_EXISTS = frozenset({"412", "PreconditionFailed", "409", "ConditionalRequestConflict"})


class S3Store:
    """With the default chain of credentials: on EKS the web identity of the pod's service account."""

    def __init__(self, bucket: str, region: str, endpoint: str = "") -> None:
        self._bucket = bucket
        style = {"addressing_style": "path"} if endpoint else {}
        self._client = boto3.client(
            "s3",
            region_name=region or None,
            endpoint_url=endpoint or None,
            config=Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 2}, s3=style),
        )
        # As a header and not as the parameter IfNoneMatch, which older versions of botocore do not know.
        self._client.meta.events.register("before-call.s3.PutObject", _create_only)

    def get(self, key: str) -> "bytes | None":
        with self._asked(key, but=_GONE):
            return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return None

    def fetch(self, key: str, into: BinaryIO) -> bool:
        with self._asked(key, but=_GONE):
            for piece in self._client.get_object(Bucket=self._bucket, Key=key)["Body"].iter_chunks(_PIECE):
                into.write(piece)
            return True
        return False

    def create(self, key: str, content: "bytes | BinaryIO") -> bool:
        with self._asked(key, but=_EXISTS):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content)
            return True
        return False

    def names(self, prefix: str, after: str = "") -> "list[str]":
        found: "list[str]" = []
        arguments = {"Bucket": self._bucket, "Prefix": prefix, "StartAfter": after}
        with self._asked(prefix):
            for page in self._client.get_paginator("list_objects_v2").paginate(**arguments):
                found.extend(each["Key"] for each in page.get("Contents", []))
        return found

    def first(self, prefix: str, after: str) -> "str | None":
        with self._asked(prefix):
            page = self._client.list_objects_v2(
                Bucket=self._bucket, Prefix=prefix, StartAfter=after, MaxKeys=1
            )
        return next((each["Key"] for each in page.get("Contents", [])), None)

    @contextmanager
    def _asked(self, key: str, but: "frozenset[str]" = frozenset()) -> "Iterator[None]":
        """What the bucket refuses, and silence, are StoreUnavailable; answers of these codes only leave the block."""
        try:
            yield
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") not in but:
                raise StoreUnavailable(f"s3://{self._bucket}/{key}: {error}") from error
        except BotoCoreError as error:
            raise StoreUnavailable(f"s3://{self._bucket}/{key}: {error}") from error


def _create_only(params: dict, **_: object) -> None:
    params["headers"]["If-None-Match"] = "*"
