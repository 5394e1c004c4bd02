"""The forms of docs/workers.md, without input or output: messages, signatures, and what answers mean."""
from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import uuid
import zlib
from dataclasses import dataclass, field
from datetime import datetime, timezone
from enum import Enum
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Union

SIGNATURE = "behalf-signature"
LOOKUP_PATH = "/internal/v1/key-lookups"
MAX_MESSAGE = 1024 * 1024  # bytes, of a job and of a message with outcomes
MAX_OUTCOMES = 200
MAX_ANSWER = 4 * 1024 * 1024  # bytes
KEY = re.compile(r"(bh_(live|test)_([0-9A-Za-z]{12})[0-9A-Za-z]{32})([0-9A-Za-z]{6})")
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RECORDED = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f][13579bdf]")
Verdict = Dict[str, Any]
Outcome = Dict[str, Any]
Hop = Dict[str, str]


class KeyRing:
    """Shared secrets, written as id:base64,id:base64. The first one signs, all of them verify."""

    def __init__(self, text: str) -> None:
        self._secrets: Dict[str, bytes] = {}
        for entry in text.strip().split(","):
            name, _, secret = entry.strip().partition(":")
            decoded = base64.b64decode(secret, validate=True)
            if not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", name) or name in self._secrets or len(decoded) < 32:
                raise ValueError("Write each secret as id:base64, with an id of its own and at least 32 bytes.")
            self._secrets[name] = decoded
        self.current = next(iter(self._secrets))

    def sign(self, content: bytes) -> str:
        return base64.b64encode(hmac.digest(self._secrets[self.current], content, "sha256")).decode()

    def seal(self, content: bytes) -> str:
        return f"{self.current}:{self.sign(content)}"

    def unseals(self, seal: str, content: bytes) -> bool:
        """Returns whether a secret of the ring has sealed exactly these bytes, in constant time."""
        name, _, signature = seal.partition(":")
        secret = self._secrets.get(name)
        try:
            given = base64.b64decode(signature, validate=True)
        except ValueError:
            return False
        return secret is not None and hmac.compare_digest(hmac.digest(secret, content, "sha256"), given)


def signed_headers(ring: KeyRing, body: bytes, created: int, nonce: str) -> Dict[str, str]:
    """Returns the headers that sign a key look-up (RFC 9421, RFC 9530)."""
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    params = (
        f'("@method" "@path" "content-digest");created={created};nonce="{nonce}"'
        f';keyid="{ring.current}";alg="hmac-sha256"'
    )
    base = (
        f'"@method": POST\n"@path": {LOOKUP_PATH}\n"content-digest": {digest}\n"@signature-params": {params}'
    )
    return {
        "Content-Digest": digest,
        "Signature-Input": f"sig1={params}",
        "Signature": f"sig1=:{ring.sign(base.encode())}:",
    }


def to_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def from_json(body: bytes) -> Any:
    """Reads strict JSON. Raises ValueError also for a property that appears twice, and for NaN."""

    def once(pairs: List[Any]) -> Dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a property appears twice")
        return dict(pairs)

    def refuse(name: str) -> None:
        raise ValueError(name)

    return json.loads(body.decode("utf-8"), object_pairs_hook=once, parse_constant=refuse)


def properties(body: bytes) -> Dict[str, Any]:
    """Returns the properties of a JSON object; none if the body is empty or another JSON value."""
    value = from_json(body) if body else None
    return value if isinstance(value, dict) else {}


def is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def utc() -> datetime:
    return datetime.now(timezone.utc)


def iso(at: datetime) -> str:
    return at.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")


def failed(code: Any, detail: Any) -> Verdict:
    return {"kind": "failed", "code": bounded(code, 64), "detail": bounded(detail, 1000)}


def deferred(code: Any, detail: Any, pause: Optional[int] = None) -> Verdict:
    return {**failed(code, detail), "kind": "deferred", "retry_after_seconds": pause}


def bounded(text: Any, most: int) -> str:
    """Returns the beginning of a text, without characters that a database cannot store."""
    return re.sub("[\0\ud800-\udfff]", "\ufffd", text[:most]) if isinstance(text, str) else ""


@dataclass(frozen=True)
class Job:
    job_id: str
    user_id: str
    environment: str
    attempt: int
    payload: Any = field(repr=False)
    operation_version: Optional[int] = None
    origin_key_id: Optional[str] = None
    trace: Optional[str] = None

    def outcome(self, verdict: Verdict, hops: List[Hop]) -> Outcome:
        ids = {"job_id": self.job_id, "user_id": self.user_id, "environment": self.environment}
        return {"v": 1, **ids, "attempt": self.attempt, "verdict": verdict, "hops": hops}


class Rejected(NamedTuple):
    """A message that is not a job for this worker, and the outcome of the job that it names, if any."""

    reason: str
    outcome: Optional[Outcome] = None


VERDICT_OF_REJECTION = {
    "too_large": failed("payload_too_large", "The message of the job is larger than a worker takes."),
    "version_unknown": deferred("unavailable", "The worker is older than the message."),
    "unreadable": failed("internal", "No worker can read the message of the job: tell the operator."),
}


