"""The button, and what happens when Behalf cannot take the work."""
from __future__ import annotations

from io import StringIO

from django.core.management import CommandError, call_command
from django.db import transaction

from tasks import work
from tasks.models import Task

from .base import SiteTest


class PressTest(SiteTest):

    def test_a_press_submits_the_job_for_the_person_who_is_signed_in(self) -> None:
        task = self.press("hello there")

        job = self.job_of(task)
        self.assertEqual(job["owner"], f"user-{self.ada.pk}")
        self.assertEqual(job["payload"], {"operation": "shout-slowly", "text": "hello there"})
        self.assertEqual(job["environment"], "test")
        self.assertEqual(job["metadata"], {"task": str(task.pk)})  # finds the task of an event
        self.assertEqual(self.behalf.keys, {(job["owner"], str(task.pk)): job["id"]})
        self.assertEqual(task.state, "queued")

    def test_the_first_press_creates_the_user_and_a_later_one_updates_the_name(self) -> None:
        self.press()
        self.assertEqual(self.behalf.users, {
            f"user-{self.ada.pk}": {"name": "Ada Lovelace", "quota": {"test": 5000}}})

        self.ada.last_name = "King"
        self.ada.save()
        self.press()
        self.assertEqual([user["name"] for user in self.behalf.users.values()], ["Ada King"])

    def test_two_people_with_one_email_address_are_two_users(self) -> None:
        self.press()
        self.signed_in(self.grace).post("/", {"text": "hello"})
        self.assertEqual(len(self.behalf.users), 2)

    def test_a_double_click_is_one_press(self) -> None:
        press = str(self.client.get("/").context["form"]["press"].value())
        tasks = [self.press("hello", press) for _ in range(2)]
        self.assertEqual(tasks[0], tasks[1])
        self.assertNotEqual(tasks[0], self.press("hello again", press))
        self.signed_in(self.grace).post("/", {"text": "hello", "press": press})
        self.assertEqual(len(self.behalf.jobs), 3)

    def test_a_press_that_is_rolled_back_submits_nothing(self) -> None:
        with self.assertRaises(ZeroDivisionError), transaction.atomic():
            self.press()
            1 / 0
        self.assertEqual(self.behalf.requests, [])

    def test_a_press_without_a_text_stores_nothing(self) -> None:
        self.assertContains(self.client.post("/", {"text": " "}), "This field is required.")
        self.assertFalse(Task.objects.exists())

    def test_somebody_who_is_not_signed_in_gets_the_sign_in_page(self) -> None:
        self.client.logout()
        self.assertRedirects(self.client.post("/", {"text": "hello"}), "/sign-in?next=/")
        self.assertFalse(Task.objects.exists())

    def test_a_page_shows_the_end_without_a_script(self) -> None:
        task = self.press()
        self.assert_page_says(task, "Queued")
        self.behalf.end(str(task.job_id), "succeeded", result={"text": "HELLO THERE"}, units=2)
        self.assert_page_says(task, "HELLO THERE")
        self.assert_page_says(task, "Charged: 2 units")

    def test_a_page_names_the_only_addresses_that_its_script_may_call(self) -> None:
        policy = self.client.get("/")["Content-Security-Policy"]
        self.assertIn("default-src 'none'; script-src 'self';", policy)
        self.assertNotIn("unsafe", policy)


class NotSentTest(SiteTest):

    def test_a_task_is_kept_while_behalf_is_down_and_sent_by_the_command(self) -> None:
        self.behalf_is_down()
        with self.assertLogs("tasks.work", "WARNING"):
            task = self.press()
        self.assertEqual(task.state, "unsent")
        self.assert_page_says(task, "Behalf gave no answer.")
        self.assert_page_says(task, "Send again")
        with self.assertLogs("tasks.work", "WARNING"), self.assertRaises(CommandError):
            call_command("resubmit", stdout=StringIO())

        self.behalf_is_up()
        call_command("resubmit", stdout=StringIO())
        task.refresh_from_db()
        self.assertEqual(task.state, "queued")
        self.assertEqual(task.problem, "")
        self.assertEqual(self.job_of(task)["owner"], f"user-{self.ada.pk}")

    def test_a_refusal_is_shown_and_the_button_sends_again(self) -> None:
        self.behalf.refuse_with = {
            "status": 422, "code": "operation_unknown", "detail": "Unknown operation: shout-slowly"}
        with self.assertLogs("tasks.work", "WARNING"):
            task = self.press()
        self.assert_page_says(task, "Behalf refused: Unknown operation: shout-slowly")

        self.behalf.refuse_with = None
        self.client.post(f"/tasks/{task.pk}/send-again")
        task.refresh_from_db()
        self.assertEqual(task.state, "queued")

    def test_a_job_whose_answer_was_lost_is_not_submitted_twice(self) -> None:
        self.behalf.lose_next_answer = True
        task = self.press()  # the client repeats the call
        self.assertEqual(list(self.behalf.jobs), [str(task.job_id)])

    def test_a_crash_after_the_commit_leaves_a_task_that_can_be_sent(self) -> None:
        task = Task.objects.create(user=self.ada, text="hello")
        self.assert_page_says(task, "Not sent")
        call_command("resubmit", stdout=StringIO())
        task.refresh_from_db()
        self.assertEqual(task.state, "queued")

    def test_a_crash_after_the_submission_leads_to_the_same_job(self) -> None:
        task = self.press()
        first = task.job_id
        Task.objects.update(state="unsent", job_id=None)
        self.client.post(f"/tasks/{task.pk}/send-again")
        task.refresh_from_db()
        self.assertEqual(task.job_id, first)

    def test_a_site_without_credentials_says_so(self) -> None:
        with self.settings(BEHALF_PLATFORM_ID=""), self.assertLogs("tasks.work", "WARNING"):
            task = self.press()
        self.assert_page_says(task, "This site is not connected to Behalf")

    def test_no_secret_is_logged_when_the_credentials_are_wrong(self) -> None:
        wrong = self.settings(BEHALF_PLATFORM_SECRET="not-this-one")
        with wrong, self.assertLogs("tasks.work", "WARNING") as log:
            task = self.press()
        self.assert_page_says(task, "invalid_client")
        self.assertNotIn("not-this-one", "".join(log.output))


class OrderTest(SiteTest):

    def test_an_answer_that_was_overtaken_changes_nothing(self) -> None:
        task = self.press()
        job = dict(self.job_of(task))
        work.store(task, {**job, "state": "running"})
        self.assertEqual(task.state, "running")
        work.store(task, {**job, "state": "succeeded", "result": {"text": "HELLO"}, "units": 1})
        for late in ("queued", "running", "failed", "cancelled"):
            work.store(task, {**job, "state": late, "code": "attempts_exhausted"})
            self.assertEqual((task.state, task.problem), ("succeeded", ""))

    def test_a_late_result_turns_a_failed_task_into_a_succeeded_one(self) -> None:
        task = self.press()
        job = dict(self.job_of(task))
        work.store(task, {**job, "state": "failed", "detail": "The last attempt failed too."})
        self.assertEqual(task.problem, "The last attempt failed too.")
        work.store(task, {**job, "state": "succeeded", "result": {"text": "HELLO"}, "units": 1})
        self.assertEqual((task.state, task.problem), ("succeeded", ""))
