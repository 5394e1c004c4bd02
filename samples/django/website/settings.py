"""Settings of the site. Everything that differs between machines comes from the environment."""
from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

# The client of Behalf is one file, which this repository keeps in clients/python. In a project of
# your own, copy behalf.py beside manage.py and delete this line.
sys.path.append(str(BASE_DIR.parents[1] / "clients" / "python"))

# Behalf. The platform's id and secret are those that `behalf platforms create` prints.
BEHALF_SERVER = os.environ.get("BEHALF_SERVER", "http://127.0.0.1:8080").rstrip("/")
BEHALF_PLATFORM_ID = os.environ.get("BEHALF_PLATFORM_ID", "")
BEHALF_PLATFORM_SECRET = os.environ.get("BEHALF_PLATFORM_SECRET", "")
BEHALF_WEBHOOK_SECRET = os.environ.get("BEHALF_WEBHOOK_SECRET", "")
BEHALF_OPERATION = os.environ.get("BEHALF_OPERATION", "shout-slowly")
BEHALF_ENVIRONMENT = os.environ.get("BEHALF_ENVIRONMENT", "test")
BEHALF_QUOTA = int(os.environ.get("BEHALF_QUOTA", "5000"))  # units a month for each person
# A person waits for the page, so a call gives up early. A task that was not sent can be sent later.
BEHALF_DEADLINE = 5.0  # seconds

# Django. Debugging is off unless you ask for it, and without it the site needs a key of its own.
DEBUG = os.environ.get("DJANGO_DEBUG", "").lower() == "true"
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("Set DJANGO_SECRET_KEY, or DJANGO_DEBUG=true to try the site.")
    SECRET_KEY = get_random_secret_key()  # a restart signs everybody out

ALLOWED_HOSTS = os.environ.get("DJANGO_HOSTS", "127.0.0.1,localhost").split(",")
ROOT_URLCONF = "website.urls"
WSGI_APPLICATION = "website.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "tasks",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "website.security.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("DJANGO_DATABASE", str(BASE_DIR / "db.sqlite3")),
        "OPTIONS": {"timeout": 20},  # seconds to wait for another writer
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation." + name}
    for name in (
        "UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# The browser may fetch from this site and read jobs at Behalf, and nothing else.
_behalf = urlsplit(BEHALF_SERVER)
CONTENT_SECURITY_POLICY = "; ".join([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    f"connect-src 'self' {_behalf.scheme}://{_behalf.netloc}",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
])
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not DEBUG
SECURE_HSTS_SECONDS = 0 if DEBUG else 31_536_000
# HSTS for a whole domain is for the owner of the domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"tasks": {"handlers": ["console"], "level": "INFO"}},
}
