from django.db import migrations


class Migration(migrations.Migration):
    """The log is kept by the room ``audit``, whose entries are sealed under keys of their subjects."""

    dependencies = [("access", "0001_initial")]

    operations = [
        migrations.DeleteModel(name=name) for name in ("LogSubject", "LogEntry", "LogNode", "LogHead")
    ]
