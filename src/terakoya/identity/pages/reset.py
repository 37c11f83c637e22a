"""For clerks: take a colleague's second factor away when it is lost."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from terakoya.identity import factors
from terakoya.identity.administrators import for_administrators
from terakoya.identity.asking import second_factor
from terakoya.identity.forms import ColleagueForm
from terakoya.kit.declaration import Use, declares

from .leading import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@declares(Use(("subject.identity",), "school_administration"))
@second_factor
@for_administrators
@never_cache
def reset(request: HttpRequest) -> HttpResponse:
    """Take all second factors of a colleague away; the colleague and the log are told."""
    clerk = signed_in(request)
    form = ColleagueForm(request, clerk)
    if form.is_valid() and form.colleague:
        factors.reset(form.colleague, clerk)
        text = _("The second factor of %(name)s was taken away. A new one is set up at the next sign-in.")
        messages.success(request, text % {"name": form.colleague.display_name})
        return redirect("identity.reset")
    return render(request, "identity/reset.html", {"form": form}, status=400 if form.is_bound else 200)
