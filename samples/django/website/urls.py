"""Addresses of the site."""
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

urlpatterns = [
    path("", include("tasks.urls")),
    path("sign-in", LoginView.as_view(template_name="tasks/sign_in.html",
                                      redirect_authenticated_user=True), name="sign_in"),
    path("sign-out", LogoutView.as_view(http_method_names=["post"]), name="sign_out"),
]
