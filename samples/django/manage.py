#!/usr/bin/env python3
"""Runs Django's commands for this site."""
import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "website.settings")
    if sys.argv[1:2] == ["test"]:
        os.environ.setdefault("DJANGO_DEBUG", "true")  # tests need no key
    execute_from_command_line(sys.argv)
