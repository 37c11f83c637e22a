"""What is marked, how, and with what result. Rows of the roster are named by keys that the database does not check.

People, classes and organisations are named by UUID, courses and academic sessions by sourcedId.
"""

from typing import Any

from django.db import models


class Latest(models.Model):
    """The one row that each writer locks, so that ``modified_at`` rises strictly and commits in its order.

    category: none (says nothing of anybody)
    basis: operation of the node
    retention: one row
    """

    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.at.isoformat()


class Marked(models.Model):
    """A row of the gradebook, known to systems by its ``sourced_id``, which is never given to another.

    ``is_gone``: taken away (``tobedeleted``); the row stays as the tombstone that tells others of it.
    ``source``: who wrote it last, ``IMPORT`` or the name of a system.
    """

    IMPORT = "import"

    sourced_id = models.CharField(max_length=255, unique=True)
    is_gone = models.BooleanField(default=False)
    modified_at = models.DateTimeField()
    source = models.CharField(max_length=150)
    metadata = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.sourced_id


class Former(models.Model):
    """What rows of a kind held before a change of the roster that brought a package: by this it is taken back.

    ``change`` is its number, ``at`` the moment that the rows say since. ``rows`` are compressed JSON: for each row its
    key and the fields that became others, none for a row that the package made.

    category: activity.assessment
    basis: assessment of learning (School Education Act rules, art. 24)
    retention: two years after the change
    """

    change = models.PositiveBigIntegerField(db_index=True)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    rows = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.kind} before {self.change}"


class Category(Marked):
    """What line items are grouped by, such as tests or homework; ``weight`` counts in the final score.

    category: none (says nothing of anybody)
    basis: assessment of learning (School Education Act rules, art. 24)
    retention: while anything refers to it
    """

    title = models.TextField()
    weight = models.FloatField(null=True)

    class Meta:
        indexes = [models.Index(fields=["modified_at", "id"], name="category_modified")]


class ScoreScale(Marked):
    """How scores of a class are told in other words. ``values`` are pairs of a score, or a range of them, and its word.

    A left side ``x`` is the lowest score of its step, ``x - y`` the lowest and the highest, both within.

    category: none (says nothing of anybody)
    basis: assessment of learning (School Education Act rules, art. 24)
    retention: while anything refers to it
    """

    title = models.TextField()
    kind = models.TextField()
    school_class = models.UUIDField()
    organisation = models.UUIDField(null=True)
    course = models.CharField(max_length=255, default="")
    values = models.JSONField()

    class Meta:
        indexes = [
            models.Index(fields=["modified_at", "id"], name="scale_modified"),
            models.Index(fields=["school_class"], name="scale_class"),
        ]


class Item(Marked):
    """What is marked, and within which bounds. ``objectives`` are learning objectives: ``source``, ``id``, ``key``.

    ``key`` is the sourcedId that an objective has in a package, "" for one that came otherwise; the same for the
    scale: ``scale_key`` and ``scale_title`` are those of the row that ties the two.
    """

    title = models.TextField()
    description = models.TextField(default="")
    scale = models.ForeignKey(ScoreScale, models.PROTECT, null=True, related_name="+")
    scale_key = models.CharField(max_length=255, default="")
    scale_title = models.TextField(default="")
    minimum = models.FloatField(null=True)
    maximum = models.FloatField(null=True)
    objectives = models.JSONField(default=list)

    class Meta:
        abstract = True


class LineItem(Item):
    """Something that the pupils of a class are to do and that is marked.

    category: none (who got what for it is said by Result)
    basis: assessment of learning (School Education Act rules, art. 24)
    retention: while anything refers to it
    """

    assigned_at = models.DateTimeField()
    due_at = models.DateTimeField()
    school_class = models.UUIDField()
    school = models.UUIDField()
    category = models.ForeignKey(Category, models.PROTECT, related_name="line_items")
    session = models.CharField(max_length=255, default="")
    grading_period = models.CharField(max_length=255, default="")

    class Meta:
        indexes = [
            models.Index(fields=["modified_at", "id"], name="line_item_modified"),
            models.Index(fields=["school_class"], name="line_item_class"),
        ]


class AssessmentLineItem(Item):
    """Something that is marked apart from the work of a class, such as a survey of attainment, or a part of it.

    category: none (who got what for it is said by AssessmentResult)
    basis: assessment of learning (School Education Act rules, art. 24)
    retention: while anything refers to it
    """

    school_class = models.UUIDField(null=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")

    class Meta:
        indexes = [
            models.Index(fields=["modified_at", "id"], name="assessment_modified"),
            models.Index(fields=["school_class"], name="assessment_class"),
        ]


class Score(Marked):
    """What somebody got. ``objectives`` are as those of an item, each with its own ``score`` and ``text_score``.

    A flag is None where nobody has said it.
    """

    student = models.UUIDField()
    scale = models.ForeignKey(ScoreScale, models.PROTECT, null=True, related_name="+")
    scale_key = models.CharField(max_length=255, default="")
    scale_title = models.TextField(default="")
    score_status = models.CharField(max_length=255)
    score = models.FloatField(null=True)
    text_score = models.TextField(default="")
    score_date = models.DateField()
    comment = models.TextField(default="")
    objectives = models.JSONField(default=list)
    in_progress = models.BooleanField(null=True)
    incomplete = models.BooleanField(null=True)
    late = models.BooleanField(null=True)
    missing = models.BooleanField(null=True)

    item: Any

    class Meta:
        abstract = True


class Result(Score):
    """What a pupil of a class got for a line item.

    category: activity.assessment
    basis: assessment of learning (School Education Act rules, art. 24)
    retention: 5 years after the school year
    """

    item = models.ForeignKey(LineItem, models.PROTECT, related_name="results")
    school_class = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["modified_at", "id"], name="result_modified"),
            models.Index(fields=["student", "school_class"], name="result_student"),
            models.Index(fields=["school_class"], name="result_class"),
        ]


class AssessmentResult(Score):
    """What somebody got in an assessment; ``percentile``: how many percent scored as much or less.

    category: activity.assessment
    basis: assessment of learning (School Education Act rules, art. 24)
    retention: 5 years after the school year
    """

    item = models.ForeignKey(AssessmentLineItem, models.PROTECT, related_name="results")
    percentile = models.FloatField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["modified_at", "id"], name="assessed_modified"),
            models.Index(fields=["student"], name="assessed_student"),
        ]
