import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('code', models.CharField(max_length=9, unique=True)),
                ('pupil', models.UUIDField()),
                ('subjects', models.JSONField()),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('share_until', models.DateField()),
                ('made_by', models.UUIDField(null=True)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('consent', models.UUIDField(null=True, unique=True)),
                ('pairwise', models.UUIDField(null=True)),
                ('used_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-made_at', '-pk'],
                'indexes': [models.Index(fields=['pupil'], name='invitation_pupil')],
            },
        ),
    ]
