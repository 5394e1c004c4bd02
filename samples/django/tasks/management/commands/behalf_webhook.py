"""manage.py behalf_webhook URL"""
from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

import behalf
from django.core.management.base import BaseCommand, CommandError

from tasks import work


class Command(BaseCommand):
    """Registers this site's webhook at Behalf."""

    help = "Registers the webhook, and prints the line with its secret for the environment."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="such as https://site.example/hooks/behalf")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            secret = work.register_webhook(options["url"])
        except behalf.BehalfError as error:
            raise CommandError(str(error)) from error
        # Alone on standard output, and nowhere else: Behalf shows the secret only now.
        self.stdout.write(f"BEHALF_WEBHOOK_SECRET={secret}")
