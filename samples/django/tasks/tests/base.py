"""What all tests share: a small Behalf, the site connected to it, and two people."""
from __future__ import annotations

from django.contrib.auth import get_user_model
from django.test import Client, TransactionTestCase, override_settings

from tasks.models import Task

from .fake import SECRET, FakeBehalf


class SiteTest(TransactionTestCase):
    """Commits for real, because the site sends a task after the commit."""

    def setUp(self) -> None:
        self.behalf = FakeBehalf()
        self.addCleanup(self.behalf.close)
        self.behalf_is_up()
        self.ada = self.person("ada", "Ada", "Lovelace")
        self.grace = self.person("grace", "Grace", "Hopper")
        self.client.force_login(self.ada)

    def behalf_is_down(self) -> None:
        self.connect("http://127.0.0.1:9", deadline=0.1)  # no server listens there

    def behalf_is_up(self) -> None:
        self.connect(self.behalf.address, deadline=5.0)

    def connect(self, address: str, deadline: float) -> None:
        settings = override_settings(
            BEHALF_SERVER=address, BEHALF_PLATFORM_ID="site", BEHALF_WEBHOOK_SECRET=SECRET,
            BEHALF_PLATFORM_SECRET="platform-secret", BEHALF_OPERATION="shout-slowly",
            BEHALF_ENVIRONMENT="test", BEHALF_QUOTA=5000, BEHALF_DEADLINE=deadline,
            SECURE_SSL_REDIRECT=False, ALLOWED_HOSTS=["testserver"])
        settings.enable()
        self.addCleanup(settings.disable)

    def person(self, username: str, first: str, last: str):
        return get_user_model().objects.create(
            username=username, first_name=first, last_name=last, email="shared@example.com")

    def signed_in(self, user, **options) -> Client:
        client = Client(**options)
        client.force_login(user)
        return client

    def press(self, text: str = "hello there", press: str = "") -> Task:
        """Presses the button as Ada."""
        answer = self.client.post("/", {"text": text, "press": press})
        self.assertEqual(answer.status_code, 302)
        return Task.objects.get(pk=answer.url.rsplit("/", 1)[1])

    def job_of(self, task: Task) -> dict:
        return self.behalf.jobs[str(task.job_id)]

    def assert_page_says(self, task: Task, text: str) -> None:
        self.assertContains(self.client.get(f"/tasks/{task.pk}"), text)
