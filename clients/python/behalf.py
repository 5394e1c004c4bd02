"""A client of Behalf in one file: copy it beside your code. It needs Python 3.9 and nothing else.

    import behalf

    client = behalf.Client()  # BEHALF_SERVER and BEHALF_API_KEY
    job = client.jobs.submit("echo", {"text": "hello"})
    print(client.jobs.wait(job["id"])["result"])

Answers are dictionaries with the names of the HTTP API. Clients can be shared by threads.
"""

from __future__ import annotations

import base64
import binascii
import email.message
import email.utils
import hashlib
import hmac
import http.client
import json
import os
import random
import re
import socket
import ssl
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import (
    Any, BinaryIO, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Protocol, Sequence,
    Tuple, TypedDict, TypeVar, Union, cast,
)
from urllib.parse import quote, urlencode, urlsplit

__version__ = "0.1.0"
__all__ = [
    "ApiError", "Batch", "BatchLine", "BehalfError", "Client", "FieldError", "ImportedUser",
    "IssuedKey", "Job", "JobEvent", "Key", "Me", "NoAnswerError", "Operation", "Platform", "Usage", "User",
    "WaitTimeoutError", "WebhookError", "WebhookEvent", "verify_webhook",
]

# Bounds of what is read into memory, in bytes. A result has at most 4 MiB, a page of jobs about as much.
_MAX_BODY = 32 * 1024 * 1024
_MAX_LINE = 16 * 1024 * 1024
_MAX_EVENT = 4 * 1024 * 1024
_MAX_PROBLEM = 256 * 1024

# Bounds of one body of the users' import. The server takes twice as much.
_IMPORT_LINES = 5_000
_IMPORT_BYTES = 4 * 1024 * 1024

_CONNECT = 5.0  # seconds for one address of the server
_SILENCE = 45.0  # seconds; a stream of events gives a sign of life every 15 s
_LONGEST_UPLOAD = 900.0  # seconds, with all repeats; the server reads one body for 600 s at most
_TOKEN_RESERVE = 60.0  # a token is renewed so many seconds before its end
_MOST_CUTS = 10  # a stream may be cut so often in a row before an event comes
_FINAL = frozenset({"succeeded", "failed", "cancelled"})

# What a server, or a proxy in front of one that restarts, answers without having done anything lasting.
_PASSING = frozenset({429, 502, 503, 504})

_T = TypeVar("_T")


# Answers. What the API may leave out is in the class with total=False.


class _Job(TypedDict):
    id: str
    environment: str
    state: str
    payload: Dict[str, Any]
    operation_version: int
    priority: str
    attempt: int
    hops: List[Dict[str, str]]
    created_at: str


class Job(_Job, total=False):
    """A job. `result` and `units` are there once it has succeeded, `code` and `detail` if it failed."""

    units: int
    result: Any
    code: str
    detail: str
    finished_at: str
    cancel_asked_at: str
    not_before: str
    retry_of: str
    tags: List[str]
    metadata: Dict[str, str]
    waiting: Dict[str, Any]
    watch_token: Dict[str, str]


class _Batch(TypedDict):
    id: str
    environment: str
    name: str
    format: str
    lines: int
    queued: int
    complete: bool
    created_at: str


class Batch(_Batch, total=False):
    """A batch. `complete`: read to its end. `completed_at`: since when no job of it is open."""

    jobs: Dict[str, int]
    invalid_lines: List[Dict[str, Any]]
    completed_at: str


class BatchLine(TypedDict):
    """The outcome of one line. `state` is a job's state or `invalid`; the rest is None if unknown."""

    line: int
    id: Optional[str]
    state: str
    units: Optional[int]
    code: Optional[str]
    detail: Optional[str]
    result: Any


class _Operation(TypedDict):
    name: str
    version: int
    title: Dict[str, str]
    description: Dict[str, str]
    units: Dict[str, Any]
    input: Any
    examples: List[Dict[str, Any]]
    max_input_bytes: int
    max_text_bytes: int


class Operation(_Operation, total=False):
    """An operation; `input` and `output` are JSON Schemas, texts are by language tag."""

    output: Any
    retention_hours: int


class _Me(TypedDict):
    user_id: str
    credential: str
    scopes: List[str]


class Me(_Me, total=False):
    """The user and the rights of the credential; `environment` if it opens only one."""

    environment: str


class Usage(TypedDict):
    """Units of one month in one environment; `held` may still be charged and is not left."""

    environment: str
    period: str
    used: int
    held: int
    limit: int
    left: int


class _Key(TypedDict):
    id: str
    name: str
    kind: str
    environment: str
    state: str
    scopes: List[str]
    networks: List[str]
    created_by: str
    created_at: str


class Key(_Key, total=False):
    """An API key, without its text."""

    daily_cap: int
    expires_at: str
    revoked_at: str
    last_used: Dict[str, str]
    rotation: Dict[str, Any]
    leak: Dict[str, str]


class IssuedKey(TypedDict):
    """A new key; `secret` is its text, which the server shows only once."""

    secret: str
    key: Key


class _User(TypedDict):
    external_id: str
    user_id: str
    name: str
    email: str
    quota: Dict[str, Optional[int]]
    permissions: List[str]
    metadata: Dict[str, str]
    created_at: str


class User(_User, total=False):
    """A user of a platform."""

    disabled_at: str
    disabled_by: str
    acting_ended_at: str


class _ImportedUser(TypedDict):
    line: int
    outcome: str


class ImportedUser(_ImportedUser, total=False):
    """The outcome of one line: created, changed, unchanged, or failed with `code` and `detail`."""

    external_id: str
    user_id: str
    code: str
    detail: str
    field: str


@dataclass(frozen=True)
class JobEvent:
    """An event of a job: `name` is output, progress, log, usage, restart, truncated or end.

    `id` is the number behind which a new stream goes on; `data` is decoded JSON.
    """

    id: str
    name: str
    data: Any


@dataclass(frozen=True)
class WebhookEvent:
    """A genuine delivery. The same `id` may arrive again: keep those that you have handled."""

    id: str
    type: str
    timestamp: str
    data: Dict[str, Any]


# Errors


class BehalfError(Exception):
    """Base of all errors of this module but ValueError and TypeError for wrong arguments."""


class FieldError(TypedDict, total=False):
    """A broken rule of an input's schema, with a JSON pointer."""

    pointer: str
    detail: str


