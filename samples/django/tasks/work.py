"""The only module that calls Behalf: it submits tasks, and stores the results of their jobs."""
from __future__ import annotations

import logging
from functools import lru_cache

import behalf
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.utils.dateparse import parse_datetime

from .models import Task

logger = logging.getLogger(__name__)

# A task moves only forward in this order, so a stale answer changes nothing.
# A failed job may still succeed if its result arrives late.
_ORDER = (
    {Task.State.UNSENT},
    {Task.State.QUEUED, Task.State.RUNNING},
    {Task.State.FAILED, Task.State.CANCELLED},
    {Task.State.SUCCEEDED},
)


def external_id(user: AbstractBaseUser) -> str:
    """Returns the id under which Behalf knows a person of this site.

    It never changes and is never reassigned, unlike an e-mail address.
    """
    return f"user-{user.pk}"


def submit(task: Task) -> bool:
    """Submits the job of a task, and returns whether Behalf has it. A repeat is safe.

    The task's id is the idempotency key: after a crash or a lost answer, a repeat gets the same
    job.
    """
    user = task.user
    try:
        # A repeat changes nothing at Behalf, so each press may bring the name and quota up to date.
        _platform().users.put(
            external_id(user),
            name=user.get_full_name() or user.get_username(),
            quota={settings.BEHALF_ENVIRONMENT: settings.BEHALF_QUOTA},
        )
        job = client_of(user).jobs.submit(
            settings.BEHALF_OPERATION,
            {"text": task.text},
            environment=settings.BEHALF_ENVIRONMENT,
            idempotency_key=str(task.id),
            # The event of a short job can arrive before the job's id is stored, but has this.
            metadata={"task": str(task.id)},
        )
    except behalf.BehalfError as error:
        logger.warning("task %s was not sent: %s", task.id, error)
        unsent = Task.objects.filter(pk=task.pk, state=Task.State.UNSENT)
        unsent.update(problem=explain(error))
        return False
    store(task, job)
    return True


def refresh(task: Task) -> None:
    """Fetches the job of a task and stores its current state."""
    store(task, client_of(task.user).jobs.get(str(task.job_id)))


def store(task: Task, job: behalf.Job) -> None:
    """Stores a job in the row of its task, unless the row is already ahead; rereads the row."""
    place = next(place for place, states in enumerate(_ORDER) if job["state"] in states)
    earlier = set().union(*_ORDER[:place + 1])
    # One statement, so that no other process can change the row in between.
    Task.objects.filter(pk=task.pk, state__in=earlier).update(
        job_id=job["id"],
        state=job["state"],
        result=job.get("result"),
        units=job.get("units"),
        problem=_why_failed(job),
        finished_at=parse_datetime(job.get("finished_at", "")),
    )
    task.refresh_from_db()


def cancel(task: Task) -> None:
    """Cancels the job of a task."""
    store(task, client_of(task.user).jobs.cancel(str(task.job_id)))


def watch_token(task: Task) -> dict[str, str]:
    """Returns a token with which a browser reads this one job for some minutes."""
    return client_of(task.user).jobs.watch_token(str(task.job_id))


def register_webhook(url: str) -> str:
    """Registers a webhook for the jobs of all people of this site, and returns its secret."""
    answer = _platform().request("POST", "/api/v1/webhooks", {
        "url": url,
        "events": ["job.succeeded", "job.failed", "job.cancelled"],
        "environment": settings.BEHALF_ENVIRONMENT,
    })
    return answer["secret"]


def client_of(user: AbstractBaseUser) -> behalf.Client:
    """Returns a client whose calls are those of one person."""
    return _platform().on_behalf_of(external_id(user))


def explain(error: behalf.BehalfError) -> str:
    """Returns a sentence for the page."""
    if isinstance(error, behalf.ApiError):
        return f"Behalf refused: {error.detail or f'{error.title} ({error.code})'}"
    if isinstance(error, behalf.NoAnswerError):
        return "Behalf gave no answer. Please try again in a moment."
    return str(error)


def is_passing(error: behalf.BehalfError) -> bool:
    """Returns whether the same call may succeed later."""
    if isinstance(error, behalf.ApiError):
        return error.status == 429 or error.status >= 500
    return isinstance(error, behalf.NoAnswerError)


def _why_failed(job: behalf.Job) -> str:
    # An open job may have a detail too: the reason for its last retry.
    return job.get("detail") or job.get("code", "") if job["state"] == "failed" else ""


def _platform() -> behalf.Platform:
    try:
        return _connect(settings.BEHALF_SERVER, settings.BEHALF_PLATFORM_ID,
                        settings.BEHALF_PLATFORM_SECRET, settings.BEHALF_DEADLINE)
    except ValueError as wrong:  # it names the setting, and shows no secret
        raise behalf.BehalfError(f"This site is not connected to Behalf: {wrong}") from wrong


@lru_cache(maxsize=None)
def _connect(server: str, client_id: str, secret: str, deadline: float) -> behalf.Platform:
    """Returns one object for the whole process, because it keeps the platform's token."""
    return behalf.Platform(server, client_id, secret, timeout=deadline, deadline=deadline)
