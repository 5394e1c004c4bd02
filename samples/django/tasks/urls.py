"""Addresses of the application."""
from django.urls import path

from . import hooks, views

urlpatterns = [
    path("", views.home, name="home"),
    path("tasks/<uuid:task_id>", views.task_page, name="task"),
    path("tasks/<uuid:task_id>/watch-token", views.watch_token, name="watch_token"),
    path("tasks/<uuid:task_id>/cancel", views.cancel, name="cancel"),
    path("tasks/<uuid:task_id>/send-again", views.send_again, name="send_again"),
    path("hooks/behalf", hooks.behalf_hook, name="behalf_hook"),
]