class ApiError(BehalfError):
    """The server refused: a problem (RFC 9457).

    `code` is stable and decides (see docs/api.md#errors); it is empty if a proxy answered. `retry_after`
    is in seconds or None, `field` names one property of the body or is empty, `errors` lists broken rules
    of an input, `trace_id` finds the request in the server's log.
    """

    def __init__(self, status: int, problem: Mapping[str, Any], retry_after: Optional[float] = None) -> None:
        self.status = status
        self.code = _text(problem, "code") or _text(problem, "error")
        self.type = _text(problem, "type")
        self.title = _text(problem, "title") or f"The server answered {status}"
        self.detail = _text(problem, "detail") or _text(problem, "error_description")
        self.field = _text(problem, "field")
        self.trace_id = _text(problem, "trace_id")
        listed = problem.get("errors")
        self.errors = cast(List[FieldError], [e for e in listed if isinstance(e, dict)] if isinstance(listed, list) else [])
        self.retry_after = retry_after
        super().__init__(status, dict(problem), retry_after)  # so that it can be pickled

    def __str__(self) -> str:
        return " ".join(filter(None, (str(self.status), self.code))) + ": " + (self.detail or self.title)


class NoAnswerError(BehalfError):
    """No usable answer: no connection, a cut, a time-out, or what came is not Behalf's.

    `sent` is False if the server cannot have seen the request. If it is True, the request may have been
    carried out: a repeat under the same idempotency key is safe. `passing` says whether a later attempt may
    succeed.
    """

    def __init__(self, reason: str, sent: bool, passing: bool = True) -> None:
        super().__init__(reason, sent, passing)
        self.sent = sent
        self.passing = passing

    def __str__(self) -> str:
        return str(self.args[0])


class WaitTimeoutError(BehalfError, TimeoutError):
    """The job or batch had not ended in time; it goes on. `last` is how it was then."""

    def __init__(self, last: Mapping[str, Any]) -> None:
        super().__init__(last)
        self.last = last

    def __str__(self) -> str:
        return f"{self.last['id']} had not ended in time"


class WebhookError(BehalfError):
    """A delivery that must not be trusted: answer it with a status of 400 to 499."""


# Clients


class Client:
    """A client of one user, with an API key, or an access token or watch token.

    `server` is an address such as https://behalf.example.com (default: BEHALF_SERVER), `api_key` a key
    (default: BEHALF_API_KEY, unless there is an access token). `timeout` is in seconds and bounds the
    silence of the server in one attempt, `deadline` in seconds all attempts of one call together.
    Nothing is sent before the first call. Over plain HTTP the credential goes only to this machine,
    unless `allow_http` is set.

    Each call raises ApiError or NoAnswerError.
    """

    jobs: Jobs
    batches: Batches
    operations: Operations
    keys: Keys

    def __init__(
        self,
        server: Optional[str] = None,
        api_key: Optional[str] = None,
        *,
        access_token: Optional[str] = None,
        timeout: float = 15.0,
        deadline: float = 30.0,
        allow_http: bool = False,
        ssl_context: Optional[ssl.SSLContext] = None,
    ) -> None:
        if api_key is not None and access_token is not None:
            raise ValueError("Pass api_key or access_token, not both.")
        if access_token is not None:
            credential = "Bearer " + _secret("access_token", access_token)
        else:
            credential = "Api-Key " + _secret("api_key", _given(api_key, "BEHALF_API_KEY"))
        address = _address(server, allow_http)
        self._use(_Http(address, _Fixed(credential), timeout, deadline, ssl_context))

    def _use(self, wire: _Http) -> None:
        self._http = wire
        self.jobs = Jobs(wire)
        self.batches = Batches(wire)
        self.operations = Operations(wire)
        self.keys = Keys(wire)

    def __repr__(self) -> str:
        return f"Client({self._http.address.text!r})"

    def me(self) -> Me:
        """Returns the user, the environment and the scopes of the credential."""
        return cast(Me, self._http.json(_get("/api/v1/me")))

    def usage(self) -> List[Usage]:
        """Returns the units of this month, for each environment that the credential opens."""
        return cast(List[Usage], _list(self._http.json(_get("/api/v1/usage")), "usage"))

    def request(self, method: str, path: str, body: Any = None, *, repeatable: Optional[bool] = None) -> Any:
        """Calls any other route, such as `request("POST", "/api/v1/pauses", {"environment": "test"})`.

        `path` is encoded and has the query. `repeatable` says whether the call may be sent again when its
        answer was lost (default: all methods but POST and PATCH). Returns decoded JSON, or None without content.
        """
        return self._http.json(_any(method, path, body, repeatable))


class Platform:
    """A platform as itself: it has users, and acts for them. Its token is fetched and renewed as needed.

    Defaults come from BEHALF_SERVER, BEHALF_PLATFORM_ID and BEHALF_PLATFORM_SECRET; the other parameters
    are those of Client.
    """

    def __init__(
        self,
        server: Optional[str] = None,
        client_id: Optional[str] = None,
        client_secret: Optional[str] = None,
        *,
        timeout: float = 15.0,
        deadline: float = 30.0,
        allow_http: bool = False,
        ssl_context: Optional[ssl.SSLContext] = None,
    ) -> None:
        name = _secret("client_id", _given(client_id, "BEHALF_PLATFORM_ID"))
        secret = _secret("client_secret", _given(client_secret, "BEHALF_PLATFORM_SECRET"))
        basic = base64.b64encode(f"{quote(name, safe='')}:{quote(secret, safe='')}".encode()).decode()
        address = _address(server, allow_http)
        self._token = _PlatformToken(_Http(address, _Fixed("Basic " + basic), timeout, deadline, ssl_context))
        self._http = _Http(address, self._token, timeout, deadline, ssl_context)
        self.users = Users(self._http)

    def __repr__(self) -> str:
        return f"Platform({self._http.address.text!r})"

    def request(self, method: str, path: str, body: Any = None, *, repeatable: Optional[bool] = None) -> Any:
        """Calls any other route as the platform itself; the parameters are those of Client.request()."""
        return self._http.json(_any(method, path, body, repeatable))

    def on_behalf_of(self, external_id: str) -> Client:
        """Returns a client whose calls act for one of the platform's users; it shares the platform's token."""
        if not re.fullmatch(r"[A-Za-z0-9._~:@|-]{1,255}", external_id):
            raise ValueError("An external id has 1 to 255 letters, digits and . _ ~ : @ | - only.")
        own = self._http
        client = Client.__new__(Client)
        client._use(_Http(own.address, _ActingFor(self._token, external_id), own.timeout, own.deadline, own.ssl_context))
        return client


