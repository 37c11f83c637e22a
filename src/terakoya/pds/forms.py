import re
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from terakoya.kit import clock

from .grades import grades

KATAKANA = str.maketrans({chr(code): chr(code - 0x60) for code in range(0x30A1, 0x30F7)})
USERNAME = r"[a-z0-9][a-z0-9._-]{2,29}"


class PlainForm(forms.Form):
    """A form that asks for what is missing in plain words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                # family
                field.error_messages["required"] = _("Please fill this in.")


class SignInFields(PlainForm):
    """A login name and a password, for oneself or for a child."""

    username = forms.RegexField(
        f"^{USERNAME}$",
        # family
        label=_("Login name"),
        # family
        help_text=_("3 to 30 small letters, numbers, and . _ -"),
        # family
        error_messages={"invalid": _("Use 3 to 30 small letters, numbers, and . _ -")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        # family
        label=_("Password"),
        # family
        help_text=_("8 letters or more. Do not use it anywhere else."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        password_validation.validate_password(password)
        return password


class SignUpForm(SignInFields):
    name = forms.CharField(
        # family
        label=_("Your name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    adult = forms.BooleanField(
        # family
        label=_("I am an adult, and I look after a child."),
        # family
        error_messages={"required": _("Only an adult can begin. Tick the box if you are one.")},
    )
    field_order = ["name", "username", "password", "adult"]


class ChildForm(PlainForm):
    # family
    name = forms.CharField(label=_("The child's name"), max_length=60)
    kana = forms.CharField(
        # family
        label=_("How the name is read"),
        # family
        help_text=_("In hiragana. Katakana is turned into hiragana."),
        max_length=60,
    )
    birth_date = forms.DateField(
        # family
        label=_("The child's birthday"),
        # family
        help_text=_("It tells from when the child decides too, and from when alone."),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}),
        # family
        error_messages={"invalid": _("Write the day like this: 2016-05-14")},
    )
    # family
    grade = forms.TypedChoiceField(label=_("School year now"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # family
        self.fields["grade"].choices = [("", _("Choose")), *grades()]  # type: ignore[attr-defined]

    def clean_birth_date(self) -> date:
        day: date = self.cleaned_data["birth_date"]
        if not date(1900, 1, 1) <= day <= clock.today():
            # family
            raise forms.ValidationError(_("This day cannot be a birthday. Look at it again."))
        return day

    def clean_kana(self) -> str:
        kana = str(self.cleaned_data["kana"]).translate(KATAKANA)
        if not re.fullmatch("[\u3041-\u3096\u30fc\u30fb \u3000]+", kana):
            # family
            raise forms.ValidationError(_("Write the reading in hiragana."))
        return kana


class HolderForm(PlainForm):
    """Which city's schools the child goes to."""

    # family
    holder = forms.ChoiceField(label=_("Whose schools does the child go to?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, holders: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].choices = holders  # type: ignore[attr-defined]


class CodeForm(PlainForm):
    """Which cram school, and its invitation code."""

    # family
    partner = forms.ChoiceField(label=_("Cram school"), widget=forms.RadioSelect)
    code = forms.CharField(
        # family
        label=_("Invitation code"),
        # family
        help_text=_("It stands on the paper from the cram school. Big and small letters are the same."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, partners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].choices = partners  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split()).upper()


class WishForm(PlainForm):
    """Which subjects of the cram school's wish the family hands on."""

    subjects = forms.MultipleChoiceField(
        # family
        label=_("Subjects"),
        widget=forms.CheckboxSelectMultiple,
        # family
        error_messages={"required": _("Choose at least one subject, or press “I do not agree”.")},
    )

    def __init__(self, *args: Any, subjects: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subjects"].choices = subjects  # type: ignore[attr-defined]
        if len(subjects) == 1:  # nothing to choose: the question is about this one subject
            self.fields["subjects"].initial = [subjects[0][0]]
            self.fields["subjects"].widget = forms.MultipleHiddenInput()
