"""A question about a line of 'who looked', and its answer."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.access import api as access
from terakoya.access.api import Use, declares
from terakoya.rights import questions
from terakoya.rights.errors import RequestRefused
from terakoya.rights.forms import QuestionForm

LOOKED = Use(("rights.access_log", "rights.request"), "rights")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@declares(LOOKED)
def ask(request: HttpRequest, person: UUID, line: int) -> HttpResponse:
    """Ask whoever looked, why; ``?at=`` names the partner node whose line it is."""
    at = request.GET.get("at", "")[:200]
    try:
        found, node = questions.line_about(access.actor_of(request), person, line, at)
    except RequestRefused:
        raise Http404 from None
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        number = _number(request.POST.get("number", ""))
        try:
            asked = questions.ask(number, person, found, node, form.cleaned_data["text"], by=access.actor_of(request))
        except RequestRefused as refusal:
            form.add_error("text", refusal.sentence)
        else:
            # family
            messages.success(request, _("Your question was sent. The answer will stand here."))
            return redirect("rights.question", number=asked.uuid)
    values = {"form": form, "lines": [found], "number": uuid4(), "due": questions.first_due()}
    return render(request, "rights/ask.html", values, status=400 if form.is_bound else 200)


@require_safe
@login_required
@declares(LOOKED)
def question(request: HttpRequest, number: UUID) -> HttpResponse:
    """One's own question with its answer, or until when it must be there."""
    found = questions.question_of(number)
    account = access.actor_of(request).account
    if found is None or account is None or found.question.asked_by != account:
        raise Http404
    return render(request, "rights/question.html", {"asked": found, "lines": [found.line]})


def _number(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
