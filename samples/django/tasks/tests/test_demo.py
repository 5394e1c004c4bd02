"""The command that creates two people."""
from __future__ import annotations

import os
from io import StringIO
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client, TestCase, override_settings


@override_settings(DEBUG=True, SECURE_SSL_REDIRECT=False)
class DemoTest(TestCase):

    def demo(self, password: str) -> str:
        output = StringIO()
        with patch.dict(os.environ, {"DEMO_PASSWORD": password}):
            call_command("demo", stdout=output)
        return output.getvalue()

    def test_both_can_sign_in_with_the_password_that_it_prints(self) -> None:
        password = self.demo("").split()[-1]
        for username in ("ada", "grace"):
            answer = Client().post("/sign-in", {"username": username, "password": password})
            self.assertRedirects(answer, "/")

    def test_a_password_of_your_own_is_not_printed(self) -> None:
        self.assertNotIn("lantern-orbit-42", self.demo("lantern-orbit-42"))
        self.assertTrue(self.client.login(username="ada", password="lantern-orbit-42"))

    def test_a_weak_password_creates_nobody(self) -> None:
        with self.assertRaises(CommandError):
            self.demo("password")
        self.assertFalse(get_user_model().objects.exists())

    def test_it_does_nothing_on_a_public_site(self) -> None:
        with self.settings(DEBUG=False), self.assertRaises(CommandError):
            self.demo("")
