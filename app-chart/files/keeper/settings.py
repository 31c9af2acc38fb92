"""The keeper's settings, from environment variables that the chart writes."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """All that the keeper is told. Durations are seconds."""

    #: Where the copies are: `s3://<bucket>` or `gs://<bucket>`.
    url: str
    #: Region of an S3 bucket; empty on Cloud Storage, which needs none.
    region: str
    #: Another server than the cloud's own, for tests; empty means the cloud's.
    endpoint: str
    #: The application's volume.
    data: Path
    #: The database's file, on that volume.
    database: Path
    #: Uploaded files, on that volume.
    uploads: Path
    #: What containers of one pod hand to each other: Litestream's program and settings, the epoch.
    shared: Path
    #: Between two signs of life while nothing is written.
    beat_seconds: float
    #: Without a sign of life for this long, an owner is taken for dead.
    lease_seconds: float
    #: Between two looks at the volume, and between two copies of what changed on it.
    sync_seconds: float
    #: Between two full copies of the database. A restore reads one and all changes since.
    snapshot_seconds: int
    #: Where Litestream's metrics are served.
    litestream_port: int
    #: Where the keeper's readiness and metrics are served.
    keeper_port: int
    #: Who claims: the pod and the node, for messages.
    pod: str
    node: str
    #: Epoch of a volume that is accepted although later ones exist, which are given up; or, for an empty volume, the
    #: epoch of which copies are gone, which are given up. 0: none.
    accept_epoch: int

    @staticmethod
    def from_environment(environment: "dict[str, str] | None" = None) -> "Settings":
        """Reads the variables KEEPER_*; a missing one is a fault of the chart and ends the program."""
        have = dict(os.environ) if environment is None else environment
        database = Path(have["KEEPER_DATABASE"])
        return Settings(
            url=have["KEEPER_URL"].rstrip("/"),
            region=have.get("KEEPER_REGION", ""),
            endpoint=have.get("KEEPER_ENDPOINT", ""),
            data=database.parent,
            database=database,
            uploads=Path(have["KEEPER_UPLOADS"]),
            shared=Path(have["KEEPER_SHARED"]),
            beat_seconds=float(have["KEEPER_BEAT_SECONDS"]),
            lease_seconds=float(have["KEEPER_LEASE_SECONDS"]),
            sync_seconds=float(have["KEEPER_SYNC_SECONDS"]),
            snapshot_seconds=int(have["KEEPER_SNAPSHOT_SECONDS"]),
            litestream_port=int(have["KEEPER_LITESTREAM_PORT"]),
            keeper_port=int(have["KEEPER_PORT"]),
            pod=have.get("KEEPER_POD", ""),
            node=have.get("KEEPER_NODE", ""),
            accept_epoch=int(have.get("KEEPER_ACCEPT_EPOCH", "0")),
        )

    @property
    def litestream(self) -> Path:
        """Litestream's program, copied from its own image."""
        return self.shared / "bin" / "litestream"

    @property
    def litestream_config(self) -> Path:
        return self.shared / "litestream.yml"

    @property
    def epoch_file(self) -> Path:
        """What the first container of the pod tells the others."""
        return self.shared / "epoch.json"

    @property
    def marker(self) -> Path:
        """On the volume: which epoch wrote it last."""
        return self.data / ".keeper.json"

    @property
    def restoring(self) -> Path:
        """On the volume, while a start restores or makes a database: it is there, so the volume was empty before."""
        return self.data / ".restoring"

    @property
    def litestream_state(self) -> Path:
        """Litestream's own folder beside the database (v0.5: `.<name>-litestream`)."""
        return self.data / f".{self.database.name}-litestream"
