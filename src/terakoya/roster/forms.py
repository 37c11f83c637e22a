from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from .people.owners import owners


class PackageForm(forms.Form):
    """Chooses a package to look at."""

    package = forms.FileField(
        label=_("OneRoster package (ZIP)"),
        help_text=_(
            "The full export (bulk) of the school-affairs system, or its changes (delta). "
            "It is checked first; nothing changes yet."
        ),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )

    origin = forms.ChoiceField(
        label=_("From which system"),
        help_text=_("What it says of fields that belong to another system is not written, but waits as a proposal."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = owners()
        systems = [known.stands_in, *sorted(known.connected - {known.stands_in})]
        origin: Any = self.fields["origin"]
        origin.choices = [(one, known.name(one, get_language() or "en")) for one in systems]
        if len(systems) < 2:  # nothing to choose: one system owns all
            del self.fields["origin"]

    def clean_package(self) -> UploadedFile:
        package: UploadedFile = self.cleaned_data["package"]
        if package.size is None or package.size > settings.LARGEST_IMPORT_BYTES:
            raise forms.ValidationError(
                gettext("The file is too large: at most %(limit)s MB.")
                % {"limit": settings.LARGEST_IMPORT_BYTES // 1_000_000}
            )
        return package


class DecisionForm(forms.Form):
    """The deliberate yes to an import that ends many enrolments."""

    confirm_removals = forms.BooleanField(label=_("I know that these enrolments end, and it is meant so."))
