"""Forms of guardianship and of the protection of addresses."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from terakoya.kit import clock
from terakoya.roster import api as roster

from .people_words import relation_name


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day as browsers choose it."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, widget=widget, error_messages={"invalid": _("Choose a day, such as 2026-05-01.")}, **more
    )


class Custody(forms.ChoiceField):
    """Whether somebody has parental authority (Civil Code, arts. 818 and 819)."""

    def __init__(self) -> None:
        choices = [
            ("yes", _("has parental authority")),
            ("no", _("has none: stands in the register and decides nothing")),
        ]
        super().__init__(label=_("Parental authority"), choices=choices, widget=forms.RadioSelect, initial="yes")

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value)


class OtherForm(forms.Form):
    """Somebody else of the register, since when, and on what ground."""

    other = forms.ChoiceField(
        label=_("Who"), widget=forms.RadioSelect, error_messages={"required": _("Choose somebody.")}
    )
    since = day_field(_("Since when"), initial=clock.today)
    note = forms.CharField(label=_("On what ground"), max_length=200, required=False)

    def __init__(self, *args: Any, people: Iterable[roster.Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        other: Any = self.fields["other"]
        other.choices = list({str(one.uuid): f"{one.name} {one.kana}" for one in people}.items())


class HideForm(OtherForm):
    """From whom the address and the telephone number are hidden."""

    prefix = "hide"


class GuardianForm(OtherForm):
    """Who answers for the child."""

    relation = forms.ChoiceField(label=_("Relation"), required=False)
    has_custody = Custody()
    field_order = ("other", "relation", "has_custody", "since", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relation: Any = self.fields["relation"]
        relation.choices = relations()


class GuardianshipForm(forms.Form):
    """What has happened to a guardianship."""

    kind = forms.ChoiceField(
        label=_("What has happened?"),
        choices=(
            ("custody", _("Parental authority changes on a day")),
            ("ended", _("The guardianship ends on a day")),
            ("wrong", _("It was entered wrongly")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what has happened.")},
    )
    day = day_field(_("First day on which it is otherwise"), help_text=_("Not needed for a correction."))
    has_custody = Custody()
    relation = forms.ChoiceField(label=_("Relation"), required=False)
    begins = day_field(_("First day of the guardianship"))
    note = forms.CharField(
        label=_("On what ground"),
        help_text=_("For example: family register, order of the family court"),
        max_length=200,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relation: Any = self.fields["relation"]
        relation.choices = relations()


class EndForm(forms.Form):
    """From which day on something holds no longer, and on what ground."""

    day = day_field(_("First day on which it holds no longer"))
    note = forms.CharField(label=_("On what ground"), max_length=200)


def relations() -> list[tuple[str, str]]:
    """What a guardian may be to a child; nothing said is possible too."""
    return [("", "–"), *((one, relation_name(one)) for one in roster.who.RELATIONS)]
