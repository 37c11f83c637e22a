from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


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
