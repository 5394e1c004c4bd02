"""Tests of the site: its own client sends real requests to a small Behalf in the same process."""
