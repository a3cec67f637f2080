"""The Celery application: a courier. What is owed is a row in Postgres (`docs/adr/0001`)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")

app = Celery("portal")
# The current app is kept by thread: without this, threads of the web server would send to a fallback app without a broker.
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
