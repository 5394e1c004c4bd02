"""The peer in Django and Celery: the web process, the worker and the compute process.

    gunicorn peer:web        POST /api/jobs
    celery -A peer worker
    gunicorn peer:compute    POST /v1/compute

PEER_DATABASE, PEER_BROKER and PEER_COMPUTE are the addresses.
"""

import hashlib
import json
import math
import os
import uuid
from urllib.parse import urlsplit

import django
import requests
from celery import Celery
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse, JsonResponse
from kombu import Queue

DATABASE = urlsplit(os.environ["PEER_DATABASE"])
SCHEME = "Api-Key "
CHARACTERS_PER_UNIT = 1_000

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    SECRET_KEY=str(uuid.uuid4()),
    USE_TZ=True,
    LOGGING_CONFIG=None,
    # No sessions, no CSRF, no messages: an API with keys needs none.
    MIDDLEWARE=[],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": DATABASE.hostname,
            "PORT": DATABASE.port,
            "NAME": DATABASE.path.removeprefix("/"),
            "USER": DATABASE.username,
            "PASSWORD": DATABASE.password,
            "OPTIONS": {"options": "-c search_path=peer"},
            # A connection for each thread is kept.
            "CONN_MAX_AGE": None,
        }
    },
)
django.setup()

from django.db import connection, models, transaction  # noqa: E402: the settings come first
from django.db.models import F  # noqa: E402
from django.db.models.functions import Now  # noqa: E402
from django.urls import path  # noqa: E402


class Row(models.Model):
    class Meta:
        abstract = True
        managed = False
        app_label = "peer"


class Key(Row):
    user_id = models.UUIDField(primary_key=True)
    hash = models.BinaryField()
    secret = models.TextField()

    class Meta(Row.Meta):
        db_table = "keys"


class Job(Row):
    id = models.UUIDField(primary_key=True)
    user_id = models.UUIDField()
    text = models.TextField()
    state = models.TextField(default="queued")
    units = models.BigIntegerField(null=True)
    refused = models.IntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta(Row.Meta):
        db_table = "jobs"


class Quota(Row):
    user_id = models.UUIDField(primary_key=True)
    limit_units = models.BigIntegerField()
    used = models.BigIntegerField()

    class Meta(Row.Meta):
        db_table = "quota"


def user_of(request):
    """Returns the user of the request's key, or None."""
    key = request.headers.get("Authorization", "").removeprefix(SCHEME)
    digest = hashlib.sha256(key.encode()).digest()
    return Key.objects.filter(hash=digest).values_list("user_id", flat=True).first()


def submit(request):
    """Takes a job: a row, then a message that the broker confirms, then the answer."""
    user = user_of(request)
    if user is None:
        return HttpResponse(status=401)
    job = Job.objects.create(id=uuid.uuid4(), user_id=user, text=json.loads(request.body)["text"])
    run.apply_async((str(job.id), str(user)))
    return JsonResponse({"id": str(job.id)}, status=202)


app = Celery("peer", broker=os.environ["PEER_BROKER"])
app.conf.update(
    task_queues=[Queue("peer-django", queue_arguments={"x-queue-type": "quorum"})],
    task_default_queue="peer-django",
    task_default_queue_type="quorum",
    worker_detect_quorum_queues=True,
    broker_transport_options={"confirm_publish": True},
    broker_pool_limit=16,
    broker_connection_retry_on_startup=True,
    task_ignore_result=True,
    # A message is acknowledged after its job, so that a job whose worker dies runs again.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=16,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
)
calls = requests.Session()


@app.task(name="run")
def run(job, user):
    """Runs a job: the user's key, the call to the compute process with it, and the outcome."""
    text, secret = (
        Job.objects.filter(id=job, user_id=user)
        .extra(tables=["keys"], where=["keys.user_id = jobs.user_id"], select={"secret": "keys.secret"})
        .values_list("text", "secret")
        .get()
    )
    answer = calls.post(
        os.environ["PEER_COMPUTE"] + "/v1/compute",
        json={"job": job, "text": text},
        headers={"Authorization": SCHEME + secret},
    )
    if answer.ok:
        outcome = {"state": "succeeded", "units": answer.json()["units"]}
    elif answer.status_code < 500:
        outcome = {"state": "failed", "refused": answer.status_code}
    else:
        answer.raise_for_status()
    Job.objects.filter(id=job).update(finished_at=Now(), **outcome)


def settle(request):
    """Computes for the user of a key, and stores the result and its charge in one transaction."""
    user = user_of(request)
    if user is None:
        return HttpResponse(status=401)
    call = json.loads(request.body)
    units = math.ceil(len(call["text"]) / CHARACTERS_PER_UNIT)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into results (user_id, job_id, text, units) values (%s, %s, %s, %s)"
                " on conflict do nothing",
                [user, call["job"], call["text"], units],
            )
            if cursor.rowcount == 0:
                # A job that runs again gets its stored result for nothing.
                cursor.execute(
                    "select text, units from results where user_id = %s and job_id = %s",
                    [user, call["job"]],
                )
                text, units = cursor.fetchone()
                return JsonResponse({"text": text, "units": units})
            cursor.execute(
                "insert into ledger (user_id, job_id, units) values (%s, %s, %s)",
                [user, call["job"], units],
            )
        # Last, because other jobs of the user wait for this row until the commit.
        used = Quota.objects.filter(user_id=user, limit_units__gte=F("used") + units).update(
            used=F("used") + units
        )
        if not used:
            transaction.set_rollback(True)
            return HttpResponse(status=429)
    return JsonResponse({"text": call["text"], "units": units})


urlpatterns = [path("api/jobs", submit), path("v1/compute", settle)]
web = compute = WSGIHandler()
