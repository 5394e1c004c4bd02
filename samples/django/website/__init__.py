"""The Django project: settings, addresses and headers."""
