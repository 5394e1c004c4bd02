"""manage.py demo"""
from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.crypto import get_random_string

PEOPLE = (("ada", "Ada", "Lovelace"), ("grace", "Grace", "Hopper"))


class Command(BaseCommand):
    """Creates two people, or gives them a new password."""

    help = "Creates ada and grace, with the password in DEMO_PASSWORD or a new one that it prints."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Only for trying the site: set DJANGO_DEBUG=true.")
        chosen = os.environ.get("DEMO_PASSWORD", "")
        password = chosen or get_random_string(16)
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError("DEMO_PASSWORD: " + " ".join(error.messages)) from error
        for username, first, last in PEOPLE:
            user, _ = get_user_model().objects.update_or_create(
                username=username, defaults={"first_name": first, "last_name": last})
            user.set_password(password)
            user.save()
        shown = "that of DEMO_PASSWORD" if chosen else password
        self.stdout.write(f"Sign in as ada or grace. The password of both: {shown}")
