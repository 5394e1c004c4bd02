"""Tests of behalf.py: python3 -m unittest -v test_behalf.py

Those of Running need a Behalf: BEHALF_SERVER and BEHALF_API_KEY, and those of Platforms also
BEHALF_PLATFORM_ID and BEHALF_PLATFORM_SECRET. All others play the server themselves.
"""

from __future__ import annotations

import email.utils
import io
import json
import os
import pickle
import socket
import struct
import tempfile
import threading
import time
import traceback
import unittest
import uuid
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Dict, Iterator, List, Optional

import behalf

KEY = "bh_test_000000000000000000000000000000000000000000001DUvLQ"
JOB = {"id": "0190a5c8-0000-7000-8000-000000000001", "state": "succeeded", "result": {"text": "hi"}}


def answer(status: int, body: Any = None, *headers: str, media: str = "application/json") -> bytes:
    data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    head = [f"HTTP/1.1 {status} x", f"Content-Type: {media}", f"Content-Length: {len(data)}", "Connection: close", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + data


def chunked(media: str, *parts: bytes, end: bool = True) -> List[bytes]:
    head = f"HTTP/1.1 200 x\r\nContent-Type: {media}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    framed = [b"%x\r\n%s\r\n" % (len(part), part) for part in parts]
    return [head, *framed, *([b"0\r\n\r\n"] if end else [])]


class Request:
    def __init__(self, head: str, body: bytes, whole: bool) -> None:
        first, *lines = head.split("\r\n")
        self.method, self.path, _ = first.split(" ", 2)
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        self.body = body
        self.whole = whole


class Played:
    """A server that gives prepared answers, one for each connection; None cuts it without an answer."""

    def __init__(self, *answers: Any, port: int = 0) -> None:
        self.requests: List[Request] = []
        self._answers = list(answers)
        self._socket = socket.create_server(("127.0.0.1", port))
        self.port = self._socket.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            connection.settimeout(10)
            with connection:
                try:
                    self._answer(connection)
                except OSError:
                    pass

    def _answer(self, connection: socket.socket) -> None:
        prepared = self._answers.pop(0) if self._answers else answer(500)
        stream = connection.makefile("rb")
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = stream.readline()
            if not line:
                return
            head += line
        request = Request(head.decode().strip(), b"", True)
        self.requests.append(request)
        if callable(prepared):  # decides before it has the body
            prepared = prepared(connection)
        elif request.headers.get("transfer-encoding") == "chunked":
            request.whole = False
            while size := int(stream.readline() or b"0", 16):
                request.body += stream.read(size)
                stream.readline()
            request.whole = stream.readline() == b"\r\n"
        else:
            request.body = stream.read(int(request.headers.get("content-length", "0")))
        if prepared is None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        for piece in prepared if isinstance(prepared, list) else [prepared]:
            if isinstance(piece, float):
                time.sleep(piece)
            else:
                connection.sendall(piece)


class Playing(unittest.TestCase):
    def play(self, *answers: Any) -> Played:
        played = Played(*answers)
        self.addCleanup(played.close)
        return played

    def client(self, server: str, **options: Any) -> behalf.Client:
        return behalf.Client(server, KEY, **{"deadline": 5.0, "timeout": 2.0, **options})


class Repeats(Playing):
    def test_a_submission_is_repeated_under_its_key_until_it_is_answered(self) -> None:
        played = self.play(None, answer(503, {"code": "unavailable"}), answer(429, {}, "Retry-After: 0"), answer(202, JOB))
        job = self.client(played.address).jobs.submit("echo", {"text": "hi"}, tags=["a"])
        self.assertEqual(JOB["id"], job["id"])
        self.assertEqual(4, len(played.requests))
        self.assertEqual(1, len({request.headers["idempotency-key"] for request in played.requests}))
        self.assertEqual({"payload": {"text": "hi", "operation": "echo"}, "tags": ["a"]}, json.loads(played.requests[3].body))

    def test_a_replay_that_is_answered_with_200_is_a_success(self) -> None:
        played = self.play(answer(200, JOB, "Idempotent-Replayed: true"))
        self.assertEqual("succeeded", self.client(played.address).jobs.submit("echo", {}, idempotency_key="k")["state"])

    def test_a_submission_waits_for_a_server_that_is_down(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        client = self.client(f"http://127.0.0.1:{port}", deadline=15.0)
        started: List[Played] = []
        threading.Timer(1.0, lambda: started.append(Played(answer(202, JOB), port=port))).start()
        self.assertEqual(JOB["id"], client.jobs.submit("echo", {"text": "hi"})["id"])
        started[0].close()

    def test_the_deadline_ends_the_repeats(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        began = time.monotonic()
        with self.assertRaises(behalf.NoAnswerError) as raised:
            self.client(f"http://127.0.0.1:{port}", deadline=1.0).me()
        self.assertLess(time.monotonic() - began, 2.0)
        self.assertFalse(raised.exception.sent)

    def test_a_key_is_not_issued_twice(self) -> None:
        played = self.play(None, answer(201, {}))
        with self.assertRaises(behalf.NoAnswerError) as raised:
            self.client(played.address).keys.issue("k", ["jobs:read"])
        self.assertTrue(raised.exception.sent)
        self.assertEqual(1, len(played.requests))

    def test_a_retry_after_beyond_the_deadline_is_not_waited_for(self) -> None:
        played = self.play(answer(429, {"code": "quota_exceeded"}, "Retry-After: 86400"))
        began = time.monotonic()
        with self.assertRaises(behalf.ApiError) as raised:
            self.client(played.address).me()
        self.assertLess(time.monotonic() - began, 2.0)
        self.assertEqual(86400.0, raised.exception.retry_after)

    def test_a_retry_after_may_be_a_date_of_the_servers_clock(self) -> None:
        long_ago = 1_000_000_000
        dates = ["Date: " + email.utils.formatdate(long_ago, usegmt=True),
                 "Retry-After: " + email.utils.formatdate(long_ago + 1, usegmt=True)]
        played = self.play(answer(503, {}, *dates), answer(200, {"user_id": "u"}))
        began = time.monotonic()
        self.assertEqual("u", self.client(played.address).me()["user_id"])
        self.assertGreaterEqual(time.monotonic() - began, 1.0)

    def test_a_refusal_is_not_repeated(self) -> None:
        problem = {"type": "/docs/problems/payload_invalid", "title": "Invalid input", "status": 422, "detail": "d",
                   "code": "payload_invalid", "field": "text", "errors": [{"pointer": "/text", "detail": "d"}], "trace_id": "t"}
        played = self.play(answer(422, problem, media="application/problem+json"))
        with self.assertRaises(behalf.ApiError) as raised:
            self.client(played.address).jobs.submit("echo", {})
        error = raised.exception
        self.assertEqual((422, "payload_invalid", "text", "t", "/text"),
                         (error.status, error.code, error.field, error.trace_id, error.errors[0]["pointer"]))
        self.assertEqual(1, len(played.requests))

    def test_a_delete_whose_answer_was_lost_is_done(self) -> None:
        token = answer(200, {"access_token": "t1", "expires_in": 600})
        played = self.play(token, None, answer(404, {"code": "not_found"}), answer(404, {"code": "not_found"}))
        platform = behalf.Platform(played.address, "id", "secret", deadline=5.0)
        platform.users.delete("u")
        with self.assertRaises(behalf.ApiError):
            platform.users.delete("u")

    def test_a_delete_of_nobody_is_told_although_it_was_repeated(self) -> None:
        played = self.play(answer(200, {"access_token": "t1", "expires_in": 600}), answer(503), answer(404, {"code": "not_found"}))
        with self.assertRaises(behalf.ApiError):
            behalf.Platform(played.address, "id", "secret", deadline=5.0).users.delete("u")

    def test_errors_can_be_pickled(self) -> None:
        errors = [behalf.ApiError(422, {"code": "c", "detail": "d"}, 2.0), behalf.NoAnswerError("r", sent=True), behalf.WaitTimeoutError(JOB)]
        for error in errors:
            copy = pickle.loads(pickle.dumps(error))
            self.assertEqual((str(error), vars(error)), (str(copy), vars(copy)))

    def test_an_answer_of_another_kind_of_server_is_no_answer(self) -> None:
        for body in (b"<html>", b"[]", b"{", json.dumps({"jobs": 1}).encode()):
            played = self.play(answer(200, body))
            with self.assertRaises(behalf.NoAnswerError):
                list(self.client(played.address).jobs.list())

    def test_a_silent_server_is_given_up(self) -> None:
        for silent in ([5.0], [b"HTTP/1.1 200 x\r\nContent-Length: 9\r\n\r\n{", 5.0]):
            played = self.play(*[silent] * 9)
            began = time.monotonic()
            with self.assertRaises(behalf.NoAnswerError):
                self.client(played.address, timeout=0.5, deadline=0.6).me()
            self.assertLess(time.monotonic() - began, 3.0)

    def test_a_body_that_is_cut_is_read_again(self) -> None:
        played = self.play(b"HTTP/1.1 200 x\r\nContent-Length: 99\r\n\r\n{}", chunked("application/json", b"{", end=False),
                           answer(200, {"user_id": "u"}))
        self.assertEqual("u", self.client(played.address).me()["user_id"])


class Secrets(Playing):
    def test_a_key_does_not_go_over_plain_http_to_another_machine(self) -> None:
        for server in ("http://behalf.example.com", "http://127.0.0.1.example.com", "http://localhost.example.com", "http://10.0.0.1"):
            with self.assertRaises(ValueError):
                behalf.Client(server, KEY)
        behalf.Client("http://10.0.0.1", KEY, allow_http=True)
        for server in ("http://localhost:1", "http://127.0.0.1", "http://[::1]:1", "https://behalf.example.com/below"):
            behalf.Client(server, KEY)

    def test_a_wrong_address_or_key_is_not_shown(self) -> None:
        for server, key in (("https://user:pass-word@example.com", KEY), ("https://example.com", KEY + "\n"), ("https://example.com", "")):
            with self.assertRaises(ValueError) as raised:
                behalf.Client(server, key)
            self.assertNotIn("pass-word", str(raised.exception))
            self.assertNotIn(KEY, str(raised.exception))

    def test_no_error_and_no_text_of_a_client_has_the_key(self) -> None:
        played = self.play(answer(401, {"code": "key_invalid"}), None, answer(302, None, "Location: http://example.com"))
        client = self.client(played.address, deadline=0.1)
        texts = [repr(client), repr(client.jobs), str(client)]
        for _ in range(3):
            try:
                client.me()
                self.fail()
            except behalf.BehalfError as error:
                texts.append("".join(traceback.format_exception(type(error), error, error.__traceback__)) + repr(error))
        self.assertEqual("Api-Key " + KEY, played.requests[0].headers["authorization"])
        self.assertNotIn(KEY, "".join(texts))

    def test_a_redirect_is_not_followed(self) -> None:
        other = self.play(answer(200, {}))
        played = self.play(answer(307, None, "Location: " + other.address))
        with self.assertRaises(behalf.ApiError):
            self.client(played.address).me()
        self.assertEqual([], other.requests)

    def test_an_id_cannot_lead_to_another_address(self) -> None:
        played = self.play(answer(200, JOB))
        client = self.client(played.address)
        for wrong in ("", ".", ".."):
            with self.assertRaises(ValueError):
                client.jobs.get(wrong)
        client.jobs.get("../users?x#y")
        self.assertEqual("/api/v1/jobs/..%2Fusers%3Fx%23y", played.requests[0].path)


class Streams(Playing):
    MEDIA = "text/event-stream"

    def events(self, *parts: bytes) -> List[behalf.JobEvent]:
        played = self.play(chunked(self.MEDIA, *parts))
        return list(self.client(played.address).jobs.stream("j"))

    def test_all_line_ends_and_all_places_of_a_cut_are_read(self) -> None:
        text = ("\ufeff: comment\n\nid:1\nevent:output\ndata:{\"delta\":\ndata: \"ü€😀\"}\nunknown:x\nretry:9\n\n"
                "event:dropped\n\nid:2\nevent:end\ndata:{\"state\":\"succeeded\"}\n\n")
        for line_end in ("\n", "\r", "\r\n"):
            data = text.replace("\n", line_end).encode()
            for size in (1, 2, 3, len(data)):
                parts = [data[i:i + size] for i in range(0, len(data), size)]
                self.assertEqual(
                    [behalf.JobEvent("1", "output", {"delta": "ü€😀"}), behalf.JobEvent("2", "end", {"state": "succeeded"})],
                    self.events(*parts))

    def test_a_stream_that_is_cut_goes_on_behind_its_last_event(self) -> None:
        played = self.play(
            chunked(self.MEDIA, b"id:1\nevent:output\ndata:{}\n\n", b"id:2\nevent:output\nda", end=False),
            chunked(self.MEDIA, b":\n\n"), None, answer(503),
            chunked(self.MEDIA, b"id:2\nevent:output\ndata:{}\n\nid:9\nevent:end\ndata:{}\n\n"))
        self.assertEqual(["1", "2", "9"], [event.id for event in self.client(played.address).jobs.stream("j")])
        self.assertEqual(["0", "1", "1", "1", "1"], [request.headers["last-event-id"] for request in played.requests])

    def test_a_stream_behind_the_end_is_empty(self) -> None:
        played = self.play(b"HTTP/1.1 204 x\r\n\r\n")
        self.assertEqual([], list(self.client(played.address).jobs.stream("j", after="9000000000000000")))

    def test_a_wait_polls_if_there_is_no_stream(self) -> None:
        played = self.play(answer(406, {}), answer(200, {**JOB, "state": "running"}), answer(200, JOB))
        self.assertEqual("succeeded", self.client(played.address).jobs.wait("j", 10)["state"])
        self.assertRegex(played.requests[1].headers["prefer"], "^wait=[0-9]+$")

    def test_a_wait_polls_at_once_if_there_are_too_many_streams(self) -> None:
        played = self.play(answer(429, {"code": "rate_limited"}, "Retry-After: 5"), answer(200, JOB))
        began = time.monotonic()
        self.assertEqual("succeeded", self.client(played.address).jobs.wait("j", 60)["state"])
        self.assertLess(time.monotonic() - began, 2.0)

    def test_a_wait_ends_in_time_although_the_stream_goes_on(self) -> None:
        signs: List[Any] = [chunked(self.MEDIA)[0], *[part for _ in range(20) for part in (b"1\r\n:\r\n", 0.2)]]
        played = self.play(signs, answer(200, {**JOB, "state": "running"}))
        began = time.monotonic()
        with self.assertRaises(behalf.WaitTimeoutError) as raised:
            self.client(played.address).jobs.wait("j", 1.0)
        self.assertLess(time.monotonic() - began, 3.5)
        self.assertEqual("running", raised.exception.last["state"])

    def test_an_endless_line_is_given_up(self) -> None:
        played = self.play(chunked(self.MEDIA, *[b"x" * 65536] * 80))
        with self.assertRaises(behalf.NoAnswerError):
            list(self.client(played.address).jobs.stream("j"))

    def test_pages_in_a_circle_end(self) -> None:
        played = self.play(*[answer(200, {"jobs": [JOB], "next": cursor}) for cursor in ("a", "b", "a", "b")])
        with self.assertRaises(behalf.NoAnswerError):
            list(self.client(played.address).jobs.list("state:failed op:echo"))
        self.assertEqual("/api/v1/jobs?q=state%3Afailed%20op%3Aecho&limit=100&cursor=a", played.requests[1].path)


class Uploads(Playing):
    BATCH = {"id": "b", "complete": True}

    def test_a_batch_is_sent_while_it_is_made(self) -> None:
        made: List[int] = []

        def lines() -> Iterator[Dict[str, Any]]:
            for number in range(200_000):  # more than the buffers between them hold
                made.append(number)
                yield {"operation": "echo", "text": "x" * 100}

        seen: List[int] = []

        def first_piece(connection: socket.socket) -> None:
            seen.append(len(made))
            time.sleep(0.3)  # an early refusal: the connection ends while lines are still to come
            connection.sendall(answer(413, {"code": "payload_too_large"}))
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
            raise OSError

        played = self.play(first_piece)
        with self.assertRaises(behalf.ApiError) as raised:
            self.client(played.address).batches.create(lines())
        self.assertEqual("payload_too_large", raised.exception.code)
        self.assertLess(seen[0], 200_000)

    def test_lines_that_can_be_read_again_are_sent_again_under_the_same_key(self) -> None:
        lines = [{"operation": "echo", "text": "ü"}, {"operation": "echo", "text": "two"}]
        data = b"".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for line in lines)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "lines")
            with open(path, "wb") as opened:
                opened.write(data)
            opened = io.BytesIO(b"skipped" + data)
            opened.seek(len("skipped"))
            for source in (lines, path, opened, lambda: iter(lines)):
                busy = answer(409, {"code": "upload_in_progress"}, "Retry-After: 1")
                played = self.play(None, busy, answer(202, self.BATCH))
                self.client(played.address).batches.create(source, name="a b", tags=["x", "y"])
                self.assertEqual([data] * 3, [request.body for request in played.requests])
                self.assertEqual(1, len({request.headers["idempotency-key"] for request in played.requests}))
                self.assertEqual("/api/v1/batches?name=a%20b&tag=x&tag=y", played.requests[0].path)

    def test_an_iterator_is_not_sent_twice(self) -> None:
        played = self.play(None, answer(202, self.BATCH))
        with self.assertRaises(behalf.NoAnswerError):
            self.client(played.address).batches.create(iter([{"operation": "echo", "text": "x"}]))
        self.assertEqual(1, len(played.requests))

    def test_another_file_under_a_key_is_refused_at_once(self) -> None:
        played = self.play(answer(422, {"code": "idempotency_key_reused"}))
        with self.assertRaises(behalf.ApiError) as raised:
            self.client(played.address, deadline=20.0).batches.create([{"operation": "echo"}], idempotency_key="k")
        self.assertEqual("idempotency_key_reused", raised.exception.code)
        self.assertEqual(1, len(played.requests))

    def test_an_error_of_the_callers_lines_is_theirs_and_leaves_the_upload_open(self) -> None:
        def lines() -> Iterator[Dict[str, Any]]:
            yield {"operation": "echo", "text": "x" * 70000}
            raise ConnectionResetError("of the caller's database")

        played = self.play(answer(202, self.BATCH))
        with self.assertRaisesRegex(ConnectionResetError, "database"):
            self.client(played.address).batches.create(lines)
        time.sleep(0.2)
        self.assertFalse(played.requests[0].whole)

    def test_results_that_are_cut_go_on_behind_the_last_line(self) -> None:
        media = "application/x-ndjson;charset=UTF-8"
        one, two, three = (json.dumps({"line": n, "state": "succeeded"}).encode() + b"\n" for n in (1, 2, 4))
        played = self.play(chunked(media, one, two[:9], end=False), chunked(media, one + two, three))
        self.assertEqual([1, 2, 4], [line["line"] for line in self.client(played.address).batches.results("b")])

    def test_a_platform_imports_any_number_of_users(self) -> None:
        def outcome(count: int) -> bytes:
            return answer(200, b"".join(b'{"line":%d,"outcome":"created"}\n' % (n + 1) for n in range(count)))

        played = self.play(answer(200, {"access_token": "t", "expires_in": 600}), outcome(5000), outcome(1))
        outcomes = behalf.Platform(played.address, "id", "s").users.import_all({"external_id": str(n)} for n in range(5001))
        self.assertEqual(list(range(1, 5002)), [each["line"] for each in outcomes])


class Tokens(Playing):
    def test_a_token_is_shared_and_renewed_before_its_end_and_when_it_is_refused(self) -> None:
        def token(name: str, lifetime: float) -> bytes:
            return answer(200, {"access_token": name, "expires_in": lifetime, "token_type": "Bearer"})

        me = answer(200, {"user_id": "u"})
        played = self.play(token("t1", 600), me, me, answer(401, {"code": "token_invalid"}), token("t2", 1), me, token("t3", 600), me)
        platform = behalf.Platform(played.address, "id", "s:cret")
        for name in ("a", "b", "c"):
            platform.on_behalf_of(name).me()
        time.sleep(0.6)
        platform.on_behalf_of("d").me()
        used = [(r.headers["authorization"], r.headers.get("behalf-on-behalf-of")) for r in played.requests if r.method == "GET"]
        self.assertEqual([("Bearer t1", "a"), ("Bearer t1", "b"), ("Bearer t1", "c"), ("Bearer t2", "c"), ("Bearer t3", "d")], used)
        self.assertEqual("Basic aWQ6cyUzQWNyZXQ=", played.requests[0].headers["authorization"])

    def test_a_platform_calls_any_other_route_as_itself(self) -> None:
        played = self.play(answer(200, {"access_token": "t", "expires_in": 600}), answer(201, {"secret": "whsec_"}))
        platform = behalf.Platform(played.address, "id", "s")
        self.assertEqual({"secret": "whsec_"}, platform.request("POST", "/api/v1/webhooks", {"url": "https://a.example"}))
        request = played.requests[1]
        self.assertEqual(("POST", "/api/v1/webhooks", "Bearer t"), (request.method, request.path, request.headers["authorization"]))
        self.assertNotIn("behalf-on-behalf-of", request.headers)
        with self.assertRaises(ValueError):
            platform.request("GET", "api")

    def test_a_wrong_secret_is_told_by_its_code(self) -> None:
        played = self.play(answer(401, {"error": "invalid_client"}))
        with self.assertRaises(behalf.ApiError) as raised:
            behalf.Platform(played.address, "id", "secret-text").users.get("u")
        self.assertEqual("invalid_client", raised.exception.code)
        self.assertNotIn("secret-text", str(raised.exception))

    def test_an_external_id_cannot_add_a_header(self) -> None:
        platform = behalf.Platform("https://example.com", "id", "s")
        for wrong in ("", "a\r\nX: y", "a b", "ä", "x" * 256, "a\n"):
            with self.assertRaises(ValueError):
                platform.on_behalf_of(wrong)


class Webhooks(unittest.TestCase):
    # Made from docs/api.md#webhooks with another implementation of HMAC-SHA-256 (openssl dgst -hmac).
    SECRET = "whsec_YmVoYWxmLXdlYmhvb2stdGVzdC1zZWNyZXQtMzJieXQ="
    AT = 1795514400
    BODY = (b'{"type":"job.succeeded","timestamp":"2026-11-24T10:00:00.123456Z","data":{"id":"0190a5c8-0000-7000-8000-000000000001",'
            b'"environment":"live","operation":"echo","state":"succeeded","attempt":1,"units":1,'
            b'"created_at":"2026-11-24T09:59:59Z","finished_at":"2026-11-24T10:00:00Z"}}')
    HEADERS = {"Webhook-Id": "msg_019adf0c1a2b4f0e9d8c7b6a59483726", "webhook-timestamp": "1795514400",
               "WEBHOOK-SIGNATURE": "v1,U9Ja88+eDcMjK07o26iQ6rENZYX15mZ9j49O83XW04s="}

    def verify(self, body: Optional[bytes] = None, secret: Optional[str] = None, now: float = AT, **headers: Any) -> behalf.WebhookEvent:
        changed = {**self.HEADERS, **headers}
        return behalf.verify_webhook(secret or self.SECRET, {k: v for k, v in changed.items() if v is not None},
                                     self.BODY if body is None else body, now=now)

    def test_a_genuine_delivery_is_accepted(self) -> None:
        event = self.verify()
        self.assertEqual(("msg_019adf0c1a2b4f0e9d8c7b6a59483726", "job.succeeded", "echo"),
                         (event.id, event.type, event.data["operation"]))
        self.verify(now=self.AT + 299)
        self.verify(now=self.AT - 299)
        lists = {name: [value] for name, value in self.HEADERS.items()}
        behalf.verify_webhook(self.SECRET, lists, self.BODY, now=self.AT)

    def test_one_of_two_signatures_is_enough(self) -> None:
        genuine = self.HEADERS["WEBHOOK-SIGNATURE"]
        for both in (f"v1,AAAA {genuine}", f"{genuine} v1,AAAA", f"v1a,xx {genuine}"):
            self.verify(**{"WEBHOOK-SIGNATURE": both})

    def test_anything_else_is_refused(self) -> None:
        signature = self.HEADERS["WEBHOOK-SIGNATURE"]
        wrong: List[Callable[[], Any]] = [
            lambda: self.verify(body=self.BODY + b" "),
            lambda: self.verify(body=self.BODY.replace(b"live", b"test")),
            lambda: self.verify(body=b""),
            lambda: self.verify(now=self.AT + 301),
            lambda: self.verify(now=self.AT - 301),
            lambda: self.verify(secret="whsec_" + "A" * 44),
            lambda: self.verify(**{"Webhook-Id": "msg_other"}),
            lambda: self.verify(**{"webhook-timestamp": "1795514401"}),
            lambda: self.verify(**{"webhook-timestamp": "1795514400.0"}),
            lambda: self.verify(**{"webhook-timestamp": "x"}),
            lambda: self.verify(**{"WEBHOOK-SIGNATURE": signature.replace("v1,", "v2,")}),
            lambda: self.verify(**{"WEBHOOK-SIGNATURE": signature[3:]}),
            lambda: self.verify(**{"WEBHOOK-SIGNATURE": signature[:-1]}),
            lambda: self.verify(**{"WEBHOOK-SIGNATURE": "v1,"}),
            lambda: self.verify(**{"WEBHOOK-SIGNATURE": "v1,\udcff"}),
            *[lambda name=name: self.verify(**{name: None}) for name in self.HEADERS],
            *[lambda name=name: self.verify(**{name: ""}) for name in self.HEADERS],
        ]
        for index, attempt in enumerate(wrong):
            with self.subTest(index), self.assertRaises(behalf.WebhookError):
                attempt()

    def test_a_secret_without_a_key_signs_nothing(self) -> None:
        for secret in ("whsec_", "", "c2VjcmV0", "whsec_*"):
            with self.assertRaises(ValueError):
                behalf.verify_webhook(secret, self.HEADERS, self.BODY, now=self.AT)
        with self.assertRaises(TypeError):
            behalf.verify_webhook(self.SECRET, self.HEADERS, self.BODY.decode(), now=self.AT)  # type: ignore[arg-type]


@unittest.skipUnless(os.environ.get("BEHALF_SERVER") and os.environ.get("BEHALF_API_KEY"),
                     "set BEHALF_SERVER and BEHALF_API_KEY to test against a running Behalf")
class Running(unittest.TestCase):
    client: behalf.Client

    @classmethod
    def setUpClass(cls) -> None:
        cls.client = behalf.Client()

    def test_a_job_is_done_and_charged(self) -> None:
        text = f"ü€😀 {uuid.uuid4()}"
        job = self.client.jobs.submit("echo", {"text": text}, priority="high", tags=["client.test"], metadata={"run": "1"})
        self.assertEqual((["client.test"], {"run": "1"}, "high"), (job["tags"], job["metadata"], job["priority"]))
        done = self.client.jobs.wait(job["id"], 60)
        self.assertEqual(("succeeded", {"text": text}, 1), (done["state"], done["result"], done["units"]))
        self.assertEqual(1, self.client.jobs.receipt(job["id"])["units"])
        self.assertEqual(["end"], [event.name for event in self.client.jobs.stream(job["id"])])
        self.assertTrue(self.client.jobs.watch_token(job["id"])["token"].startswith("bhw_"))

    def test_a_submission_can_wait(self) -> None:
        self.assertIn(self.client.jobs.submit("echo", {"text": "hi"}, wait=30)["state"], behalf._FINAL)

    def test_the_same_key_gives_the_same_job_and_no_other_payload(self) -> None:
        key = str(uuid.uuid4())
        first = self.client.jobs.submit("echo", {"text": "one"}, idempotency_key=key)
        again = self.client.jobs.submit("echo", {"text": "one"}, idempotency_key=key, wait=30)
        self.assertEqual(first["id"], again["id"])
        with self.assertRaises(behalf.ApiError) as raised:
            self.client.jobs.submit("echo", {"text": "two"}, idempotency_key=key)
        self.assertEqual((422, "idempotency_key_reused"), (raised.exception.status, raised.exception.code))

    def test_a_job_is_cancelled_and_retried(self) -> None:
        later = datetime.now(timezone.utc) + timedelta(hours=1)
        job = self.client.jobs.submit("echo", {"text": "later"}, not_before=later)
        self.assertEqual("not_before", self.client.jobs.get(job["id"])["waiting"]["reason"])
        with self.assertRaises(behalf.WaitTimeoutError) as raised:
            self.client.jobs.wait(job["id"], 1.0)
        self.assertEqual("queued", raised.exception.last["state"])
        self.assertEqual("cancelled", self.client.jobs.cancel(job["id"])["state"])
        self.assertEqual("cancelled", self.client.jobs.wait(job["id"], 10)["state"])
        retried = self.client.jobs.retry(job["id"])
        self.assertEqual(job["id"], retried["retry_of"])
        self.assertEqual(retried["id"], self.client.jobs.retry(job["id"])["id"])
        self.assertEqual("succeeded", self.client.jobs.wait(retried["id"], 60)["state"])

    def test_lists_have_all_pages(self) -> None:
        tag = "t" + uuid.uuid4().hex
        ids = [self.client.jobs.submit("echo", {"text": str(n)}, tags=[tag])["id"] for n in range(5)]
        self.assertEqual(ids[::-1], [job["id"] for job in self.client.jobs.list("tag:" + tag, page_size=2)])

    def test_a_wrong_input_is_told_rule_by_rule(self) -> None:
        with self.assertRaises(behalf.ApiError) as raised:
            self.client.jobs.submit("echo", {"text": 5, "more": True})
        error = raised.exception
        self.assertEqual((422, "payload_invalid"), (error.status, error.code))
        self.assertIn("/text", [each["pointer"] for each in error.errors])
        self.assertTrue(error.trace_id)
        with self.assertRaises(behalf.ApiError) as raised:
            self.client.jobs.get(str(uuid.uuid4()))
        self.assertEqual("not_found", raised.exception.code)
        with self.assertRaises(behalf.ApiError) as raised:
            behalf.Client(api_key=KEY).me()
        self.assertEqual((401, "key_invalid"), (raised.exception.status, raised.exception.code))

    def test_the_output_of_a_long_operation_is_streamed(self) -> None:
        if "shout-slowly" not in [operation["name"] for operation in self.client.operations.list()]:
            self.skipTest("the server does not offer shout-slowly of samples/engines")
        job = self.client.jobs.submit("shout-slowly", {"text": "one two three"})
        events = list(self.client.jobs.stream(job["id"]))
        self.assertEqual("ONE TWO THREE ", "".join(e.data["delta"] for e in events if e.name == "output"))
        self.assertEqual(("end", "succeeded"), (events[-1].name, events[-1].data["state"]))
        # From the middle, and behind the end.
        self.assertEqual(events[2:], list(self.client.jobs.stream(job["id"], after=events[1].id)))
        self.assertEqual([], list(self.client.jobs.stream(job["id"], after=events[-1].id)))

    def test_a_batch_has_results_in_its_order(self) -> None:
        def lines() -> Iterator[Dict[str, Any]]:
            for number in range(300):
                yield {"operation": "echo" if number != 7 else "unknown", "text": f"ü {number}"}

        batch = self.client.batches.create(lines(), name="client test", tags=["client.test"])
        self.assertEqual((300, 299, True), (batch["lines"], batch["queued"], batch["complete"]))
        self.assertEqual(8, batch["invalid_lines"][0]["line"])
        done = self.client.batches.wait(batch["id"], 120)
        self.assertEqual({"succeeded": 299}, done["jobs"])
        results = list(self.client.batches.results(batch["id"]))
        self.assertEqual(list(range(1, 301)), [line["line"] for line in results])
        self.assertEqual(("invalid", "ü 299"), (results[7]["state"], results[299]["result"]["text"]))
        self.assertIn(batch["id"], [each["id"] for each in self.client.batches.list()])

    def test_an_upload_that_broke_off_goes_on(self) -> None:
        lines = [{"operation": "echo", "text": f"{number:0250}"} for number in range(400)]
        key = str(uuid.uuid4())

        def broken() -> Iterator[Dict[str, Any]]:
            yield from lines[:300]
            raise RuntimeError("broken off")

        with self.assertRaisesRegex(RuntimeError, "broken off"):
            self.client.batches.create(broken(), idempotency_key=key)
        batch = self.client.batches.create(lines, idempotency_key=key)
        self.assertEqual((400, 400, True), (batch["lines"], batch["queued"], batch["complete"]))
        again = self.client.batches.create(lines, idempotency_key=key)
        self.assertEqual(batch["id"], again["id"])
        self.client.batches.cancel(batch["id"])
        self.assertIn("completed_at", self.client.batches.wait(batch["id"], 120))

    def test_the_user_is_told_who_they_are_and_what_is_left(self) -> None:
        me = self.client.me()
        usage = self.client.usage()
        self.assertEqual([me["environment"]], [month["environment"] for month in usage])
        month = usage[0]
        self.assertEqual(max(0, month["limit"] - month["used"] - month["held"]), month["left"])
        echo = self.client.operations.get("echo")
        self.assertEqual("object", echo["input"]["type"])
        self.assertIn("pauses", self.client.request("GET", "/api/v1/pauses"))


@unittest.skipUnless(os.environ.get("BEHALF_SERVER") and os.environ.get("BEHALF_PLATFORM_ID") and os.environ.get("BEHALF_PLATFORM_SECRET"),
                     "set BEHALF_SERVER, BEHALF_PLATFORM_ID and BEHALF_PLATFORM_SECRET to test a platform")
class Platforms(unittest.TestCase):
    def test_a_platform_has_users_and_acts_for_them(self) -> None:
        platform = behalf.Platform()
        name = f"client|test:{uuid.uuid4()}"
        user = platform.users.put(name, name="Ada", quota={"live": 100, "test": 100}, metadata={"plan": "a"})
        self.addCleanup(platform.users.delete, name)
        self.assertEqual(user, platform.users.put(name))
        self.assertEqual({}, platform.users.put(name, metadata={})["metadata"])
        ada = platform.on_behalf_of(name)
        self.assertEqual(user["user_id"], ada.me()["user_id"])
        job = ada.jobs.wait(ada.jobs.submit("echo", {"text": "hi"}, environment="test")["id"], 60)
        self.assertEqual({"text": "hi"}, job["result"])
        issued = ada.keys.issue("client test", ["jobs:read"], environment="test", daily_cap=5,
                                expires_at=datetime.now(timezone.utc) + timedelta(hours=1))
        with_key = behalf.Client(api_key=issued["secret"])
        self.assertEqual(job["id"], with_key.jobs.get(job["id"])["id"])
        self.assertIn(issued["key"]["id"], [key["id"] for key in ada.keys.list()])
        self.assertEqual("revoked", ada.keys.revoke(issued["key"]["id"])["state"])
        self.assertIn("disabled_at", platform.users.disable(name))
        self.assertNotIn("disabled_at", platform.users.enable(name))

    def test_a_platform_imports_lists_and_deletes_users(self) -> None:
        platform = behalf.Platform()
        names = [f"client-test-{uuid.uuid4()}" for _ in range(3)]
        outcomes = platform.users.import_all([*({"external_id": name, "name": "I"} for name in names), {"external_id": "not valid"}])
        self.assertEqual(["created"] * 3 + ["failed"], [each["outcome"] for each in outcomes])
        self.assertEqual("external_id", outcomes[3]["field"])
        listed = [user["external_id"] for user in platform.users.list(page_size=2)]
        self.assertEqual(sorted(names), [name for name in listed if name in names])
        for name in names:
            platform.users.delete(name)
        with self.assertRaises(behalf.ApiError) as raised:
            platform.users.get(names[0])
        self.assertEqual(404, raised.exception.status)
        with self.assertRaises(behalf.ApiError) as raised:
            platform.on_behalf_of(names[0]).me()
        self.assertEqual(404, raised.exception.status)


if __name__ == "__main__":
    unittest.main()
