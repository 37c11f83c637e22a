"""Every model has its migration: compares the models of all rooms with the migrations that are written."""

import os
import sys

import django
from django.core.management import call_command

os.environ["DJANGO_SETTINGS_MODULE"] = "terakoya.node.settings_test"
django.setup()
try:
    call_command("makemigrations", "--check", "--dry-run")
except SystemExit:
    sys.exit("A model has changed without a migration; run makemigrations for its room.")
