"""Serves a built site on this machine, much as GitHub Pages does."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.site.built import BASE

#: What a server compresses; pictures and fonts are compressed as they are.
_TEXTS = ("text/", "application/javascript", "application/json", "application/xml", "image/svg")
#: The middle of gzip's levels, which it takes where none is asked for.
GZIP_LEVEL = 6


class _Pages(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.is_dir() and not self.path.partition("?")[0].endswith("/"):
            self._redirect()
            return
        path = path / "index.html" if path.is_dir() else path
        if path.is_file():
            self._send(HTTPStatus.OK, path)
        else:
            self._send(HTTPStatus.NOT_FOUND, Path(self.directory, BASE, "404.html"))

    def _redirect(self) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", self.path + "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: HTTPStatus, path: Path) -> None:
        kind, body = self.guess_type(path), path.read_bytes()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if kind.startswith(_TEXTS) and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, GZIP_LEVEL, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """The tests say what was asked for."""


@contextmanager
def served(web: Path) -> Iterator[int]:
    """Serves a directory on a free port of this machine, and tells which."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Pages, directory=str(web))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
