from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("roster", "0004_years")]

    operations = [
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(
                condition=models.Q(("closed_by__isnull", False)), fields=["sourced_id", "id"], name="enrolment_closed"
            ),
        ),
    ]
