"""Decisions made before announcements were kept have been announced: nobody is told of them again."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("crisis", "0006_decisions_corrected_and_reviewed")]

    operations = [
        migrations.RunSQL(
            "UPDATE crisis_determination SET announced_at = confirmed_at"
            " WHERE confirmed_at IS NOT NULL AND announced_at IS NULL",
            migrations.RunSQL.noop,
        )
    ]
