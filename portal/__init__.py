"""Roof and ground of the portal. The Celery application must exist before any task is sent."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
