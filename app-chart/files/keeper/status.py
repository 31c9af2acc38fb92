"""Readiness and metrics over HTTP, for the kubelet and for Prometheus."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .watch import Watch


def metrics(watch: Watch) -> str:
    """In Prometheus' text format."""
    age = watch.beat_age
    rows = [
        ("keeper_owner", "1 while this pod owns the database.", int(watch.ready)),
        ("keeper_beat_age_seconds", "Since the bucket last took a sign of life.", -1 if age == float("inf") else age),
        (
            "keeper_copy_behind_seconds",
            "For how long a change of the database has not reached the bucket; 0 below two signs of life.",
            watch.behind,
        ),
        ("keeper_superseded", "1 after another pod took the database over.", int(watch.superseded is not None)),
    ]
    return "".join(f"# HELP {name} {text}\n# TYPE {name} gauge\n{name} {value}\n" for name, text, value in rows)


def serve(watch: Watch, port: int) -> ThreadingHTTPServer:
    """Answers on a port until the process ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/ready":
                text = "owner" if watch.ready else f"superseded by epoch {watch.superseded}"
                self._answer(200 if watch.ready else 503, text)
            elif self.path == "/metrics":
                self._answer(200, metrics(watch))
            else:
                self._answer(404, "")

        def _answer(self, code: int, text: str) -> None:
            content = text.encode()
            self.send_response(code)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """A line for every probe would hide the lines that matter."""

    server = ThreadingHTTPServer(("", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