# Groups of calls


class Jobs:
    """Jobs of the user: `client.jobs`."""

    def __init__(self, wire: _Http) -> None:
        self._http = wire

    def submit(
        self,
        operation: str,
        payload: Optional[Mapping[str, Any]] = None,
        *,
        idempotency_key: Optional[str] = None,
        environment: Optional[str] = None,
        priority: Optional[str] = None,
        not_before: Union[datetime, str, None] = None,
        tags: Optional[Sequence[str]] = None,
        metadata: Optional[Mapping[str, str]] = None,
        wait: int = 0,
    ) -> Job:
        """Queues a job and returns it, or the first job that was queued under the same idempotency key.

        `payload` has the properties of the operation's input. Without an `idempotency_key`, a new one is
        made and kept over the repeats of this call; pass one of your own to make the call repeatable by
        another process. `environment` is live or test (default: the key's, else live), `priority` high,
        normal or low, `not_before` a time with its zone. With `wait` (seconds, at most 60), the answer
        comes when the job has ended, or after that time.

        Raises ApiError 422 `idempotency_key_reused` if the key belongs to another payload.
        """
        properties = dict(payload or {})
        if properties.setdefault("operation", operation) != operation:
            raise ValueError("The payload names another operation.")
        body: Dict[str, Any] = {"payload": properties}
        optional = {
            "environment": environment, "priority": priority, "not_before": _time(not_before),
            "tags": None if tags is None else _strings("tags", tags), "metadata": None if metadata is None else dict(metadata),
        }
        body.update((name, value) for name, value in optional.items() if value is not None)
        headers = {"Idempotency-Key": str(uuid.uuid4()) if idempotency_key is None else idempotency_key}
        return cast(Job, self._http.json(_waiting(
            _Request("POST", "/api/v1/jobs", body=_encode(body), headers=headers, repeatable=True), wait)))

    def get(self, job_id: str, *, wait: int = 0) -> Job:
        """Returns a job; with `wait` (seconds, at most 60) when it has ended, or after that time."""
        return cast(Job, self._http.json(_waiting(_get("/api/v1/jobs/" + _segment(job_id)), wait)))

    def list(self, query: Optional[str] = None, *, page_size: int = 100) -> Iterator[Job]:
        """Iterates over the jobs, newest first, page by page; `query` as in `state:failed op:echo since:1h`."""
        return cast(Iterator[Job], self._http.pages("/api/v1/jobs", "jobs", {"q": query, "limit": page_size}))

    def stream(self, job_id: str, *, after: str = "0") -> Iterator[JobEvent]:
        """Iterates over the events of a job behind the number `after`, up to `end`, as they come.

        A stream that is cut goes on behind its last event. Nothing comes if `after` is the number of the end.
        """
        return self._follow(job_id, after, None)

    def wait(self, job_id: str, timeout: float = 300.0) -> Job:
        """Returns the job when it has ended, in whatever state: look at `state`.

        Follows the job's events, and polls if that is impossible, as behind some proxies.

        Raises WaitTimeoutError after `timeout` seconds (0 looks once; math.inf waits for any time). The
        server may be down meanwhile.
        """
        until = time.monotonic() + timeout
        if timeout > 0:
            try:
                for _ in self._follow(job_id, "0", until):
                    pass
            except (NoAnswerError, _OutOfTime):
                pass
            except ApiError as refused:
                # Too many streams, or a proxy that passes none. Any other refusal would be repeated below.
                if refused.status in (401, 403, 404):
                    raise
        return self._poll(job_id, until)

    def cancel(self, job_id: str) -> Job:
        """Cancels a queued or running job and returns it; ApiError 409 `job_ended` if it has ended otherwise."""
        return cast(Job, self._http.json(_again("/api/v1/jobs/" + _segment(job_id) + "/cancellation")))

    def retry(self, job_id: str) -> Job:
        """Queues a failed or cancelled job again, as a new job. A second call returns the same new job."""
        return cast(Job, self._http.json(_again("/api/v1/jobs/" + _segment(job_id) + "/retry")))

    def receipt(self, job_id: str) -> Dict[str, Any]:
        """Returns the sealed receipt of a charged job."""
        return cast(Dict[str, Any], self._http.json(_get("/api/v1/jobs/" + _segment(job_id) + "/receipt")))

    def watch_token(self, job_id: str) -> Dict[str, str]:
        """Returns `token` and `expires_at`: with the token, a page in a browser reads this job for 15 minutes."""
        return cast(Dict[str, str], self._http.json(_again("/api/v1/jobs/" + _segment(job_id) + "/watch-tokens")))

    def _follow(self, job_id: str, after: str, until: Optional[float]) -> Iterator[JobEvent]:
        last, cuts = after, 0
        end = float("inf") if until is None else until
        path = "/api/v1/jobs/" + _segment(job_id) + "/events"
        while True:
            headers = {"Accept": "text/event-stream, application/problem+json", "Last-Event-ID": last}
            request = _get(path, headers)
            # Somebody who only waits polls instead of waiting for a place for one more stream.
            request.repeatable = until is None
            answer = self._http.send(request, lambda opened: opened, until=until)
            try:
                if answer.status == 204:  # `last` is the number of the end
                    return
                for event in _events(answer.chunks(_SILENCE, end)):
                    last, cuts = event.id or last, 0
                    yield event
                    if event.name == "end":
                        return
                cut = NoAnswerError("The stream of events ends early, again and again.", sent=True)
            except NoAnswerError as broken:
                if not broken.passing:
                    raise
                cut = broken
            finally:
                answer.close()
            # The server ends a stream after 30 minutes, when it restarts, and when the credential ends.
            cuts += 1
            if cuts > _MOST_CUTS:
                raise cut
            _sleep(_backoff(cuts), end)

    def _poll(self, job_id: str, until: float) -> Job:
        pause = 0.2
        while True:
            left = until - time.monotonic()
            request = _waiting(_get("/api/v1/jobs/" + _segment(job_id)), int(max(0.0, min(20.0, left))))
            began = time.monotonic()
            # Somebody who waits for long also waits while the server restarts.
            job = cast(Job, self._http.json(request, until=max(until, began + 1.0)))
            if job["state"] in _FINAL:
                return job
            if time.monotonic() >= until:
                raise WaitTimeoutError(job)
            if time.monotonic() - began < 1.0:  # the server has not waited
                time.sleep(max(0.0, min(pause, until - time.monotonic())))
                pause = min(5.0, pause * 1.5)


