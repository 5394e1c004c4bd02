"""A small Behalf on a free port: the routes that the site calls, by the rules of docs/api.md."""
from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Optional

SECRET = "whsec_" + base64.b64encode(b"a secret for tests").decode()


class FakeBehalf:
    """Keeps users and jobs in memory. `refuse_with` is the answer to all calls while it is set."""

    def __init__(self) -> None:
        self.users: dict[str, dict[str, Any]] = {}
        self.jobs: dict[str, dict[str, Any]] = {}  # each with its owner
        self.keys: dict[tuple[str, str], str] = {}  # (owner, idempotency key): job
        self.refuse_with: Optional[dict[str, Any]] = None
        self.lose_next_answer = False
        self.requests: list[str] = []  # such as "GET /api/v1/jobs/..."
        self.webhooks: list[dict[str, Any]] = []
        handler = type("Handler", (_Handler,), {"fake": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def end(self, job_id: str, state: str, **properties: Any) -> None:
        """Ends a job, as a worker does."""
        self.jobs[job_id].update(state=state, finished_at="2026-11-27T10:00:00.5Z", **properties)

    def route(self, method: str, path: str, owner: str, key: str, body: Any) -> tuple[int, Any]:
        """Answers one authenticated request."""
        self.requests.append(f"{method} {path}")
        if self.refuse_with is not None:
            return self.refuse_with["status"], self.refuse_with
        place = path.split("/")[3:]
        if method == "PUT" and place[0] == "users":
            self.users.setdefault(place[1], {}).update(body)
            return 200, {"external_id": place[1], **self.users[place[1]]}
        if method == "POST" and place == ["webhooks"]:
            self.webhooks.append(body)
            return 201, {"secret": SECRET, "webhook": {"id": str(uuid.uuid4())}}
        if owner not in self.users:
            return 404, {"status": 404, "code": "not_found", "detail": "There is no such user."}
        if method == "POST" and place == ["jobs"]:
            return 202, self._queued(owner, key, body)
        job = self.jobs.get(place[1], {})
        if job.get("owner") != owner:
            return 404, {"status": 404, "code": "not_found", "detail": "There is no such job."}
        if place[2:] == ["watch-tokens"]:
            return 201, {"token": "bhw_" + job["id"], "expires_at": "2026-11-27T10:15:00Z"}
        if place[2:] == ["cancellation"]:
            if job["state"] not in ("queued", "cancelled"):
                return 409, {"status": 409, "code": "job_ended", "detail": "The job has ended."}
            self.end(job["id"], "cancelled")
        return 200, job

    def _queued(self, owner: str, key: str, body: Any) -> dict[str, Any]:
        job_id = self.keys.setdefault((owner, key), str(uuid.uuid4()))
        self.jobs.setdefault(job_id, {**body, "id": job_id, "owner": owner, "state": "queued"})
        return self.jobs[job_id]


class _Handler(BaseHTTPRequestHandler):
    fake: FakeBehalf

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/oauth2/token":
            credentials = base64.b64encode(b"site:platform-secret").decode()
            known = self.headers["Authorization"] == "Basic " + credentials
            return self._answer(*((200, {"access_token": "the-token", "expires_in": 600}) if known
                                  else (401, {"error": "invalid_client"})))
        if self.headers["Authorization"] != "Bearer the-token":
            return self._answer(401, {"status": 401, "code": "token_invalid"})
        status, answer = self.fake.route(
            self.command, self.path, self.headers.get("Behalf-On-Behalf-Of", ""),
            self.headers.get("Idempotency-Key", ""), json.loads(body) if body else None)
        if self.fake.lose_next_answer and self.path == "/api/v1/jobs":
            self.fake.lose_next_answer = False
            self.connection.close()  # the job is stored, but the answer is lost
            return None
        return self._answer(status, answer)

    do_GET = do_POST = do_PUT = _any

    def _answer(self, status: int, value: Any) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Keeps the output of the tests short."""


def sign(body: bytes, event_id: str, secret: str = SECRET) -> dict[str, str]:
    """Returns the headers of a delivery, as Django's test client takes them."""
    timestamp = str(int(time.time()))
    key = base64.b64decode(secret[len("whsec_"):])
    content = f"{event_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {
        "HTTP_WEBHOOK_ID": event_id,
        "HTTP_WEBHOOK_TIMESTAMP": timestamp,
        "HTTP_WEBHOOK_SIGNATURE": "v1," + signature,
    }
