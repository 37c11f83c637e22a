from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("roster", "0007_tables")]

    operations = [
        migrations.AddIndex(
            model_name="person", index=models.Index(fields=["change", "uuid"], name="person_by_change")
        ),
    ]
