"""One attempt of a job: the user's key from web-app, the call of compute-server, the outcome."""
from __future__ import annotations

import contextlib
import http.client
import re
import socket
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Dict, List, Mapping, Optional, Tuple, Union
from urllib.parse import urlsplit

from contract import (
    LOOKUP_PATH, MAX_ANSWER, Again, Answer, Found, Hop, Job, KeyRing, Outcome, Verdict,
    deferred, iso, key_or_verdict, signed_headers, to_json, utc, verdict_of,
)

MAX_KEYS = 10_000
MILLIS = r"(\d{1,9}\.?\d{0,6})"
TIMES = re.compile(rf"(?:wait;dur={MILLIS}, )?engine;dur={MILLIS}, charge;dur={MILLIS}")
NO_ANSWER = (OSError, http.client.HTTPException, ValueError, RecursionError)


@dataclass(frozen=True)
class Servers:
    """Where web-app and compute-server are, and how long a call of them may take, in seconds."""

    lookup_url: str
    compute_url: str
    lookup_secrets: str = field(repr=False)
    connect_timeout: float = 2
    call_timeout: float = 30
    key_max_age: float = 60


def post(url: str, headers: Mapping[str, str], body: bytes, servers: Servers) -> Answer:
    """Posts JSON, with one time limit for the whole call. Follows no redirect and uses no proxy."""
    parts = urlsplit(url)
    scheme = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = scheme(parts.hostname or "", parts.port, timeout=servers.connect_timeout)
    with contextlib.closing(connection):
        connection.connect()
        connection.sock.settimeout(servers.call_timeout)
        limit = threading.Timer(servers.call_timeout, end, [connection.sock])
        limit.daemon = True
        limit.start()
        try:
            connection.request("POST", parts.path, body, {"Content-Type": "application/json", **headers})
            response = connection.getresponse()
            received = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, received, response.read(MAX_ANSWER + 1))
        finally:
            limit.cancel()


def end(open_socket: socket.socket) -> None:
    with contextlib.suppress(OSError):
        open_socket.shutdown(socket.SHUT_RDWR)


def traced(job: Job, headers: Dict[str, str]) -> Dict[str, str]:
    return {**headers, "traceparent": job.trace} if job.trace else headers


class Keys:
    """Looks up users' keys, and keeps each for a minute."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._ring = KeyRing(servers.lookup_secrets)
        self._kept: Dict[Tuple[str, str], Tuple[float, Found]] = {}
        self._lock = threading.Lock()

    def find(self, job: Job) -> Union[Found, Verdict]:
        with self._lock:
            kept = self._kept.get((job.user_id, job.environment))
        return kept[1] if kept and kept[0] > time.monotonic() else self.find_anew(job)

    def find_anew(self, job: Job) -> Union[Found, Verdict]:
        """Looks up past the cache: only such an answer has the token of this job."""
        body = to_json({"job_id": job.job_id, "user_id": job.user_id, "environment": job.environment})
        headers = signed_headers(self._ring, body, int(time.time()), str(uuid.uuid4()))
        url = self._servers.lookup_url.rstrip("/") + LOOKUP_PATH
        try:
            found = key_or_verdict(job, post(url, traced(job, headers), body, self._servers))
        except NO_ANSWER as lost:
            return deferred("unavailable", f"The key look-up failed: {type(lost).__name__}.")
        if isinstance(found, Found):
            until = time.monotonic() + self._servers.key_max_age
            with self._lock:
                if len(self._kept) >= MAX_KEYS:
                    self._kept.clear()
                self._kept[job.user_id, job.environment] = until, Found(found.key, found.key_id)
        return found

    def forget(self, job: Job, refused: Found) -> None:
        """Drops the refused key, unless another thread has replaced it already."""
        owner = job.user_id, job.environment
        with self._lock:
            if owner in self._kept and self._kept[owner][1].key == refused.key:
                del self._kept[owner]


class Attempt:
    """One attempt of one job."""

    def __init__(self, job: Job, keys: Keys, servers: Servers, taken: datetime) -> None:
        self._job, self._keys, self._servers = job, keys, servers
        self._hops: List[Hop] = []
        self._pass("taken", taken)
        self._pass("verified")

    def outcome(self) -> Outcome:
        return self._job.outcome(self._verdict(self._keys.find(self._job), True), self._hops)

    def _verdict(self, found: Union[Found, Verdict], may_look_up_again: bool) -> Verdict:
        if not isinstance(found, Found):
            return found
        self._pass("key_found")
        verdict = self._call(found)
        if not isinstance(verdict, Again):
            return verdict
        if verdict is Again.KEY_REFUSED:
            self._keys.forget(self._job, found)
        if not may_look_up_again:
            return verdict.value
        look_up = self._keys.find if verdict is Again.KEY_REFUSED else self._keys.find_anew
        return self._verdict(look_up(self._job), False)

    def _call(self, found: Found) -> Union[Verdict, Again]:
        job = self._job
        headers = {"Authorization": f"Api-Key {found.key}", "Behalf-Attempt": str(job.attempt)}
        if job.operation_version is not None:
            headers["Behalf-Operation-Version"] = str(job.operation_version)
        if job.origin_key_id is not None:
            headers["Behalf-Origin-Key"] = job.origin_key_id
        if found.job_token is not None:
            headers["Behalf-Job-Token"] = found.job_token
        url = self._servers.compute_url.rstrip("/") + "/v1/ai/jobs"
        asked = utc()
        try:
            body = to_json({"job_id": job.job_id, "payload": job.payload})
            answer = post(url, traced(job, headers), body, self._servers)
            verdict = verdict_of(answer, found.key_id)
            timing = answer.headers.get("server-timing") if answer.status == 200 else None
        except NO_ANSWER as lost:
            verdict = deferred("unavailable", f"The compute server could not be reached: {type(lost).__name__}.")
            timing = None
        answered = utc()
        self._pass_at_compute(asked, answered, timing or "")
        if verdict is not Again.TOKEN_NEEDED:
            self._pass("answered", answered)
        return verdict

    def _pass_at_compute(self, asked: datetime, answered: datetime, timing: str) -> None:
        """Adds the stations at compute-server by this clock; the rest of the time is spent half each way."""
        reported = TIMES.fullmatch(timing)
        if not reported:
            return
        waited, engine, charge = (timedelta(milliseconds=float(millis or 0)) for millis in reported.groups())
        on_the_way = answered - asked - waited - engine - charge
        if on_the_way >= timedelta():
            received = asked + on_the_way / 2
            self._pass("received", received)
            self._pass("computed", received + waited + engine)
            self._pass("charged", received + waited + engine + charge)

    def _pass(self, station: str, at: Optional[datetime] = None) -> None:
        self._hops.append({"station": station, "at": iso(at or utc())})
