"""The webhook: genuine events only, each once in effect, in any order."""
from __future__ import annotations

import base64
import json
import uuid
from io import StringIO
from typing import Any, Optional

from django.core.management import CommandError, call_command
from django.test import Client

from tasks.models import HandledEvent, Task

from .base import SiteTest
from .fake import SECRET, sign


class WebhookTest(SiteTest):

    def setUp(self) -> None:
        super().setUp()
        self.task = self.press()
        self.job_id = str(self.task.job_id)

    def deliver(self, event_id: str = "msg_1", state: str = "succeeded", secret: str = SECRET,
                altered: bytes = b"", **data: Any) -> int:
        """Sends an event of Ada's job as Behalf does, without a session, and returns the status."""
        body = json.dumps({
            "type": f"job.{state}",
            "timestamp": "2026-11-27T10:00:00Z",
            "data": {"id": self.job_id, "user": f"user-{self.ada.pk}", "state": state,
                     "metadata": {"task": str(self.task.pk)}, **data},
        }).encode()
        client = Client(enforce_csrf_checks=True)
        return client.post("/hooks/behalf", altered or body, content_type="application/json",
                           **sign(body, event_id, secret)).status_code

    def assert_task(self, state: str, result: Optional[Any] = None) -> None:
        self.task.refresh_from_db()
        self.assertEqual((self.task.state, self.task.result), (state, result))

    def test_the_result_is_there_though_nobody_watched(self) -> None:
        self.behalf.end(self.job_id, "succeeded", result={"text": "HELLO THERE"}, units=2)
        self.assertEqual(self.deliver(), 204)
        self.assert_task("succeeded", {"text": "HELLO THERE"})
        self.assertEqual(self.task.units, 2)
        self.assertIsNotNone(self.task.finished_at)

    def test_an_event_that_is_not_genuine_is_refused(self) -> None:
        self.behalf.end(self.job_id, "succeeded", result={"text": "HELLO"}, units=1)
        other = "whsec_" + base64.b64encode(b"another secret").decode()
        self.assertEqual(self.deliver(secret=other), 400)
        self.assertEqual(self.deliver(altered=b'{"type":"job.succeeded"}'), 400)
        self.assertEqual(Client().post("/hooks/behalf", b"{}", "application/json").status_code, 400)
        self.assertEqual(Client().get("/hooks/behalf").status_code, 405)
        self.assert_task("queued")
        self.assertFalse(HandledEvent.objects.exists())

    def test_an_event_that_comes_twice_is_handled_once(self) -> None:
        self.behalf.end(self.job_id, "failed", code="time_limit")
        self.assertEqual(self.deliver("msg_1", "failed"), 204)
        self.behalf.requests.clear()
        self.assertEqual(self.deliver("msg_1", "failed"), 204)
        self.assertEqual(self.behalf.requests, [])
        self.assertEqual(HandledEvent.objects.count(), 1)
        self.assert_task("failed")

    def test_the_order_of_events_does_not_matter(self) -> None:
        self.behalf.end(self.job_id, "succeeded", result={"text": "HELLO"}, units=1)
        self.assertEqual(self.deliver("msg_2", "succeeded"), 204)
        self.assertEqual(self.deliver("msg_1", "failed"), 204)
        self.assert_task("succeeded", {"text": "HELLO"})

    def test_an_event_comes_again_if_the_result_cannot_be_fetched(self) -> None:
        self.behalf.end(self.job_id, "succeeded", result={"text": "HELLO"}, units=1)
        self.behalf_is_down()
        with self.assertLogs("tasks.hooks", "WARNING"):
            self.assertEqual(self.deliver(), 503)
        self.behalf_is_up()
        self.assertEqual(self.deliver(), 204)
        self.assert_task("succeeded", {"text": "HELLO"})

    def test_an_event_may_arrive_before_the_id_of_the_job_is_stored(self) -> None:
        Task.objects.update(state="unsent", job_id=None)
        self.behalf.end(self.job_id, "succeeded", result={"text": "HELLO"}, units=1)
        self.assertEqual(self.deliver(), 204)
        self.assert_task("succeeded", {"text": "HELLO"})
        self.assertEqual(str(self.task.job_id), self.job_id)

    def test_an_event_for_another_person_than_that_of_the_task_is_ignored(self) -> None:
        self.behalf.end(self.job_id, "succeeded", result={"text": "HELLO"}, units=1)
        with self.assertLogs("tasks.hooks", "WARNING"):
            self.assertEqual(self.deliver(user=f"user-{self.grace.pk}"), 204)
        self.assert_task("queued")

    def test_events_of_what_this_site_does_not_know_are_acknowledged(self) -> None:
        for number, data in enumerate((
                {"metadata": {"task": str(uuid.uuid4())}},
                {"metadata": {"task": "not a task of this site"}},
                {"metadata": None},
                {"id": str(uuid.uuid4())})):  # a retry of the job
            with self.subTest(data):
                self.assertEqual(self.deliver(f"msg_{number}", **data), 204)
        self.assert_task("queued")

    def test_an_event_of_a_job_that_is_gone_is_acknowledged(self) -> None:
        self.behalf.jobs.clear()
        with self.assertLogs("tasks.hooks", "WARNING"):
            self.assertEqual(self.deliver(), 204)

    def test_without_a_secret_nothing_is_accepted(self) -> None:
        with self.settings(BEHALF_WEBHOOK_SECRET=""):
            self.assertEqual(self.deliver(), 503)


class RegisterTest(SiteTest):

    def test_the_command_registers_the_webhook_and_prints_the_secret(self) -> None:
        output = StringIO()
        call_command("behalf_webhook", "https://site.example/hooks/behalf", stdout=output)
        self.assertEqual(output.getvalue(), f"BEHALF_WEBHOOK_SECRET={SECRET}\n")
        self.assertEqual(self.behalf.webhooks, [{
            "url": "https://site.example/hooks/behalf", "environment": "test",
            "events": ["job.succeeded", "job.failed", "job.cancelled"]}])

    def test_a_refusal_is_shown(self) -> None:
        self.behalf.refuse_with = {"status": 403, "code": "scope_missing", "detail": "No scope."}
        with self.assertRaisesMessage(CommandError, "403 scope_missing: No scope."):
            call_command("behalf_webhook", "https://site.example/hooks/behalf")
