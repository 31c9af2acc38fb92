"""
python -m keeper prepare   before the backend starts
python -m keeper watch     beside it, until SIGTERM
python -m keeper drill     restores the newest copy to scratch, for the report alone
"""

import signal
import sys
import threading

from . import drill
from .faults import KeeperFault, StoreUnavailable
from .prepare import prepare
from .settings import Settings
from .status import serve
from .store import open_store
from .watch import watch


def main(command: str) -> int:
    settings = Settings.from_environment()
    store = open_store(settings.url, settings.region, settings.endpoint)
    if command == "prepare":
        prepare(settings, store)
        return 0
    if command == "watch":
        end = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: end.set())
        keeper = watch(settings, store)
        serve(keeper, settings.keeper_port)
        while not end.is_set():
            keeper.step()
            end.wait(settings.sync_seconds)
        keeper.finish()
        return 0
    if command == "drill":
        return drill.run(settings, store)
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
    except KeeperFault as fault:
        # Where Kubernetes shows it: kubectl describe pod.
        print(f"REFUSED: {fault}", file=sys.stderr, flush=True)
        sys.exit(1)
    except StoreUnavailable as error:
        print(f"REFUSED: the database bucket cannot be used: {error} This pod tries again by itself.", file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        print(f"REFUSED: the volume cannot be used: {error}. This pod tries again by itself.", file=sys.stderr)
        sys.exit(1)
