import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Harvest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uri', models.CharField(max_length=200, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=20)),
                ('tried_at', models.DateTimeField()),
                ('harvested_at', models.DateTimeField(null=True)),
                ('fault', models.CharField(choices=[('', ''), ('unreachable', ''), ('refused', '')], default='', max_length=20)),
                ('detail', models.CharField(default='', max_length=300)),
            ],
            options={
                'ordering': ['kind', 'name'],
            },
        ),
        migrations.CreateModel(
            name='HarvestedDataset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('identifier', models.CharField(max_length=60)),
                ('title_ja', models.CharField(max_length=120)),
                ('title_en', models.CharField(max_length=120)),
                ('category', models.CharField(max_length=60)),
                ('standards', models.JSONField(default=list)),
                ('purposes', models.JSONField(default=list)),
                ('access', models.CharField(max_length=20)),
                ('placement', models.CharField(max_length=20)),
                ('offered', models.BooleanField(default=False)),
                ('harvest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='datasets', to='catalog.harvest')),
            ],
            options={
                'ordering': ['category', 'identifier'],
                'constraints': [models.UniqueConstraint(fields=('harvest', 'identifier'), name='dataset_once_a_node')],
            },
        ),
    ]
