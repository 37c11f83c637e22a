import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('city', models.CharField(max_length=200)),
                ('city_name', models.CharField(max_length=200)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('smallest_cell', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField()),
                ('received_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-last_day', 'city_name'],
                'constraints': [models.UniqueConstraint(fields=('city', 'first_day', 'last_day'), name='release_once_a_term')],
            },
        ),
        migrations.CreateModel(
            name='Cell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('grade', models.CharField(blank=True, max_length=10)),
                ('subject', models.CharField(max_length=10)),
                ('pupils', models.PositiveIntegerField(null=True)),
                ('mean', models.PositiveSmallIntegerField(null=True)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='research.release')),
            ],
            options={
                'ordering': ['subject', 'grade'],
                'constraints': [models.UniqueConstraint(fields=('release', 'subject', 'grade'), name='cell_once_a_release')],
            },
        ),
    ]