Lines = Union[Iterable[Mapping[str, Any]], BinaryIO, str, "os.PathLike[str]"]


class Batches:
    """Files of jobs: `client.batches`."""

    def __init__(self, wire: _Http) -> None:
        self._http = wire

    def create(
        self,
        lines: Union[Lines, Callable[[], Lines]],
        *,
        name: str = "",
        environment: Optional[str] = None,
        tags: Sequence[str] = (),
        idempotency_key: Optional[str] = None,
    ) -> Batch:
        """Sends a file of jobs as JSON lines, piece by piece, and returns the batch once all of it is sent.

        `lines` are payloads such as `{"operation": "echo", "text": "hi"}`, or a file of such lines: its
        path, or a file that was opened in binary mode. A function that returns one of these is called for
        each attempt. An upload that breaks is repeated if its lines can be read again: a list, a path, a
        file that can seek, or a function; not an iterator. After a break of one of these, call again with
        the whole file and the same `idempotency_key`: no line is queued twice.

        An upload takes at most 15 minutes, with its repeats.
        """
        source = _Source(lines)
        query = _query({"name": name or None, "environment": environment, "tag": _strings("tags", tags)})
        headers = {
            "Content-Type": "application/x-ndjson",
            "Idempotency-Key": str(uuid.uuid4()) if idempotency_key is None else idempotency_key,
        }
        return cast(Batch, self._http.json(_Request(
            "POST", "/api/v1/batches" + query, headers=headers, upload=source, repeatable=source.can_repeat,
            answer_within=_SILENCE)))

    def get(self, batch_id: str) -> Batch:
        """Returns a batch with its progress: `jobs` counts its jobs by state."""
        return cast(Batch, self._http.json(_get("/api/v1/batches/" + _segment(batch_id))))

    def list(self, *, page_size: int = 100) -> Iterator[Batch]:
        """Iterates over the batches, newest first, page by page."""
        return cast(Iterator[Batch], self._http.pages("/api/v1/batches", "batches", {"limit": page_size}))

    def wait(self, batch_id: str, timeout: float = 3600.0) -> Batch:
        """Polls until no job of the batch is open, and returns it.

        Raises WaitTimeoutError after `timeout` seconds. A batch whose upload was broken off does not end.
        """
        until, pause = time.monotonic() + timeout, 0.2
        request = _get("/api/v1/batches/" + _segment(batch_id))
        while True:
            batch = cast(Batch, self._http.json(request, until=max(until, time.monotonic() + 1.0)))
            if batch.get("completed_at"):
                return batch
            if time.monotonic() >= until:
                raise WaitTimeoutError(batch)
            time.sleep(max(0.0, min(pause, until - time.monotonic())))
            pause = min(5.0, pause * 1.5)

    def results(self, batch_id: str) -> Iterator[BatchLine]:
        """Iterates over the outcome of each line so far, in the order of the file, as it is received.

        A download that is cut goes on behind the last line. Only batches of JSON lines can be read.
        """
        path = "/api/v1/batches/" + _segment(batch_id) + "/results"
        last, cuts = 0, 0
        while True:
            headers = {"Accept": "application/x-ndjson, text/csv, application/problem+json"}
            answer = self._http.send(_get(path, headers), lambda opened: opened)
            try:
                if "ndjson" not in answer.header("Content-Type"):
                    raise NoAnswerError("The results are no JSON lines: the file was CSV.", sent=True, passing=False)
                for text in _lines(answer.chunks(_SILENCE), _MAX_LINE):
                    if not text:
                        continue
                    line = cast(BatchLine, _decode(text))
                    if line["line"] > last:
                        last, cuts = line["line"], 0
                        yield line
                return
            except NoAnswerError as cut:
                cuts += 1
                if not cut.passing or cuts > _MOST_CUTS:
                    raise
            finally:
                answer.close()
            time.sleep(_backoff(cuts))

    def cancel(self, batch_id: str) -> Batch:
        """Cancels the open jobs of a batch, in the background, and returns the batch as it is now."""
        return cast(Batch, self._http.json(_again("/api/v1/batches/" + _segment(batch_id) + "/cancellation")))


class Operations:
    """What the user may run: `client.operations`."""

    def __init__(self, wire: _Http) -> None:
        self._http = wire

    def list(self) -> List[Operation]:
        """Returns all operations that the user may run."""
        return cast(List[Operation], _list(self._http.json(_get("/api/v1/operations")), "operations"))

    def get(self, name: str) -> Operation:
        """Returns one operation."""
        return cast(Operation, self._http.json(_get("/api/v1/operations/" + _segment(name))))


class Keys:
    """API keys of the user: `client.keys`."""

    def __init__(self, wire: _Http) -> None:
        self._http = wire

    def issue(
        self,
        name: str,
        scopes: Sequence[str],
        *,
        environment: Optional[str] = None,
        expires_at: Union[datetime, str, None] = None,
        networks: Optional[Sequence[str]] = None,
        daily_cap: Optional[int] = None,
    ) -> IssuedKey:
        """Issues a key. Its text, `secret`, is returned only once.

        After a lost answer the call is not repeated, because it would issue a second key: look at list().
        """
        body: Dict[str, Any] = {"name": name, "scopes": _strings("scopes", scopes)}
        optional = {
            "environment": environment, "expires_at": _time(expires_at), "daily_cap": daily_cap,
            "networks": None if networks is None else _strings("networks", networks),
        }
        body.update((key, value) for key, value in optional.items() if value is not None)
        return cast(IssuedKey, self._http.json(_Request("POST", "/api/v1/keys", body=_encode(body))))

    def list(self) -> List[Key]:
        """Returns the keys that the credential can see, without their texts."""
        return cast(List[Key], _list(self._http.json(_get("/api/v1/keys")), "keys"))

    def revoke(self, key_id: str) -> Key:
        """Revokes a key for good and returns it."""
        return cast(Key, self._http.json(_Request("POST", "/api/v1/keys/" + _segment(key_id) + "/revocation")))


