"""Registers the application, and a check that runs when the site starts."""
from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks


class TasksConfig(AppConfig):
    """The application."""

    name = "tasks"


@checks.register
def settings_of_behalf(**_: Any) -> list[checks.CheckMessage]:
    """Names the settings that are still missing."""
    names = ("BEHALF_PLATFORM_ID", "BEHALF_PLATFORM_SECRET", "BEHALF_WEBHOOK_SECRET")
    missing = [name for name in names if not getattr(settings, name)]
    if not missing:
        return []
    text = "Not set: " + ", ".join(missing)
    return [checks.Warning(text, hint="See README.md.", id="tasks.W001")]
