"""Forms of a planned year."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from terakoya.roster import api as roster

from .words import grade_name
from .years_words import OUTCOMES, outcome_name

MOST_CLASSES = 30


class DraftForm(forms.Form):
    """How the coming year is to be planned: which schools, how many classes, how pupils are mixed, where they go on."""

    schools = forms.MultipleChoiceField(label=_("Schools"), widget=forms.CheckboxSelectMultiple)
    mixing = forms.ChoiceField(
        label=_("Classes"),
        choices=[
            ("keep", _("stay together as they move up")),
            ("deal", _("are dealt anew, evenly by sex and reading")),
        ],
        widget=forms.RadioSelect,
        initial="keep",
    )
    lessons = forms.BooleanField(label=_("Plan the classes of subjects as this year"), required=False, initial=True)
    teachers = forms.BooleanField(label=_("Keep the teachers of this year"), required=False)

    def __init__(self, *args: Any, own: Iterable[roster.Organisation], year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = list(own)
        every = roster.life.schools()
        schools: Any = self.fields["schools"]
        schools.choices = [(str(one.uuid), one.name) for one in self.own]
        schools.initial = [str(one.uuid) for one in self.own]
        self.shape = roster.life.shape_of([one.uuid for one in self.own], year)
        for one in self.own:
            for grades, classes in self.shape.get(one.uuid, {}).items():
                self.fields[f"n:{one.uuid}:{grades}"] = forms.IntegerField(
                    label=f"{one.name} {_grades(grades)}", min_value=0, max_value=MOST_CLASSES, initial=classes
                )
            if next_choices := _next_choices(one, self.shape, every, year):
                self.fields[f"to:{one.uuid}"] = forms.ChoiceField(
                    label=gettext("Graduates of %(school)s go on to") % {"school": one.name},
                    choices=next_choices,
                    required=False,
                )

    def numbers(self) -> list[Any]:
        """The fields that say how many classes there are to be."""
        return [self[name] for name in self.fields if name.startswith("n:")]

    def ways(self) -> list[Any]:
        """The fields that say where graduates go on."""
        return [self[name] for name in self.fields if name.startswith("to:")]

    def wishes(self) -> roster.life.Wishes:
        """What was wished for."""
        said, numbers, ways = self.cleaned_data, {}, {}
        for name, value in said.items():
            kind, _colon, rest = name.partition(":")
            if kind == "n":
                school, _colon, grades = rest.partition(":")
                numbers[UUID(school), grades] = value
            elif kind == "to" and value:
                ways[UUID(rest)] = UUID(value)
        return roster.life.Wishes(
            numbers=numbers,
            mixing=said["mixing"],
            next_schools=ways,
            lessons=said["lessons"],
            teachers=said["teachers"],
        )


class PlacementForm(forms.Form):
    """What becomes of one pupil."""

    outcome = forms.ChoiceField(label=_("What becomes of the pupil"), widget=forms.RadioSelect)
    next_school = forms.ChoiceField(label=_("Goes on to (for “graduates”)"), required=False)
    planned = forms.ChoiceField(label=_("Class of the new year"), required=False)
    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=999, required=False)

    def __init__(self, *args: Any, placement: Any, rooms: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nothing = [("", gettext("none"))]
        fields: Any = self.fields
        fields["outcome"].choices = [(code, outcome_name(code)) for code in OUTCOMES]
        fields["planned"].choices = [*nothing, *((str(one.pk), f"{one.school.name} {one.title}") for one in rooms)]
        others = [one for one in roster.life.schools() if one.pk != placement.school_id]
        fields["next_school"].choices = [*nothing, *((str(one.pk), one.name) for one in others)]
        for name, value in (
            ("outcome", placement.outcome),
            ("next_school", placement.next_school_id),
            ("planned", placement.planned_id),
            ("number", placement.number),
        ):
            fields[name].initial = value


class ClassForm(forms.Form):
    """The title of a planned class and its teachers."""

    title = forms.CharField(label=_("Title"), max_length=255)
    teachers = forms.MultipleChoiceField(label=_("Teachers"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, staff: Iterable[roster.Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teachers: Any = self.fields["teachers"]
        teachers.choices = [(str(one.uuid), one.name) for one in staff]


class NewClassForm(forms.Form):
    """One more class: a combined one when it is for several grades."""

    school = forms.ChoiceField(label=_("School"))
    title = forms.CharField(label=_("Title"), max_length=255)
    grades = forms.MultipleChoiceField(
        label=_("Grades"), help_text=_("Several for a combined class."), widget=forms.CheckboxSelectMultiple
    )
    special_needs = forms.BooleanField(label=_("For special needs"), required=False)

    def __init__(
        self, *args: Any, schools: Iterable[roster.Organisation], grades: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["school"].choices = [(str(one.pk), one.name) for one in schools]
        fields["grades"].choices = [(code, grade_name(code)) for code in grades]


class TableForm(forms.Form):
    """The filled-in table of a plan."""

    table = forms.FileField(
        label=_("The table, filled in (Excel or CSV)"),
        help_text=_("Take it along above, change outcome, class and number, and send it back."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_table(self) -> UploadedFile:
        table: UploadedFile = self.cleaned_data["table"]
        if table.size is None or table.size > settings.LARGEST_IMPORT_BYTES:
            raise forms.ValidationError(
                gettext("The file is too large: at most %(limit)s MB.")
                % {"limit": settings.LARGEST_IMPORT_BYTES // 1_000_000}
            )
        return table


def _grades(codes: str) -> str:
    return " / ".join(grade_name(code) for code in codes.split(","))


def _next_choices(
    school: roster.Organisation, shape: Any, every: Iterable[roster.Organisation], year: int
) -> list[tuple[str, str]]:
    """Schools of the board to which graduates of this one can go on: those that have the following grade."""
    own = {grade for codes in shape.get(school.uuid, {}) for grade in codes.split(",")}
    wanted = {roster.life.next_grade(grade) for grade in own} - own - {""}
    if not wanted:
        return []
    shapes = roster.life.shape_of([one.uuid for one in every], year)
    fitting = [
        one
        for one in every
        if one.uuid != school.uuid and wanted & {g for codes in shapes.get(one.uuid, {}) for g in codes.split(",")}
    ]
    leave = [("", gettext("a school of another board"))]
    return [*leave, *((str(one.uuid), one.name) for one in fitting)] if fitting else []
