"""Keeping the entrustment register: entering, ending, noting an audit."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from terakoya.access import api as access
from terakoya.access.api import declares_nothing
from terakoya.identity import api as identity
from terakoya.identity.api import for_administrators
from terakoya.rights import entrustments, forms, holdings
from terakoya.rights.errors import RightsError
from terakoya.rights.models import Entrustment

OF_PARTNERS = "the register names organisations and contracts, no persons"


@require_http_methods(["GET", "HEAD", "POST"])
@declares_nothing(OF_PARTNERS)
@identity.second_factor
@for_administrators
def enter(request: HttpRequest) -> HttpResponse:
    """Enter an entrustment."""
    form = forms.EntrustmentForm(request.POST if request.method == "POST" else None, held=holdings.categories_held())
    if form.is_valid():
        entrustments.enter(**form.cleaned_data, by=access.actor_of(request))
        messages.success(request, _("It was entered."))
        return redirect("rights.entrustments")
    return render(request, "rights/entrustment_new.html", {"form": form}, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@declares_nothing(OF_PARTNERS)
@identity.second_factor
@for_administrators
def entrustment(request: HttpRequest, number: UUID) -> HttpResponse:
    """One entrustment: end it, or note an audit."""
    found = Entrustment.objects.prefetch_related("audits").filter(uuid=number).first()
    if found is None:
        raise Http404
    pressed = request.POST.get("step") if request.method == "POST" else None
    end = forms.EndForm(request.POST if pressed == "end" else None, prefix="end")
    audit = forms.AuditForm(request.POST if pressed == "audit" else None, prefix="audit")
    form = {"end": end, "audit": audit}.get(pressed or "")
    if form is not None and form.is_valid() and _done(request, found, form):
        return redirect("rights.entrustments_one", number=number)
    values = {
        "one": found,
        "categories": [access.category_name(one) for one in found.categories],
        "end": end,
        "audit": audit,
        "wrong_form": form,
    }
    return render(request, "rights/entrustment.html", values, status=400 if form else 200)


def _done(request: HttpRequest, found: Entrustment, form: Form) -> bool:
    said = form.cleaned_data
    try:
        if isinstance(form, forms.AuditForm):
            entrustments.note_audit(found.uuid, said["day"], said["finding"], by=access.actor_of(request))
        else:
            entrustments.end(found.uuid, said["day"])
    except RightsError as refusal:
        form.add_error("day", refusal.sentence)
        return False
    messages.success(request, _("It was entered."))
    return True
