"""The webhook: Behalf notifies the site when a job ends, whether or not anybody is watching."""
from __future__ import annotations

import logging
from typing import Optional

import behalf
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from . import work
from .models import HandledEvent, Task

logger = logging.getLogger(__name__)


@csrf_exempt  # the signature authenticates the caller
@require_POST
def behalf_hook(request: HttpRequest) -> HttpResponse:
    """Answers 204 to an event that is handled, 400 if it is not genuine, 503 to get it again."""
    if not settings.BEHALF_WEBHOOK_SECRET:
        return HttpResponse("BEHALF_WEBHOOK_SECRET is not set.", status=503)
    try:
        event = behalf.verify_webhook(
            settings.BEHALF_WEBHOOK_SECRET, request.headers, request.body)
    except behalf.WebhookError as error:
        return HttpResponse(str(error), status=400, content_type="text/plain")
    if HandledEvent.objects.filter(pk=event.id).exists():
        return HttpResponse(status=204)

    task = _task_of(event)
    if task is not None:
        try:
            # Events may arrive in any order, so what counts is the job as it is now.
            work.store(task, work.client_of(task.user).jobs.get(event.data["id"]))
        except behalf.BehalfError as error:
            logger.warning("event %s: %s", event.id, error)
            if not (isinstance(error, behalf.ApiError) and error.status == 404):  # the job is gone
                return HttpResponse("Please send this event again later.", status=503)
    # Last, so that a crash loses nothing. Handling an event twice would change nothing.
    HandledEvent.objects.get_or_create(pk=event.id)
    return HttpResponse(status=204)


def _task_of(event: behalf.WebhookEvent) -> Optional[Task]:
    """Returns the task of an event, or None if there is none, or if it is another person's."""
    metadata = event.data.get("metadata") or {}
    try:
        task = Task.objects.select_related("user").get(pk=metadata.get("task"))
    except (Task.DoesNotExist, ValidationError):  # another site of the platform, or a test event
        return None
    if event.data.get("user") != work.external_id(task.user):
        logger.warning("event %s names another person than that of task %s", event.id, task.pk)
        return None
    if task.job_id is not None and str(task.job_id) != event.data.get("id"):
        return None  # a retry of the job, which keeps the metadata, is another job
    return task