class Users:
    """The users of a platform: `platform.users`."""

    def __init__(self, wire: _Http) -> None:
        self._http = wire

    def put(
        self,
        external_id: str,
        *,
        name: Optional[str] = None,
        email: Optional[str] = None,
        quota: Optional[Mapping[str, int]] = None,
        permissions: Optional[Sequence[str]] = None,
        metadata: Optional[Mapping[str, str]] = None,
    ) -> User:
        """Creates or changes a user. What is None stays as it is; an empty value clears all but the quota.

        `quota` is in units a month, such as `{"live": 5000, "test": 100}`.
        """
        optional = {
            "name": name, "email": email, "quota": None if quota is None else dict(quota),
            "permissions": None if permissions is None else _strings("permissions", permissions),
            "metadata": None if metadata is None else dict(metadata),
        }
        body = {key: value for key, value in optional.items() if value is not None}
        return cast(User, self._http.json(
            _Request("PUT", self._path(external_id), body=_encode(body), repeatable=True)))

    def get(self, external_id: str) -> User:
        """Returns a user."""
        return cast(User, self._http.json(_get(self._path(external_id))))

    def list(self, *, page_size: int = 100) -> Iterator[User]:
        """Iterates over the users by external id, page by page."""
        return cast(Iterator[User], self._http.pages("/api/v1/users", "users", {"limit": page_size}))

    def delete(self, external_id: str) -> None:
        """Deletes a user with all data; ApiError 404 if there is none."""
        self._http.json(_Request("DELETE", self._path(external_id), repeatable=True, gone_is_done=True))

    def disable(self, external_id: str) -> User:
        """Disables a user: keys and tokens are refused, jobs wait."""
        return cast(User, self._http.json(_again(self._path(external_id) + "/disablement")))

    def enable(self, external_id: str) -> User:
        """Enables a user that the platform has disabled."""
        return cast(User, self._http.json(
            _Request("DELETE", self._path(external_id) + "/disablement", repeatable=True)))

    def import_all(self, users: Iterable[Mapping[str, Any]]) -> List[ImportedUser]:
        """Creates or changes any number of users, and returns one outcome for each, in their order.

        Each has an `external_id` and the properties of put(). A user that is refused stops no other; to
        send all of them again is safe. They are sent in bodies of 5,000 lines.
        """
        outcomes: List[ImportedUser] = []
        for body, count in _bodies(users):
            request = _Request(
                "POST", "/api/v1/users", body=body, repeatable=True,
                headers={"Content-Type": "application/x-ndjson", "Accept": "application/x-ndjson, application/problem+json"},
            )
            before = len(outcomes)
            for outcome in self._http.send(request, lambda answer: _read_lines(answer, count)):
                outcome["line"] += before
                outcomes.append(cast(ImportedUser, outcome))
        return outcomes

    @staticmethod
    def _path(external_id: str) -> str:
        return "/api/v1/users/" + _segment(external_id)


# Webhooks


def verify_webhook(
    secret: str,
    headers: Union[Mapping[str, Any], email.message.Message],
    body: bytes,
    *,
    tolerance: float = 300.0,
    now: Optional[float] = None,
) -> WebhookEvent:
    """Returns the event of a delivery if it is genuine and recent; else raises WebhookError.

    `secret` begins with whsec_. `headers` may have any case, and lists as values. `body` is the exact
    bytes that were received, before any decoding. `tolerance` is in seconds; `now` is for tests.
    """
    key = _webhook_key(secret)
    if not isinstance(body, (bytes, bytearray, memoryview)):
        raise TypeError("Pass the exact bytes of the body: decoded text may differ from them.")
    message_id = _webhook_header(headers, "webhook-id")
    timestamp = _webhook_header(headers, "webhook-timestamp")
    signatures = _webhook_header(headers, "webhook-signature")
    if not re.fullmatch(r"[0-9]{1,12}", timestamp):
        raise WebhookError("The header webhook-timestamp is no number of seconds.")
    if not abs((time.time() if now is None else now) - int(timestamp)) <= tolerance:
        raise WebhookError("The timestamp is too far from now: an old delivery, or a wrong clock.")
    content = b".".join((message_id.encode("utf-8", "replace"), timestamp.encode(), bytes(body)))
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest())
    # During a rotation there are two signatures. All are compared, so that the time tells nothing.
    matches = [
        hmac.compare_digest(value.encode("utf-8", "replace"), expected)
        for version, _, value in (part.partition(",") for part in signatures.split()) if version == "v1"
    ]
    if not any(matches):
        raise WebhookError("No signature matches: another secret, or the body was altered.")
    return _webhook_event(message_id, bytes(body))


def _webhook_key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret[len("whsec_"):] if secret.startswith("whsec_") else "", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        # With an empty key, anybody could sign.
        raise ValueError("The secret of a webhook is whsec_ and base64.")
    return key


def _webhook_header(headers: Union[Mapping[str, Any], email.message.Message], name: str) -> str:
    for key, value in headers.items():
        if str(key).lower() == name:
            values = [value] if isinstance(value, str) else list(value)
            if len(values) == 1 and isinstance(values[0], str) and values[0]:
                return values[0]
    raise WebhookError(f"The header {name} is missing.")


def _webhook_event(message_id: str, body: bytes) -> WebhookEvent:
    try:
        event = json.loads(body)
        if isinstance(event["type"], str) and isinstance(event["timestamp"], str) and isinstance(event["data"], dict):
            return WebhookEvent(message_id, event["type"], event["timestamp"], event["data"])
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise WebhookError("The body is signed, but is no event of Behalf.")


# Requests


@dataclass
class _Request:
    """`gone_is_done`: a 404 after a lost answer means that the attempt before has done it."""

    method: str
    path: str
    body: Optional[bytes] = None
    headers: Dict[str, str] = field(default_factory=dict)
    repeatable: bool = False
    gone_is_done: bool = False
    upload: Optional[_Source] = None
    answer_within: float = 0.0  # seconds that the server may take beside the time-out and the deadline


def _get(path: str, headers: Optional[Dict[str, str]] = None) -> _Request:
    return _Request("GET", path, headers=headers or {}, repeatable=True)


def _again(path: str) -> _Request:
    """A POST without a body whose repeat does nothing more."""
    return _Request("POST", path, repeatable=True)


