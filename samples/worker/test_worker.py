"""Tests of the forms: python3 -m unittest, in this folder. They need neither a broker nor pika."""
import base64
import hashlib
import hmac
import json
import unittest

from contract import (
    MAX_ANSWER, MAX_MESSAGE, SIGNATURE, Again, Answer, Found, Job, KeyRing, Rejected,
    checksum, deferred, failed, key_or_verdict, read, signed_headers, to_json, verdict_of,
)

ONES = base64.b64encode(b"\1" * 32).decode()
TWOS = base64.b64encode(b"\2" * 32).decode()
RING = KeyRing("1:" + ONES)
IDS = {
    "job_id": "0190a5c8-0000-7000-8000-000000000001",
    "user_id": "0190a5c8-0000-7000-8000-000000000002",
    "environment": "live",
}
MESSAGE = {
    "v": 1, **IDS, "payload": {"operation": "echo", "text": "größer"}, "attempt": 3,
    "enqueued_at": "2026-11-24T10:00:00Z", "operation_version": 2, "origin_key_id": "0123456789ab",
}
JOB = Job(*IDS.values(), 3, MESSAGE["payload"], 2, "0123456789ab")


def key(environment="live"):
    start = f"bh_{environment}_0123456789ab" + "x" * 32
    return start + checksum(start)


def answer(status, body=None, **headers):
    content = body if isinstance(body, bytes) else to_json(body or {})
    return Answer(status, {name.replace("_", "-").lower(): value for name, value in headers.items()}, content)


class Signatures(unittest.TestCase):
    def test_a_look_up_is_signed_as_in_the_documentation(self):
        headers = signed_headers(RING, to_json(IDS), 1795514400, "5f0c7a1e-3b0d-4b1f-9a51-2f6f3d6b8c11")
        self.assertEqual("sha-256=:X87p/QFsqFu1mkSF0n7qfdG7Q5NRUuEzuFHGOS8+UhY=:", headers["Content-Digest"])
        self.assertEqual(
            'sig1=("@method" "@path" "content-digest");created=1795514400;'
            'nonce="5f0c7a1e-3b0d-4b1f-9a51-2f6f3d6b8c11";keyid="1";alg="hmac-sha256"',
            headers["Signature-Input"],
        )
        self.assertEqual("sig1=:TWsazbENdWxSSKZwYfdXnpAhf4evBu0fLZi5vzpAqsE=:", headers["Signature"])

    def test_a_message_is_sealed_over_its_exact_bytes(self):
        signature = base64.b64encode(hmac.new(b"\1" * 32, b"body", hashlib.sha256).digest()).decode()
        self.assertEqual("1:" + signature, RING.seal(b"body"))
        self.assertTrue(RING.unseals(RING.seal(b"body"), b"body"))
        for seal in (RING.seal(b"Body"), "2:" + signature, signature, "1:", "1:#", "", ":" + signature):
            self.assertFalse(RING.unseals(seal, b"body"), seal)

    def test_the_first_secret_signs_and_all_verify(self):
        both = KeyRing(f"new:{TWOS}, 1:{ONES}")
        self.assertTrue(both.unseals(RING.seal(b"body"), b"body"))
        self.assertTrue(both.seal(b"body").startswith("new:"))

    def test_a_ring_that_cannot_protect_anything_is_refused(self):
        for ring in ("", "1:", "1:c2hvcnQ=", ONES, f"1:{ONES},1:{TWOS}", f"a b:{ONES}"):
            with self.assertRaises(ValueError, msg=ring):
                KeyRing(ring)

    def test_the_checksum_of_a_key_is_that_of_the_documentation(self):
        self.assertEqual("1DUvLQ", checksum("bh_test_" + "0" * 44))


class Messages(unittest.TestCase):
    def read(self, message, ring=RING, **headers):
        body = message if isinstance(message, bytes) else to_json(message)
        return read(body, {SIGNATURE: RING.seal(body), **headers}, ring)

    def test_a_signed_message_is_a_job(self):
        self.assertEqual(JOB, self.read(MESSAGE))
        self.assertEqual(JOB, self.read(MESSAGE, KeyRing(f"2:{TWOS},1:{ONES}")))

    def test_only_a_recorded_trace_goes_on(self):
        start = "00-" + "a" * 32 + "-" + "b" * 16
        self.assertEqual(start + "-01", self.read(MESSAGE, traceparent=start + "-01").trace)
        self.assertIsNone(self.read(MESSAGE, traceparent=start + "-00").trace)

    def test_without_a_valid_signature_nothing_is_said_of_a_job(self):
        body = to_json(MESSAGE)
        self.assertEqual(Rejected("unsigned"), read(body, {}, RING))
        self.assertEqual(Rejected("signature_invalid"), read(body + b" ", {SIGNATURE: RING.seal(body)}, RING))
        self.assertEqual(Rejected("signature_invalid"), read(body, {SIGNATURE: 7}, RING))

    def test_a_signed_message_that_nobody_can_read_fails_its_job(self):
        for change in (
            {"colour": "blue"}, {"attempt": "3"}, {"payload": None}, {"v": True}, {"operation_version": "2"},
            {"origin_key_id": 7}, {"v": "1"},
        ):
            rejected = self.read({**MESSAGE, **change})
            self.assertEqual("unreadable", rejected.reason, change)
            self.assertEqual("internal", rejected.outcome["verdict"]["code"])
            self.assertEqual(IDS["job_id"], rejected.outcome["job_id"])
        for body in (b"{", b"[]", b"\xff", b'{"v":1}', b"[" * 100_000, to_json(MESSAGE)[:-1] + b',"v":1}'):
            self.assertEqual(Rejected("unreadable"), self.read(body))
        self.assertEqual(Rejected("unreadable"), self.read({**MESSAGE, "environment": "dev"}))

    def test_another_version_is_left_to_another_worker(self):
        rejected = self.read({**MESSAGE, "v": 2, "colour": "blue"})
        self.assertEqual("version_unknown", rejected.reason)
        self.assertEqual("deferred", rejected.outcome["verdict"]["kind"])
        self.assertEqual(Rejected("version_unknown"), self.read({"v": 2}))

    def test_a_message_that_is_too_large_fails_its_job(self):
        rejected = self.read({**MESSAGE, "payload": {"text": "x" * MAX_MESSAGE}})
        self.assertEqual("too_large", rejected.reason)
        self.assertEqual("payload_too_large", rejected.outcome["verdict"]["code"])

    def test_no_representation_shows_a_payload_or_a_key(self):
        self.assertNotIn("größer", repr(JOB))
        self.assertNotIn(key(), repr(Found(key(), "0123456789ab")))


