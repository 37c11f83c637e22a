from django.db import models


class Harvest(models.Model):
    """The nation's visits to the catalog of one node.

    category: none (describes organisations)
    basis: publication of the nodes themselves
    retention: while the node is registered
    """

    uri = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    tried_at = models.DateTimeField()
    harvested_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=20, default="", choices=[("", ""), ("unreachable", ""), ("refused", "")])
    detail = models.CharField(max_length=300, default="")

    class Meta:
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.uri


class HarvestedDataset(models.Model):
    """One data set as its node describes it: what, of which category, under which standard. Never who or how many.

    category: none (describes data sets, holds no person)
    basis: publication of the nodes themselves
    retention: replaced at every visit
    """

    harvest = models.ForeignKey(Harvest, on_delete=models.CASCADE, related_name="datasets")
    identifier = models.CharField(max_length=60)
    title_ja = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    category = models.CharField(max_length=60)
    standards = models.JSONField(default=list)
    purposes = models.JSONField(default=list)
    access = models.CharField(max_length=20)
    placement = models.CharField(max_length=20)
    offered = models.BooleanField(default=False)

    class Meta:
        ordering = ["category", "identifier"]
        constraints = [models.UniqueConstraint(fields=["harvest", "identifier"], name="dataset_once_a_node")]

    def __str__(self) -> str:
        return self.identifier
