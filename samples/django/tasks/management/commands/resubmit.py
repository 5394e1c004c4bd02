"""manage.py resubmit"""
from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tasks import work
from tasks.models import Task


class Command(BaseCommand):
    """Sends the tasks that were not sent, such as from cron."""

    help = "Sends all tasks that were not sent. Safe to run at any time, also twice at once."

    def handle(self, *args: Any, **options: Any) -> None:
        unsent = Task.objects.filter(state=Task.State.UNSENT).order_by("created_at")
        outcomes = [work.submit(task) for task in unsent.select_related("user")]
        self.stdout.write(f"Sent: {outcomes.count(True)}. Not sent: {outcomes.count(False)}.")
        if not all(outcomes):
            raise CommandError("The log and the pages of the tasks say why.")
