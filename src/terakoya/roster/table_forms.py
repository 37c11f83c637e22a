"""What the pages for clerks' tables ask."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models import Organisation
from .tables import columns, reading, words
from .tables.drafts import Draft
from .tables.school import SchoolOn

KINDS = (
    ("pupils", _("Pupils: a class list, guardians beside them if you like")),
    ("staff", _("Staff")),
    ("guardians", _("Guardians of pupils who are here already")),
)
NOT_READ = ""


class TableForm(forms.Form):
    """Chooses a table to look at."""

    school = forms.ModelChoiceField(
        label=_("School"), queryset=Organisation.objects.none(), empty_label=_("please choose")
    )
    kind = forms.ChoiceField(label=_("What is in it"), choices=KINDS, widget=forms.RadioSelect, initial="pupils")
    table = forms.FileField(
        label=_("Excel workbook (.xlsx) or CSV file"),
        help_text=_("As it is: headings in Japanese, dates by era, titles above. Nothing changes yet."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.txt,.tsv"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["school"]
        field.queryset = Organisation.objects.filter(kind="school", ended=None).order_by("name")

    def clean_table(self) -> UploadedFile:
        table: UploadedFile = self.cleaned_data["table"]
        if table.size is None or table.size > reading.LARGEST_FILE:
            raise forms.ValidationError(
                gettext("The file is too large: at most %(limit)s MB.") % {"limit": reading.LARGEST_FILE // 1_000_000}
            )
        return table


class ColumnsForm(forms.Form):
    """Says which field each column means; ``column_3`` is the fourth one."""

    def __init__(self, draft: Draft, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        by_column = {index: name for name, index in draft.mapping.items()}
        names = [(name, words.field_name(name)) for name in columns.fields_of(draft.entry.kind)]
        for index, heading in enumerate(draft.header.headings):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=heading or gettext("Column without a name"),
                choices=[(NOT_READ, gettext("not read")), *names],
                initial=by_column.get(index, NOT_READ),
                required=False,
                widget=forms.Select(attrs={"class": "tk-input tk-input--select"}),
            )
        if draft.entry.kind == "pupils":
            classes = [(str(one.pk), one.title) for one in draft.school.homerooms]
            self.fields["whole"] = forms.ChoiceField(
                label=gettext("All rows are of one class"),
                help_text=gettext("Only for a table that has no columns for year and class."),
                choices=[("", gettext("no, the table says it")), *classes],
                initial=draft.entry.choices.get("class", ""),
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        mapping = self.mapping
        if len(mapping) < len([name for name in self._chosen if name]):
            raise forms.ValidationError(gettext("Two columns have the same meaning."))
        given = {"grade": 0, "section": 0} if values.get("whole") else {}
        for group in columns.missing(mapping | given, self.draft.entry.kind):
            one_of = gettext(" or ").join(words.field_name(name) for name in group)
            raise forms.ValidationError(gettext("No column says this yet: %(field)s.") % {"field": one_of})
        return values

    @property
    def _chosen(self) -> list[str]:
        return [self.cleaned_data.get(f"column_{index}", "") for index in range(len(self.draft.header.headings))]

    @property
    def mapping(self) -> dict[str, int]:
        """By field the column that means it."""
        return {name: index for index, name in enumerate(self._chosen) if name}

    @property
    def rows(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Each column with the first things that stand in it."""
        below = self.draft.sheet.rows[self.draft.header.row :]
        return [(self[f"column_{index}"], _first(below, index)) for index in range(len(self.draft.header.headings))]


def _first(rows: list[list[Any]], index: int) -> list[str]:
    from .tables.repairs import shown

    return [shown(row[index]) for row in rows if index < len(row) and row[index] is not None][:3]


class LookForm(forms.Form):
    """As of which day a table holds, and what becomes of those who are not in it."""

    day = forms.DateField(
        label=_("Holds from"),
        help_text=_("The first day on which the school is as the table says."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    extent = forms.ChoiceField(
        label=_("Whoever is not in the table"),
        choices=(
            ("some", _("stays as they are")),
            ("classes", _("has left, if they are in one of its classes")),
            ("school", _("has left the school: the table is complete")),
        ),
        widget=forms.RadioSelect,
    )

    def __init__(self, known: SchoolOn, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        extent: Any = self.fields["extent"]
        if kind == "staff":
            extent.choices = [one for one in extent.choices if one[0] != "classes"]
        if kind == "guardians":
            del self.fields["extent"]


class TakeForm(forms.Form):
    """The decision; ticks only where something unusual would happen."""

    confirm_classes = forms.BooleanField(label=_("These classes are new, and it is meant so."))
    confirm_removals = forms.BooleanField(label=_("I know that these people leave, and it is meant so."))

    def __init__(self, *args: Any, classes: bool, removals: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not classes:
            del self.fields["confirm_classes"]
        if not removals:
            del self.fields["confirm_removals"]
