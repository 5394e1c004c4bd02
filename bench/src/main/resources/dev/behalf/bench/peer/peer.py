"""The peer in Django and Celery: a web process, a worker and a compute process.

    gunicorn peer:web         answers POST /api/jobs
    celery --app peer worker  runs the jobs
    gunicorn peer:compute     answers POST /v1/compute

The database is in PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD; the addresses of the broker and
the compute process are in PEER_BROKER and PEER_COMPUTE.
"""

import hashlib
import json
import math
import os
import uuid

import django
import urllib3
from celery import Celery
from celery.exceptions import Reject
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse, JsonResponse
from kombu import Queue

QUEUE = "peer-celery"
SCHEME = "Api-Key "
CHARACTERS_PER_UNIT = 1_000

settings.configure(
    # It listens on the loopback interface alone.
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY=str(uuid.uuid4()),
    USE_TZ=True,
    LOGGING_CONFIG=None,
    # An API with keys needs neither sessions nor CSRF tokens.
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": os.environ["PGHOST"],
            "PORT": os.environ["PGPORT"],
            "NAME": os.environ["PGDATABASE"],
            "USER": os.environ["PGUSER"],
            "PASSWORD": os.environ["PGPASSWORD"],
            # Statements are prepared after five uses, as pgjdbc does it.
            "OPTIONS": {
                "options": "-c search_path=peer",
                "server_side_binding": True,
                "prepare_threshold": 5,
            },
            # Each thread keeps its connection.
            "CONN_MAX_AGE": None,
        }
    },
)
django.setup()

from django.db import connection, models, transaction  # noqa: E402: needs the settings
from django.db.models import F  # noqa: E402
from django.db.models.functions import Now  # noqa: E402
from django.urls import path  # noqa: E402


class Key(models.Model):
    user_id = models.UUIDField(primary_key=True)
    hash = models.BinaryField()
    secret = models.TextField()

    class Meta:
        app_label, db_table, managed = "peer", "keys", False


class Job(models.Model):
    id = models.UUIDField(primary_key=True)
    key = models.ForeignKey(Key, models.DO_NOTHING, db_column="user_id")
    text = models.TextField()
    state = models.TextField(default="queued")
    units = models.BigIntegerField(null=True)
    refused = models.IntegerField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        app_label, db_table, managed = "peer", "jobs", False


class Quota(models.Model):
    user_id = models.UUIDField(primary_key=True)
    limit_units = models.BigIntegerField()
    used = models.BigIntegerField()

    class Meta:
        app_label, db_table, managed = "peer", "quota", False


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
    text = json.loads(request.body)["text"]
    job = Job.objects.create(id=uuid.uuid4(), key_id=user, text=text, created_at=Now())
    run.apply_async((str(job.id), str(user)))
    return JsonResponse({"id": str(job.id)}, status=202)


app = Celery("peer", broker=os.environ["PEER_BROKER"])
app.conf.update(
    task_queues=[Queue(QUEUE, queue_arguments={"x-queue-type": "quorum"})],
    task_default_queue=QUEUE,
    worker_detect_quorum_queues=True,
    broker_transport_options={"confirm_publish": True},
    broker_connection_retry_on_startup=True,
    task_ignore_result=True,
    # A message is acknowledged after its job, so that a job whose worker dies runs again.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=16,
)
calls = urllib3.PoolManager()


@app.task(name="run")
def run(job, user):
    """Runs a job, again if anything fails but the job itself."""
    try:
        Job.objects.filter(id=job).update(finished_at=Now(), **outcome(job, user))
    except Exception as failed:
        raise Reject(failed, requeue=True) from failed


def outcome(job, user):
    """Calls the compute process with the user's key."""
    text, secret = Job.objects.values_list("text", "key__secret").get(id=job, key_id=user)
    answer = calls.request(
        "POST",
        os.environ["PEER_COMPUTE"] + "/v1/compute",
        body=json.dumps({"job": job, "text": text}),
        headers={"Authorization": SCHEME + secret, "Content-Type": "application/json"},
    )
    if answer.status == 200:
        return {"state": "succeeded", "units": json.loads(answer.data)["units"]}
    if answer.status < 500:
        return {"state": "failed", "refused": answer.status}
    raise ConnectionError(f"compute answered {answer.status}")


def compute_for_user(request):
    """Computes for the user of a key, and stores the result and its charge in one transaction."""
    user = user_of(request)
    if user is None:
        return HttpResponse(status=401)
    call = json.loads(request.body)
    answer = {"text": call["text"], "units": math.ceil(len(call["text"]) / CHARACTERS_PER_UNIT)}
    with transaction.atomic(), connection.cursor() as cursor:
        return settle(cursor, user, call["job"], answer)


def settle(cursor, user, job, answer):
    """A job that runs again gets its stored result for nothing."""
    cursor.execute(
        "insert into results (user_id, job_id, text, units) values (%s, %s, %s, %s)"
        " on conflict do nothing",
        [user, job, answer["text"], answer["units"]],
    )
    if cursor.rowcount == 0:
        cursor.execute(
            "select text, units from results where user_id = %s and job_id = %s", [user, job]
        )
        text, units = cursor.fetchone()
        return JsonResponse({"text": text, "units": units})
    cursor.execute(
        "insert into ledger (user_id, job_id, units) values (%s, %s, %s)",
        [user, job, answer["units"]],
    )
    # Last, because other jobs of the user wait for this row until the commit.
    used = F("used") + answer["units"]
    if not Quota.objects.filter(user_id=user, limit_units__gte=used).update(used=used):
        transaction.set_rollback(True)
        return HttpResponse(status=429)
    return JsonResponse(answer)


urlpatterns = [path("api/jobs", submit), path("v1/compute", compute_for_user)]
web = compute = WSGIHandler()