class LookUpAnswers(unittest.TestCase):
    def test_a_key_that_fits_the_job_is_taken(self):
        reply = {"key": key(), "key_id": "0123456789ab", "job_token": "token"}
        self.assertEqual(Found(key(), "0123456789ab", "token"), key_or_verdict(JOB, answer(200, reply)))

    def test_a_key_that_does_not_fit_is_never_used(self):
        mistyped = key()[:-1] + ("1" if key()[-1] == "0" else "0")
        for reply in (
            {"key": key("test"), "key_id": "0123456789ab"}, {"key": key(), "key_id": "ba9876543210"},
            {"key": mistyped, "key_id": "0123456789ab"}, {"key_id": "0123456789ab"}, {},
        ):
            self.assertEqual("unavailable", key_or_verdict(JOB, answer(200, reply))["code"])

    def test_other_answers(self):
        no_key = key_or_verdict(JOB, answer(404, {"code": "no_key"}))
        self.assertEqual(("failed", "no_key"), (no_key["kind"], no_key["code"]))
        late = key_or_verdict(JOB, answer(404, {"code": "not_found"}))
        self.assertEqual(("deferred", "not_found"), (late["kind"], late["code"]))
        for status in (302, 400, 401, 429, 500, 503):
            verdict = key_or_verdict(JOB, answer(status, b"<html>"))
            self.assertEqual(("deferred", "unavailable"), (verdict["kind"], verdict["code"]))
        for status in (200, 404):
            with self.assertRaises(ValueError):
                key_or_verdict(JOB, answer(status, b"<html>"))


class ComputeAnswers(unittest.TestCase):
    def verdict(self, *arguments, **headers):
        return verdict_of(answer(*arguments, **headers), "0123456789ab")

    def test_a_saved_result_is_a_success(self):
        verdict = self.verdict(200, {"units": 3, "replayed": True, "result": {}})
        self.assertEqual({"kind": "succeeded", "units": 3, "key_id": "0123456789ab", "replayed": True}, verdict)
        self.assertEqual({"kind": "started"}, self.verdict(202, {"state": "running"}))

    def test_what_no_retry_would_help_fails(self):
        for status in (400, 403, 409, 413, 415, 422):
            self.assertEqual(failed("a_code", "Why."), self.verdict(status, {"code": "a_code", "detail": "Why."}))
        for code in ("quota_exceeded", "key_cap_reached"):
            self.assertEqual(failed(code, "Why."), self.verdict(429, {"code": code, "detail": "Why."}))

    def test_a_refused_key_and_a_missing_token_are_looked_up_again(self):
        self.assertIs(Again.KEY_REFUSED, self.verdict(401, b""))
        self.assertIs(Again.TOKEN_NEEDED, self.verdict(428, {"code": "job_token_required"}))

    def test_a_wait_keeps_its_code_and_its_pause(self):
        for code in ("busy", "engine_unavailable"):
            verdict = self.verdict(503, {"code": code, "detail": "Wait."}, Retry_After="7")
            self.assertEqual(deferred(code, "Wait.", 7), verdict)

    def test_a_failure_of_the_engine_keeps_its_code(self):
        for code in ("engine_failed", "engine_lost"):
            verdict = self.verdict(500, {"code": code, "detail": "No."}, Retry_After="7")
            self.assertEqual(deferred(code, "No."), verdict)

    def test_anything_else_may_pass(self):
        for status, code in ((429, "rate_limited"), (503, "unavailable"), (500, "internal"), (404, ""), (302, "")):
            verdict = self.verdict(status, {"code": code}, Retry_After="70")
            self.assertEqual(("deferred", "unavailable", 70), tuple(verdict[k] for k in ("kind", "code", "retry_after_seconds")))
        for pause in ("-1", "1.5", "123456", "Wed, 21 Oct 2026 07:28:00 GMT"):
            self.assertIsNone(self.verdict(503, {}, Retry_After=pause)["retry_after_seconds"])

    def test_what_is_not_json_is_no_answer(self):
        for status in (200, 401, 403, 500):
            with self.assertRaises(ValueError):
                self.verdict(status, b"<html>")
        with self.assertRaises(ValueError):
            self.verdict(200, {"result": {}})

    def test_too_large_an_answer_fails(self):
        self.assertEqual("result_too_large", self.verdict(200, b" " * (MAX_ANSWER + 1))["code"])

    def test_codes_and_details_are_bounded_and_can_be_stored(self):
        verdict = self.verdict(422, json.dumps({"code": "c" * 99, "detail": "\0\ud800" + "😀" * 2000}).encode())
        self.assertEqual((64, 1000), (len(verdict["code"]), len(verdict["detail"])))
        self.assertTrue(verdict["detail"].startswith("\ufffd\ufffd😀"))


if __name__ == "__main__":
    unittest.main()
