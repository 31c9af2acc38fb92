"""
A restore for its own sake: the newest copy into an empty folder, checked, timed, and thrown away.

It claims nothing and writes nothing to the bucket: its account may only read there. What it leaves is a report, in a
ConfigMap that it may change and nothing else, in the pod's termination message, and in its exit code.
"""

import json
import os
import ssl
import sys
import time
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Callable

from . import beats
from .faults import KeeperFault, StoreUnavailable
from .ownership import claims
from .restore import Point, ends_of, newest_point, released, restore_point
from .settings import Settings
from .store import Store


@dataclass(frozen=True)
class DrillSettings:
    """What the drill is told besides the keeper's settings. Durations are seconds."""

    #: An empty folder with room for the database and the uploads.
    scratch: Path
    #: Oldest state that a recovery may bring back.
    point_limit: float
    #: Longest time that a recovery may take.
    time_limit: float
    #: What a recovery takes besides the lease and the restore: a node, a volume, images, the start.
    start_seconds: float
    #: ConfigMap that takes the report, in `namespace`; empty: none.
    status: str
    namespace: str

    @staticmethod
    def from_environment(environment: "dict[str, str] | None" = None) -> "DrillSettings":
        have = dict(os.environ) if environment is None else environment
        return DrillSettings(
            scratch=Path(have["DRILL_SCRATCH"]),
            point_limit=float(have["DRILL_POINT_LIMIT_SECONDS"]),
            time_limit=float(have["DRILL_TIME_LIMIT_SECONDS"]),
            start_seconds=float(have["DRILL_START_SECONDS"]),
            status=have.get("DRILL_STATUS", ""),
            namespace=have.get("DRILL_NAMESPACE", ""),
        )


def drill(settings: Settings, told: DrillSettings, store: Store, now: Callable[[], float] = time.time) -> dict:
    """Restores the newest copy and judges it. Never raises for what a drill is there to find."""
    at, begun = now(), time.monotonic()
    report = {
        "result": "failed",
        "at": _time(at),
        "recoveryPointLimitSeconds": told.point_limit,
        "recoveryTimeLimitSeconds": told.time_limit,
    }
    try:
        point = newest_point(store, settings.accept_epoch)
        if point is None:
            raise KeeperFault("The bucket holds no copy of the database.", "Has the backend ever started?")
        age = recovery_point(store, point, at, told.point_limit)
        restored = restore_point(store, point, told.scratch / "restored", settings)
    except (KeeperFault, StoreUnavailable) as fault:
        return {**report, "faults": [str(fault)]}
    except Exception as error:
        # Whatever it is, a report of a failed drill is left, and not one of last week that passed.
        return {**report, "faults": [f"The drill itself broke off: {error!r}."]}
    restore = time.monotonic() - begun
    report.update(
        epoch=point.epoch,
        databaseBytes=restored.database.stat().st_size,
        files=restored.files,
        recoveryPointSeconds=age if age is None else round(age, 1),
        restoreSeconds=round(restore, 1),
        leaseSeconds=settings.lease_seconds,
        startSeconds=told.start_seconds,
        recoveryTimeSeconds=round(settings.lease_seconds + restore + told.start_seconds, 1),
    )
    if point.note:
        report["note"] = point.note
    faults = _judge(report, told)
    return {**report, "result": "failed" if faults else "passed", **({"faults": faults} if faults else {})}


def _judge(report: dict, told: DrillSettings) -> "list[str]":
    point, taken = report["recoveryPointSeconds"], report["recoveryTimeSeconds"]
    faults = []
    if point is None:
        faults.append("Nothing tells how old the newest copy is: no sign of life belongs to it.")
    elif point > told.point_limit:
        faults.append(
            f"The newest copy is {point:g} s old, {told.point_limit:g} are promised: what came later would be lost. "
            "Does the backend run, and does its keeper say why it cannot copy?"
        )
    if taken > told.time_limit:
        faults.append(f"A recovery would take {taken:g} s, {told.time_limit:g} are promised.")
    return faults