def _any(method: str, path: str, body: Any, repeatable: Optional[bool]) -> _Request:
    if not re.fullmatch(r"/[!-~]*", path):
        raise ValueError("A path begins with a slash and is encoded.")
    safe = method not in ("POST", "PATCH") if repeatable is None else repeatable
    return _Request(method, path, body=None if body is None else _encode(body), repeatable=safe)


def _waiting(request: _Request, seconds: int) -> _Request:
    wait = min(60, int(seconds))
    if wait > 0:
        request.headers["Prefer"] = f"wait={wait}"
        request.answer_within = float(wait)
    return request


def _segment(text: str) -> str:
    """One segment of a path. The two that mean a folder would lead to another address."""
    if text in ("", ".", ".."):
        raise ValueError(f"{text!r} is no id.")
    return quote(text, safe="")


def _query(parameters: Mapping[str, Any]) -> str:
    given = {name: value for name, value in parameters.items() if value is not None}
    encoded = urlencode(given, doseq=True, quote_via=quote)
    return "?" + encoded if encoded else ""


def _strings(name: str, values: Sequence[str]) -> List[str]:
    if isinstance(values, str):
        raise TypeError(f"{name} is a list of texts, not one text.")
    return list(values)


def _time(value: Union[datetime, str, None]) -> Optional[str]:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("A time needs its zone: datetime.now(timezone.utc).")
        return value.isoformat()
    return value


def _encode(value: Any) -> bytes:
    # NaN and infinity are no JSON.
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _bodies(values: Iterable[Mapping[str, Any]]) -> Iterator[Tuple[bytes, int]]:
    lines: List[bytes] = []
    size = 0
    for value in values:
        line = _encode(dict(value)) + b"\n"
        if lines and (len(lines) == _IMPORT_LINES or size + len(line) > _IMPORT_BYTES):
            yield b"".join(lines), len(lines)
            lines, size = [], 0
        lines.append(line)
        size += len(line)
    if lines:
        yield b"".join(lines), len(lines)


