"""A local server that answers as WeCom, DingTalk and Feishu robots do, and the client that leads to it.

It counts what a robot takes in a minute, as the real ones do. No assertion lives here.
"""

import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests
from requests.adapters import HTTPAdapter

#: How many messages a robot takes in a minute.
A_MINUTE = 20


@dataclass
class Taken:
    """One request as it arrived."""

    host: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The words of the message, whichever robot it was for."""
        said = self.json
        return (said.get("text") or said.get("content"))["content" if "text" in said else "text"]


@dataclass
class Receiver:
    """What arrived, and how the next requests are answered: `script` first, then as the real ones would."""

    now: Callable[[], datetime]
    taken: list[Taken] = field(default_factory=list)
    refused: int = 0
    script: deque[tuple[int, dict[str, str], bytes]] = field(default_factory=deque)
    port: int = 0
    _recent: dict[str, deque[float]] = field(default_factory=dict)

    def answer(self, request: Taken) -> tuple[int, dict[str, str], bytes]:
        if self.script:
            return self.script.popleft()
        recent = self._recent.setdefault(request.path, deque())
        now = self.now().timestamp()
        while recent and recent[0] <= now - 60:
            recent.popleft()
        if len(recent) >= A_MINUTE:
            self.refused += 1
            return _robot(request.host, 45009)
        recent.append(now)
        self.taken.append(request)
        return _robot(request.host, 0)

    def client(self) -> requests.Session:
        """A client whose every HTTPS request arrives here, under the name it was meant for."""
        session = requests.Session()
        session.trust_env = False
        session.mount("https://", _Diverted(self.port))
        return session


class _Diverted(HTTPAdapter):
    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port

    def send(self, request, **options):
        host, _slash, path = request.url.removeprefix("https://").partition("/")
        request.url = f"http://127.0.0.1:{self._port}/{path}"
        request.headers["X-Meant-For"] = host
        return super().send(request, **options)


def _robot(host: str, code: int) -> tuple[int, dict[str, str], bytes]:
    words = "ok" if code == 0 else "api freq out of limit"
    answers: dict[str, dict[str, Any]] = {
        "qyapi.weixin.qq.com": {"errcode": code, "errmsg": words},
        "oapi.dingtalk.com": {"errcode": 130101 if code else 0, "errmsg": words},
        "open.feishu.cn": {"code": 11232 if code else 0, "data": {}, "msg": words},
    }
    return 200, {}, json.dumps(answers.get(host, {})).encode()


class Serving:
    """Runs a `Receiver` in a thread; use as a context manager."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                headers = dict(self.headers.items())
                host = headers.pop("X-Meant-For", "")
                body = self.rfile.read(length)
                status, more, answer = receiver.answer(Taken(host, self.path, headers, body))
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_words: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        receiver.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Receiver:
        self._thread.start()
        return self.receiver

    def __exit__(self, *_fault: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