def recovery_point(store: Store, point: Point, at: float, limit: float) -> "float | None":
    """
    How old the state is that a restore brings, in seconds by the owner's clock; None: nothing tells.

    0 after a clean end, which tells of a copy that is there to its last transaction. A beat that tells of transactions
    whose copies are not there yet does not count: the newest one that they are there for does. For how long Litestream
    had not copied what it never wrote down comes on top.
    """
    restored = ends_of(store, point.epoch)[-1] if point.txid is None else point.txid
    if claims(store)[-1] == point.epoch and 0 < released(store, point.epoch) <= restored:
        return 0.0
    for beat in beats.backwards(store, point.epoch):
        age = max(0.0, at - float(beat["at"])) + float(beat.get("behind") or 0)
        if int(beat["txid"]) <= restored:
            return age
        if age > limit:
            # Older ones only make it worse.
            return age
    return None


def leave(report: dict, told: DrillSettings, server: "tuple[str, dict, ssl.SSLContext | None] | None" = None) -> None:
    """
    Writes the report into the ConfigMap. The time of the last drill that passed stays where this one failed.

    :raises OSError: it could not be written
    """
    if not told.status:
        return
    root, headers, context = server or _api_server()
    data = {"result": report["result"], "at": report["at"], "report": json.dumps(report, sort_keys=True)}
    if report["result"] == "passed":
        data["lastPassed"] = report["at"]
    request = urllib.request.Request(
        f"{root}/api/v1/namespaces/{told.namespace}/configmaps/{told.status}",
        data=json.dumps({"data": data}).encode(),
        headers={**headers, "Content-Type": "application/merge-patch+json"},
        method="PATCH",
    )
    with urllib.request.urlopen(request, timeout=20, context=context) as answer:
        answer.read()


def _api_server() -> "tuple[str, dict, ssl.SSLContext]":
    account = Path(os.environ.get("DRILL_ACCOUNT", "/var/run/secrets/kubernetes.io/serviceaccount"))
    host = os.environ["KUBERNETES_SERVICE_HOST"]
    root = f"https://{f'[{host}]' if ':' in host else host}:{os.environ['KUBERNETES_SERVICE_PORT']}"
    headers = {"Authorization": f"Bearer {(account / 'token').read_text().strip()}"}
    return root, headers, ssl.create_default_context(cafile=str(account / "ca.crt"))


def run(settings: Settings, store: Store) -> int:
    """`python -m keeper drill`: 0 where everything that was promised holds."""
    told = DrillSettings.from_environment()
    report = drill(settings, told, store)
    text = json.dumps(report, sort_keys=True)
    # For whoever reads the log; the document comes last.
    print("\n".join([*plain(report), text]), flush=True)
    left = True
    # Kubernetes hands the message of an ended container on, 4096 bytes at most.
    message = Path(os.environ.get("DRILL_MESSAGE", "/dev/termination-log"))
    for way in (lambda: message.write_text(text[:4096]), lambda: leave(report, told)):
        try:
            way()
        except Exception as error:
            print(f"The report could not be left where the platform's checks read it: {error!r}", file=sys.stderr)
            left = False
    return 0 if left and report["result"] == "passed" else 1


def plain(report: dict) -> "list[str]":
    """The report's figures and findings, a line each."""
    lines = [f"restore drill: {report['result']}"]
    for name, found, limit in (
        ("recovery point", "recoveryPointSeconds", "recoveryPointLimitSeconds"),
        ("recovery time", "recoveryTimeSeconds", "recoveryTimeLimitSeconds"),
    ):
        if report.get(found) is not None:
            lines.append(f"{name}: {report[found]:g} s, at most {report[limit]:g} s")
    return [*lines, *(f"fault: {fault}" for fault in report.get("faults", []))]


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