class _Source:
    """The lines of a batch, as the pieces in which they are sent."""

    _PIECE = 64 * 1024
    _LATEST = 1.0  # seconds; jobs are queued while the rest is still being made

    def __init__(self, lines: Union[Lines, Callable[[], Lines]]) -> None:
        if isinstance(lines, (bytes, bytearray, Mapping)):
            raise TypeError("Pass payloads, or a file in binary mode.")
        self._lines = lines
        self._start: Optional[int] = None
        self.failure: Optional[BaseException] = None
        if callable(lines) or isinstance(lines, (str, os.PathLike)):
            self.can_repeat = True
        elif hasattr(lines, "read"):
            opened = cast(BinaryIO, lines)
            self.can_repeat = opened.seekable()
            self._start = opened.tell() if self.can_repeat else None
        else:
            self.can_repeat = iter(lines) is not lines

    def pieces(self) -> Iterator[bytes]:
        """Makes the pieces anew, and keeps an error of the caller's own apart from those of the network."""
        self.failure = None
        try:
            lines = self._lines() if callable(self._lines) else self._lines
            if isinstance(lines, (str, os.PathLike)):
                with open(lines, "rb") as opened:
                    yield from self._read(opened)
            elif hasattr(lines, "read"):
                if self._start is not None:
                    cast(BinaryIO, lines).seek(self._start)
                yield from self._read(cast(BinaryIO, lines))
            else:
                yield from self._join(lines)
        except GeneratorExit:
            raise
        except BaseException as failure:
            self.failure = failure
            raise

    def _read(self, opened: BinaryIO) -> Iterator[bytes]:
        while True:
            piece = opened.read(self._PIECE)
            if isinstance(piece, str):
                raise TypeError("Open the file in binary mode.")
            if not piece:
                return
            yield piece

    def _join(self, values: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
        piece = bytearray()
        began = time.monotonic()
        for value in values:
            piece += _encode(dict(value)) + b"\n"
            if len(piece) >= self._PIECE or time.monotonic() - began > self._LATEST:
                yield bytes(piece)
                piece.clear()
                began = time.monotonic()
        if piece:
            yield bytes(piece)


# Credentials


class _Credential(Protocol):
    def headers(self, until: float) -> Dict[str, str]:
        """Returns the headers of the next attempt."""

    def renew(self, used: Dict[str, str]) -> bool:
        """Forgets what was refused, and returns whether there can be another."""


class _Fixed:
    def __init__(self, authorization: str) -> None:
        self._authorization = authorization

    def headers(self, until: float) -> Dict[str, str]:
        return {"Authorization": self._authorization}

    def renew(self, used: Dict[str, str]) -> bool:
        return False


class _PlatformToken:
    """The token of a platform, shared by all clients that act for its users."""

    def __init__(self, wire: _Http) -> None:
        self._http = wire
        self._lock = threading.Lock()
        self._token = ""
        self._end = 0.0

    def headers(self, until: float) -> Dict[str, str]:
        with self._lock:
            if not self._token or time.monotonic() >= self._end:
                self._fetch(until)
            return {"Authorization": "Bearer " + self._token}

    def renew(self, used: Dict[str, str]) -> bool:
        with self._lock:
            if used.get("Authorization") == "Bearer " + self._token:
                self._token = ""
            return True

    def _fetch(self, until: float) -> None:
        began = time.monotonic()
        # A token that is lost on the way does no harm, and the next one is as good.
        answer = self._http.json(_Request(
            "POST", "/oauth2/token", body=b"grant_type=client_credentials", repeatable=True,
            headers={"Content-Type": "application/x-www-form-urlencoded"}), until=until)
        token, lifetime = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not re.fullmatch(r"[!-~]+", token) or not isinstance(lifetime, (int, float)):
            raise NoAnswerError("The server's answer has no token.", sent=True, passing=False)
        self._token = token
        self._end = began + lifetime - min(_TOKEN_RESERVE, lifetime / 2)


class _ActingFor:
    def __init__(self, token: _PlatformToken, external_id: str) -> None:
        self._token = token
        self._external_id = external_id

    def headers(self, until: float) -> Dict[str, str]:
        return {**self._token.headers(until), "Behalf-On-Behalf-Of": self._external_id}

    def renew(self, used: Dict[str, str]) -> bool:
        return self._token.renew(used)


def _given(value: Optional[str], variable: str) -> Optional[str]:
    """An empty value is a mistake of the caller, and must not lead to the account of the environment."""
    return os.environ.get(variable) if value is None else value


def _secret(name: str, value: Optional[str]) -> str:
    if not value:
        raise ValueError(f"{name} is missing.")
    # A line break would end the header, and the error of the HTTP library would show the secret.
    if not re.fullmatch(r"[!-~]+", value):
        raise ValueError(f"{name} has characters that no credential has.")
    return value


@dataclass(frozen=True)
class _Address:
    text: str
    secure: bool
    host: str
    port: int
    path: str


def _address(server: Optional[str], allow_http: bool) -> _Address:
    text = (_given(server, "BEHALF_SERVER") or "").strip()
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.scheme not in ("http", "https") or parts.query or parts.fragment or parts.username is not None:
        # Not shown: an address may hold a password.
        raise ValueError("The server is missing or no address such as https://behalf.example.com.")
    secure = parts.scheme == "https"
    if not secure and not allow_http and not re.fullmatch(r"localhost|127(\.[0-9]{1,3}){3}|::1", host):
        raise ValueError("Plain HTTP would show the credential on the network: use https, or set allow_http.")
    path = quote(parts.path.rstrip("/"), safe="/%")
    name = f"[{host}]" if ":" in host else host
    shown = f"{parts.scheme}://{name}" + (f":{port}" if port else "") + path
    return _Address(shown, secure, host, port or (443 if secure else 80), path)


# Sending


class _OutOfTime(Exception):
    """The caller's own time is over."""


class _Http:
    """Sends requests, and repeats those that are safe to repeat.

    Each request has a connection of its own: threads need no lock, and no request is lost on a connection
    that the server has just closed. Redirects are not followed, so that the credential stays here.
    """

    def __init__(
        self, address: _Address, credential: _Credential, timeout: float, deadline: float,
        ssl_context: Optional[ssl.SSLContext],
    ) -> None:
        self.address = address
        self.timeout = timeout
        self.deadline = deadline
        self.ssl_context = (ssl_context or ssl.create_default_context()) if address.secure else None
        self._credential = credential

    def pages(self, path: str, name: str, parameters: Mapping[str, Any]) -> Iterator[Any]:
        cursor: Optional[str] = None
        seen = set()
        while True:
            page = self.json(_get(path + _query({**parameters, "cursor": cursor})))
            yield from _list(page, name)
            cursor = page.get("next")
            if cursor is None:
                return
            if cursor in seen:
                raise NoAnswerError("The pages of the list run in a circle.", sent=True, passing=False)
            seen.add(cursor)

    def json(self, request: _Request, until: Optional[float] = None) -> Any:
        return self.send(request, _read_json, until=until)

    def send(self, request: _Request, read: Callable[[_Answer], _T], *, until: Optional[float] = None) -> _T:
        """Sends until there is an answer, at most until the deadline, or `until` if the caller has time.

        `read` takes a success, and closes it unless it returns it.
        """
        began = time.monotonic()
        give_up = began + self.deadline + request.answer_within if until is None else until
        failures, renewed, may_be_done = 0, False, False
        while True:
            used: Dict[str, str] = {}
            error: Union[ApiError, NoAnswerError]
            try:
                used = self._credential.headers(give_up)
                answer = self._attempt(request, used, give_up)
                if 200 <= answer.status < 300:
                    return read(answer)
                error = _refusal(answer)
            except NoAnswerError as lost:
                error = lost
            failures += 1
            if isinstance(error, ApiError) and error.status == 401 and used and not renewed \
                    and (request.upload is None or request.upload.can_repeat) and self._credential.renew(used):
                renewed = True
                continue
            if request.gone_is_done and may_be_done and isinstance(error, ApiError) and error.status == 404:
                return cast(_T, None)
            may_be_done = may_be_done or (error.sent if isinstance(error, NoAnswerError) else error.status in (502, 504))
            if not _may_repeat(request, error):
                raise error
            now = time.monotonic()
            if request.upload is not None and isinstance(error, NoAnswerError) and error.sent:
                # The time of sending is no time in vain.
                give_up = min(now + self.deadline, began + _LONGEST_UPLOAD)
            pause = _backoff(failures)
            if isinstance(error, ApiError) and error.retry_after is not None:
                pause += error.retry_after
            if now + pause >= give_up:
                raise error
            time.sleep(pause)

    def _attempt(self, request: _Request, credential: Dict[str, str], give_up: float) -> _Answer:
        left = max(0.1, give_up - time.monotonic())
        connection = self._connection(min(_CONNECT, self.timeout, left))
        try:
            connection.connect()
            opened = cast(socket.socket, connection.sock)
        except OSError as error:
            connection.close()
            raise NoAnswerError(
                self._reason("could not be reached", error), sent=False,
                passing=not isinstance(error, ssl.SSLCertVerificationError)) from error
        try:
            opened.settimeout(min(self.timeout, left) + request.answer_within)
            self._write(connection, request, credential)
            response = connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            if request.upload is not None and request.upload.failure is error:
                raise
            raise NoAnswerError(self._reason("gave no answer", error), sent=True) from error
        except BaseException:
            connection.close()
            raise
        return _Answer(connection, opened, response, time.monotonic() + max(self.timeout, self.deadline), self.timeout)

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        if self.ssl_context is not None:
            return http.client.HTTPSConnection(
                self.address.host, self.address.port, timeout=timeout, context=self.ssl_context)
        return http.client.HTTPConnection(self.address.host, self.address.port, timeout=timeout)

    def _write(self, connection: http.client.HTTPConnection, request: _Request, credential: Dict[str, str]) -> None:
        headers = {
            "Accept": "application/json", "Connection": "close", "User-Agent": f"behalf-python/{__version__}",
            **request.headers, **credential,
        }
        if request.body is not None:
            headers.setdefault("Content-Type", "application/json")
        path = self.address.path + request.path
        try:
            if request.upload is None:
                connection.request(request.method, path, request.body, headers)
            else:
                headers["Transfer-Encoding"] = "chunked"
                connection.request(request.method, path, request.upload.pieces(), headers, encode_chunked=True)
        except (BrokenPipeError, ConnectionResetError):
            # A server that refuses an upload early closes the connection; its answer may be there to read.
            if request.upload is None or request.upload.failure is not None:
                raise

    def _reason(self, what: str, error: Exception) -> str:
        return f"{self.address.text} {what}: {error or type(error).__name__}"


def _may_repeat(request: _Request, error: Union[ApiError, NoAnswerError]) -> bool:
    if isinstance(error, NoAnswerError):
        return error.passing and (request.repeatable or not error.sent)
    return request.repeatable and (error.status in _PASSING or error.code == "upload_in_progress")


def _backoff(failures: int) -> float:
    """Full jitter: many clients of a server that was down do not come back at the same time."""
    return random.uniform(0.0, min(5.0, 0.25 * 2 ** min(failures, 10)))


def _sleep(seconds: float, until: float) -> None:
    if time.monotonic() + seconds >= until:
        raise _OutOfTime
    time.sleep(seconds)


# Reading


class _Answer:
    """An answer whose body is still to be read."""

    def __init__(
        self, connection: http.client.HTTPConnection, opened: socket.socket, response: http.client.HTTPResponse,
        limit: float, silence: float,
    ) -> None:
        self.status = response.status
        self._connection = connection
        self._socket = opened
        self._response = response
        self._limit = limit
        self._silence = silence

    def header(self, name: str) -> str:
        return self._response.getheader(name) or ""

    def close(self) -> None:
        self._response.close()
        self._connection.close()

    def chunks(self, silence: float, until: float = float("inf")) -> Iterator[bytes]:
        """Yields what comes, as soon as it comes; raises NoAnswerError if it ends early."""
        length = self.header("Content-Length")
        left = int(length) if length.isdigit() and not self._response.chunked else None
        while left is None or left > 0:
            wait = min(silence, until - time.monotonic())
            if wait <= 0:
                raise _OutOfTime
            try:
                self._socket.settimeout(wait)
                data = self._response.read1(65536 if left is None else min(65536, left))
            except socket.timeout as silent:
                if time.monotonic() >= until:
                    raise _OutOfTime from silent
                raise NoAnswerError("The server fell silent within its answer.", sent=True) from silent
            except (OSError, ValueError, http.client.HTTPException) as cut:
                raise NoAnswerError("The answer was cut off.", sent=True) from cut
            if not data:
                if left is not None:
                    raise NoAnswerError("The answer was cut off.", sent=True)
                return
            if left is not None:
                left -= len(data)
            yield data

    def body(self, most: int) -> bytes:
        """Reads all of it and closes it."""
        data = bytearray()
        try:
            for chunk in self.chunks(self._silence, self._limit):
                data += chunk
                if len(data) > most:
                    raise NoAnswerError("The answer is too large.", sent=True, passing=False)
        except _OutOfTime:
            raise NoAnswerError("The answer took too long.", sent=True) from None
        finally:
            self.close()
        return bytes(data)


def _read_json(answer: _Answer) -> Any:
    body = answer.body(_MAX_BODY)
    return None if answer.status == 204 else _decode(body)


def _read_lines(answer: _Answer, count: int) -> List[Any]:
    lines = [_decode(line) for line in answer.body(_MAX_BODY).split(b"\n") if line.strip()]
    if len(lines) != count:
        raise NoAnswerError("The answer was cut off: it has not a line for each user.", sent=True)
    return lines


def _decode(data: bytes) -> Any:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NoAnswerError("The answer is no JSON: is this a Behalf server?", sent=True, passing=False) from error
    if not isinstance(value, dict):
        raise NoAnswerError("The answer is no JSON object: is this a Behalf server?", sent=True, passing=False)
    return value


def _list(value: Mapping[str, Any], name: str) -> List[Any]:
    found = value.get(name)
    if not isinstance(found, list):
        raise NoAnswerError(f"The answer has no {name}: is this a Behalf server?", sent=True, passing=False)
    return found


def _refusal(answer: _Answer) -> ApiError:
    retry_after = _retry_after(answer.header("Retry-After"), answer.header("Date"))
    if 300 <= answer.status < 400:
        answer.close()
        return ApiError(answer.status, {
            "title": "The server redirects", "detail": "A credential follows no redirect: use the address that it names."})
    try:
        problem = json.loads(answer.body(_MAX_PROBLEM))
    except (NoAnswerError, ValueError, RecursionError):
        problem = None  # the status alone says enough
    return ApiError(answer.status, problem if isinstance(problem, dict) else {}, retry_after)


def _retry_after(value: str, date: str) -> Optional[float]:
    """Seconds, from seconds or a date; a date is compared with the server's own clock."""
    if re.fullmatch(r"[0-9]{1,9}", value.strip()):
        return float(value)
    try:
        at = email.utils.parsedate_to_datetime(value).timestamp()
    except (TypeError, ValueError, IndexError):
        return None
    try:
        now = email.utils.parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError, IndexError):
        now = time.time()
    return max(0.0, at - now)


