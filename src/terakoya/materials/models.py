"""Materials that are used in teaching, and who uses them. Rows of the roster are named by keys that nothing checks."""

from django.db import models


class Resource(models.Model):
    """A digital textbook or another material, as its maker and its user both know it (resources.csv of OneRoster).

    ``roles``: for whom it is, as roles of OneRoster with commas between. ``is_gone``: taken away; a tombstone stays.

    category: none (says nothing of anybody)
    basis: use of textbooks and materials (School Education Act, art. 34)
    retention: while anything refers to it
    """

    sourced_id = models.CharField(max_length=255, unique=True)
    is_gone = models.BooleanField(default=False)
    modified_at = models.DateTimeField()
    title = models.TextField(default="")
    roles = models.CharField(max_length=255, default="")
    importance = models.CharField(max_length=20, default="")  # primary | secondary
    vendor_resource_id = models.TextField()
    vendor_id = models.TextField(default="")
    application_id = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["modified_at", "id"], name="resource_modified")]

    def __str__(self) -> str:
        return self.sourced_id


class ResourceUse(models.Model):
    """That a material is used; ``sourced_id`` is that of the row that says so."""

    sourced_id = models.CharField(max_length=255, unique=True)
    is_gone = models.BooleanField(default=False)
    modified_at = models.DateTimeField()
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.sourced_id


class ClassResource(ResourceUse):
    """A material that a class uses.

    category: none (who is in the class is said by the roster)
    basis: use of textbooks and materials (School Education Act, art. 34)
    retention: while the class is kept
    """

    title = models.TextField(default="")
    school_class = models.UUIDField(db_index=True)


class CourseResource(ResourceUse):
    """A material that goes with a course, named by its sourcedId.

    category: none (says nothing of anybody)
    basis: use of textbooks and materials (School Education Act, art. 34)
    retention: while the course is kept
    """

    title = models.TextField(default="")
    course = models.CharField(max_length=255, db_index=True)


class UserResource(ResourceUse):
    """A material that somebody uses, at an organisation or in a class where that is said.

    category: content.material_school
    basis: use of textbooks and materials (School Education Act, art. 34)
    retention: while the material is in use
    """

    person = models.UUIDField(db_index=True)
    organisation = models.UUIDField(null=True)
    school_class = models.UUIDField(null=True)


class FormerResources(models.Model):
    """What rows of a kind held before a change of the roster that brought a package: by this it is taken back.

    ``change`` is its number, ``at`` the moment that the rows say since; ``undone_at`` the one they say after it was
    taken back. ``rows`` are compressed JSON: for each row its key and what it held, none for one that the package made.

    category: content.material_school
    basis: use of textbooks and materials (School Education Act, art. 34)
    retention: two years after the change
    """

    change = models.PositiveBigIntegerField(db_index=True)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    rows = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.kind} before {self.change}"


class ResourcesHead(models.Model):
    """The one row that each writer of materials locks, so that ``modified_at`` rises strictly and commits in its order.

    category: none (says nothing of anybody)
    basis: operation of the node
    retention: one row
    """

    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.at.isoformat()
