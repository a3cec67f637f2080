from django.db import migrations, models


class Migration(migrations.Migration):
    """Maps, tables and links speak of a region by its short name: it may not be empty."""

    dependencies = [
        ("directory", "0002_must_change_password"),
    ]

    operations = [
        migrations.AlterField(
            model_name="region",
            name="short_name_ko",
            field=models.CharField(max_length=30, verbose_name="줄임 이름"),
        ),
        migrations.AlterField(
            model_name="regionevent",
            name="short_name_ko",
            field=models.CharField(max_length=30, verbose_name="줄임 이름"),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.CheckConstraint(
                condition=models.Q(("short_name_ko", ""), _negated=True),
                name="region_has_a_short_name",
                violation_error_message="지역의 줄임 이름을 적어 주세요.",
            ),
        ),
    ]
