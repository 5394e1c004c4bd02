"""The pages. Each looks for a task among those of the person who is signed in, and nowhere else."""
from __future__ import annotations

import uuid

import behalf
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import work
from .forms import TaskForm
from .models import Task


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Shows the button and the person's latest tasks; a press stores a task and sends it."""
    form = TaskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        task_id = form.task_id(request.user.pk)
        try:
            with transaction.atomic():
                task = Task.objects.create(
                    pk=task_id, user=request.user, text=form.cleaned_data["text"])
                # After the commit: no job without a row, and no row is locked while Behalf answers.
                # If the process stops in between, the task is "not sent" and can be sent again.
                transaction.on_commit(lambda: work.submit(task))
        except IntegrityError:
            pass  # the second half of a double click
        return redirect("task", task_id)
    latest = request.user.tasks.all()[:20]
    return render(request, "tasks/home.html", {"form": form, "tasks": latest})


@login_required
@never_cache
@require_safe
def task_page(request: HttpRequest, task_id: uuid.UUID) -> HttpResponse:
    """Shows a task. The page's script streams the output while the job is under way."""
    task = _own(request, task_id)
    fault = ""
    if task.is_open:
        try:
            work.refresh(task)
        except behalf.BehalfError as error:
            fault = work.explain(error)
    job_address = f"{settings.BEHALF_SERVER}/api/v1/jobs/{task.job_id}"
    return render(request, "tasks/task.html",
                  {"task": task, "fault": fault, "job_address": job_address})


@login_required
@never_cache
@require_POST
def watch_token(request: HttpRequest, task_id: uuid.UUID) -> JsonResponse:
    """Gives the page a token for the job of this task."""
    task = _own(request, task_id)
    if task.is_unsent:
        return JsonResponse({"detail": "The task was not sent."}, status=409)
    try:
        return JsonResponse({"token": work.watch_token(task)["token"]})
    except behalf.BehalfError as error:
        # The page tries again after 503, and not after 403.
        status = 503 if work.is_passing(error) else 403
        return JsonResponse({"detail": work.explain(error)}, status=status)


@login_required
@require_POST
def cancel(request: HttpRequest, task_id: uuid.UUID) -> HttpResponse:
    """Cancels the job of a task."""
    task = _own(request, task_id)
    if task.is_open:
        try:
            work.cancel(task)
            messages.info(request, "Cancellation was requested.")  # running work stops soon
        except behalf.BehalfError as error:
            messages.error(request, work.explain(error))
    return redirect("task", task.pk)


@login_required
@require_POST
def send_again(request: HttpRequest, task_id: uuid.UUID) -> HttpResponse:
    """Sends a task that was not sent."""
    task = _own(request, task_id)
    if task.is_unsent:
        work.submit(task)
    return redirect("task", task.pk)


def _own(request: HttpRequest, task_id: uuid.UUID) -> Task:
    # Somebody else's task gets the same answer as none.
    return get_object_or_404(Task, pk=task_id, user=request.user)
