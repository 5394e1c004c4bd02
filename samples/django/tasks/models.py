"""What the site stores: tasks, and the webhook events that it has handled."""
from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Task(models.Model):
    """A text that a person sent. The row is the site's own; Behalf has a job for it."""

    class State(models.TextChoices):
        """The states of a job at Behalf, and one before them."""

        UNSENT = "unsent", "Not sent"
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        SUCCEEDED = "succeeded", "Succeeded"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tasks")
    text = models.TextField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.UNSENT)
    problem = models.TextField(blank=True)  # why it was not sent, or why the job failed
    job_id = models.UUIDField(null=True, editable=False)
    result = models.JSONField(null=True)
    units = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    @property
    def is_unsent(self) -> bool:
        """Behalf has not confirmed a job for this task."""
        return self.state == self.State.UNSENT

    @property
    def is_open(self) -> bool:
        """The job is under way."""
        return self.state in (self.State.QUEUED, self.State.RUNNING)


class HandledEvent(models.Model):
    """The id of a webhook event, because an event may arrive more than once.

    Rows older than 30 days may be deleted: Behalf keeps its deliveries no longer than that.
    """

    id = models.CharField(primary_key=True, max_length=100)
    handled_at = models.DateTimeField(auto_now_add=True)
