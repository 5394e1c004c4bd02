"""Nobody sees or moves the task of another person, and no other site presses a button."""
from __future__ import annotations

from django.test import Client

from .base import SiteTest

ACTIONS = ("watch-token", "cancel", "send-again")


class YoursOnlyTest(SiteTest):

    def test_the_task_of_another_person_is_not_found(self) -> None:
        task = self.press()
        grace = self.signed_in(self.grace)
        self.assertEqual(grace.get(f"/tasks/{task.pk}").status_code, 404)
        for action in ACTIONS:
            with self.subTest(action):
                self.assertEqual(grace.post(f"/tasks/{task.pk}/{action}").status_code, 404)
        self.assertEqual(self.job_of(task)["state"], "queued")
        self.assertNotContains(grace.get("/"), task.text)

    def test_somebody_who_is_not_signed_in_gets_no_token(self) -> None:
        task = self.press()
        self.assertEqual(Client().post(f"/tasks/{task.pk}/watch-token").status_code, 302)

    def test_each_post_of_a_page_needs_the_token_of_its_form(self) -> None:
        task = self.press()
        client = self.signed_in(self.ada, enforce_csrf_checks=True)
        paths = ["/", "/sign-out", *(f"/tasks/{task.pk}/{action}" for action in ACTIONS)]
        for path in paths:
            with self.subTest(path):
                self.assertEqual(client.post(path, {"text": "hello"}).status_code, 403)
        self.assertEqual(list(self.behalf.jobs), [str(task.job_id)])

    def test_the_owner_gets_a_watch_token_by_post_only(self) -> None:
        task = self.press()
        self.assertEqual(self.client.get(f"/tasks/{task.pk}/watch-token").status_code, 405)
        answer = self.client.post(f"/tasks/{task.pk}/watch-token")
        self.assertEqual(answer.json(), {"token": f"bhw_{task.job_id}"})
        self.assertIn("no-store", answer["Cache-Control"])

    def test_a_page_without_a_token_learns_whether_to_try_again(self) -> None:
        task = self.press()
        self.behalf.refuse_with = {"status": 403, "code": "forbidden", "detail": "Not any more."}
        self.assertEqual(self.client.post(f"/tasks/{task.pk}/watch-token").status_code, 403)
        self.behalf_is_down()
        self.assertEqual(self.client.post(f"/tasks/{task.pk}/watch-token").status_code, 503)

    def test_the_owner_cancels(self) -> None:
        task = self.press()
        self.client.post(f"/tasks/{task.pk}/cancel")
        self.assertEqual(self.job_of(task)["state"], "cancelled")
        self.assert_page_says(task, "Cancelled")

    def test_a_cancellation_that_comes_too_late_is_explained(self) -> None:
        task = self.press()
        self.behalf.end(str(task.job_id), "succeeded", result={"text": "HELLO"}, units=1)
        answer = self.client.post(f"/tasks/{task.pk}/cancel", follow=True)
        self.assertContains(answer, "Behalf refused: The job has ended.")
        self.assertContains(answer, "Succeeded")