def _text(problem: Mapping[str, Any], name: str) -> str:
    value = problem.get(name)
    return value if isinstance(value, str) else ""


def _lines(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    """Splits at LF, CR and CRLF, also where a chunk ends between the two. Each line has an end."""
    rest = bytearray()
    after_cr = False
    for chunk in chunks:
        if after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
            after_cr = False
        if not chunk:
            continue
        after_cr = chunk.endswith(b"\r")
        first, *others = re.split(rb"\r\n|\r|\n", chunk)
        rest += first
        for other in others:
            yield bytes(rest)
            rest = bytearray(other)
        if len(rest) > most:
            raise NoAnswerError("A line of the answer is too long.", sent=True, passing=False)
    if rest:
        raise NoAnswerError("The answer was cut off.", sent=True)


def _events(chunks: Iterable[bytes]) -> Iterator[JobEvent]:
    """Parses server-sent events (HTML, section 9.2) whose data is JSON. An event that is cut is dropped."""
    event_id, name, data, size = "", "", cast(List[str], []), 0
    first = True
    for raw in _lines(chunks, _MAX_EVENT):
        # Whole lines only, because a chunk may end within a character.
        line = raw.decode("utf-8", "replace")
        if first:
            line, first = line[1:] if line.startswith("\ufeff") else line, False
        if not line:
            if data:
                yield JobEvent(event_id, name or "message", _event_data("\n".join(data)))
            name, data, size = "", [], 0
            continue
        key, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if key == "data":
            data.append(value)
            size += len(raw)
            if size > _MAX_EVENT:
                raise NoAnswerError("An event is too large.", sent=True, passing=False)
        elif key == "event":
            name = value
        elif key == "id" and re.fullmatch(r"[!-~]*", value):  # goes back to the server in a header
            event_id = value


def _event_data(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NoAnswerError("An event is no JSON.", sent=True, passing=False) from error