def read(body: bytes, headers: Mapping[str, Any], ring: KeyRing) -> Union[Job, Rejected]:
    """Reads a message only after its signature over the exact bytes is verified."""
    seal = headers.get(SIGNATURE)
    if seal is None:
        return Rejected("unsigned")
    if not ring.unseals(str(seal), body):
        return Rejected("signature_invalid")
    try:
        message = properties(body)
        to_json(message)  # fails for half of a surrogate pair, which no server stores
    except (ValueError, RecursionError):
        message = {}
    trace = str(headers.get("traceparent"))
    job = job_of(message, trace if RECORDED.fullmatch(trace) else None)
    reason = (
        "too_large" if len(body) > MAX_MESSAGE
        else "version_unknown" if is_integer(message.get("v")) and message["v"] != 1
        else None if job and is_complete(message)
        else "unreadable"
    )
    if job and not reason:
        return job
    return Rejected(str(reason), job.outcome(VERDICT_OF_REJECTION[str(reason)], []) if job else None)


def job_of(message: Dict[str, Any], trace: Optional[str]) -> Optional[Job]:
    """Returns the job that a message names, or None if its ids cannot be read."""
    try:
        ids = str(uuid.UUID(message["job_id"])), str(uuid.UUID(message["user_id"]))
    except (KeyError, ValueError, AttributeError, TypeError):
        return None
    environment, attempt = message.get("environment"), message.get("attempt")
    if environment not in ("live", "test"):
        return None
    version, origin = message.get("operation_version"), message.get("origin_key_id")
    number = int(attempt) if attempt is not None and is_integer(attempt) else 0
    return Job(*ids, environment, number, message.get("payload"), version, origin, trace)


def is_complete(message: Dict[str, Any]) -> bool:
    required = {"v", "job_id", "user_id", "environment", "payload", "attempt"}
    optional = {"enqueued_at", "origin_key_id", "operation_version"}
    version, origin = message.get("operation_version"), message.get("origin_key_id")
    return (
        required <= set(message) <= required | optional
        and is_integer(message["v"])
        and message["payload"] is not None
        and is_integer(message["attempt"])
        and (version is None or is_integer(version))
        and (origin is None or isinstance(origin, str))
    )


class Answer(NamedTuple):
    """An HTTP response; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Found(NamedTuple):
    """A user's key, and the token of the job if the look-up was for this job and gave one."""

    key: str
    key_id: str
    job_token: Optional[str] = None

    def __repr__(self) -> str:
        return f"Found({self.key_id})"


def key_or_verdict(job: Job, answer: Answer) -> Union[Found, Verdict]:
    """Returns what an answer to a key look-up means. Raises ValueError if it is not JSON."""
    if answer.status not in (200, 404):
        return deferred("unavailable", f"The key look-up answered {answer.status}.")
    reply = properties(answer.body)
    if answer.status == 404 and reply.get("code") == "no_key":
        return failed("no_key", "Issue a new managed key for this environment, then retry the job.")
    if answer.status == 404:
        return deferred("not_found", "The job was not in flight.")
    found = Found(str(reply.get("key")), str(reply.get("key_id")), reply.get("job_token"))
    form = KEY.fullmatch(found.key)
    if form and (form[2], form[3], form[4]) == (job.environment, found.key_id, checksum(form[1])):
        return found
    return deferred("unavailable", "The key look-up answered a key that does not fit the job.")


def checksum(text: str) -> str:
    rest, digits = zlib.crc32(text.encode("ascii")), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        digits = BASE62[digit] + digits
    return digits


class Again(Enum):
    """Answers after which a worker looks the key up once more; the value is the verdict the second time."""

    KEY_REFUSED = deferred("key_invalid", "The compute server refused the user's key twice.")
    TOKEN_NEEDED = deferred("job_token_required", "The engine needs a token, and the key look-up gave none.")


def verdict_of(answer: Answer, key_id: str) -> Union[Verdict, Again]:
    """Returns what an answer of compute-server means. Raises ValueError if it is not JSON."""
    if len(answer.body) > MAX_ANSWER:
        return failed("result_too_large", "Ask for less: a result has 4 MiB at most.")
    body, status = properties(answer.body), answer.status
    code, detail = bounded(body.get("code"), 64), bounded(body.get("detail"), 1000)
    header = answer.headers.get("retry-after") or ""
    pause = int(header) if re.fullmatch(r"[0-9]{1,5}", header) else None
    if status == 200:
        if not is_integer(body.get("units")):
            raise ValueError("no units")
        replayed = body.get("replayed") is True
        return {"kind": "succeeded", "units": body["units"], "key_id": key_id, "replayed": replayed}
    if status == 202:
        return {"kind": "started"}
    if status == 401:
        return Again.KEY_REFUSED
    if status == 428:
        return Again.TOKEN_NEEDED
    used_up = status == 429 and code in ("quota_exceeded", "key_cap_reached")
    if used_up or status in (400, 403, 409, 413, 415, 422):
        return failed(code, detail)
    if status == 503 and code in ("busy", "engine_unavailable"):
        return deferred(code, detail, pause)
    if status not in (429, 503) and code in ("engine_failed", "engine_lost"):
        return deferred(code, detail)
    return deferred("unavailable", f"The compute server answered {status}.", pause)
