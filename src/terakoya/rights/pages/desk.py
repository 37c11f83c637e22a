"""The desk: what families asked of this organisation, the most urgent first, and answering it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.access import api as access
from terakoya.access.api import declares
from terakoya.identity.api import for_administrators
from terakoya.rights import answering, family, forms, holdings, questions, requests, words
from terakoya.rights.errors import RightsError
from terakoya.rights.policy import CATEGORY, OWN, PURPOSE


@require_safe
@declares(OWN)
@for_administrators
def desk(request: HttpRequest) -> HttpResponse:
    """All that waits, and what was settled lately."""
    waiting, asked, settled = requests.queue(), questions.queue(), requests.settled(20)
    subjects = {one.request.subject for one in (*waiting, *settled)} | {one.question.subject for one in asked}
    shown = access.open_record(request, CATEGORY, PURPOSE, subjects, "request_queue") if subjects else {}
    values = {
        "waiting": [one for one in waiting if one.request.subject in shown],
        "asked": [one for one in asked if one.question.subject in shown],
        "settled": [one for one in settled if one.request.subject in shown],
        "people": family.named(shown),
        "decision": next(iter(shown.values()), None),
    }
    return render(request, "rights/desk.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@declares(OWN)
@for_administrators
def request_page(request: HttpRequest, number: UUID) -> HttpResponse:
    """One request: who asks and as what, what is held, and the steps that may come next."""
    standing = requests.request_of(number)
    if standing is None:
        raise Http404
    decision = _opened(request, standing.request.subject, "request")
    form = forms.DecisionForm(_posted(request, "decide"), kind=standing.request.kind)
    extension = forms.ExtensionForm(_posted(request, "extended"), prefix="more")
    if request.method == "POST" and _stepped(request, standing, form, extension):
        return redirect("rights.desk_request", number=number)
    values = {
        **_about(standing),
        "decision": decision,
        "form": form,
        "extension": extension,
        "wrong_form": next((one for one in (form, extension) if one.is_bound and one.errors), None),
    }
    return render(request, "rights/desk_request.html", values, status=400 if values["wrong_form"] else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@declares(OWN)
@for_administrators
def question_page(request: HttpRequest, number: UUID) -> HttpResponse:
    """One question about an access, and the form for its answer."""
    asked = questions.question_of(number)
    if asked is None or not asked.question.answers_here:
        raise Http404
    decision = _opened(request, asked.question.subject, "question")
    form = forms.AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            questions.answer(asked.question, form.cleaned_data["text"], by=access.actor_of(request))
        except RightsError as refusal:
            form.add_error("text", refusal.sentence)
        else:
            messages.success(request, _("The answer was sent."))
            return redirect("rights.desk")
    values = {
        "asked": asked,
        "lines": [asked.line],
        "form": form,
        "decision": decision,
        "subject": family.named([asked.question.subject]).get(asked.question.subject),
    }
    return render(request, "rights/desk_question.html", values, status=400 if form.is_bound else 200)


def _stepped(request: HttpRequest, standing: requests.Standing, form: Form, extension: Form) -> bool:
    """Do the step that was pressed; False when a form says what is missing."""
    pressed = request.POST.get("step", "")
    if pressed in ("checking", "done"):
        return _do(request, standing, None, pressed)
    if pressed == "extended" and extension.is_valid():
        return _do(request, standing, extension, pressed, reason=extension.cleaned_data["reason"])
    if pressed == "decide" and form.is_valid():
        said = form.cleaned_data
        return _do(request, standing, form, said["decision"], reason=said["reason"], clause=said["clause"])
    return pressed not in ("extended", "decide")


def _do(request: HttpRequest, standing: requests.Standing, form: Form | None, kind: str, **grounds: str) -> bool:
    try:
        answering.answer(standing.request, kind, by=access.actor_of(request), **grounds)
    except RightsError as refusal:
        field = getattr(refusal, "field", "")
        if form is None:
            messages.error(request, refusal.sentence)
            return True
        form.add_error(field if field in form.fields else None, refusal.sentence)
        return False
    messages.success(request, str(words.DONE[kind]))
    return True


def _about(standing: requests.Standing) -> dict[str, Any]:
    asked = standing.request
    return {
        "standing": standing,
        "asked": asked,
        "subject": family.named([asked.subject]).get(asked.subject),
        "kind_name": words.kind_name(asked.kind),
        "article": words.article_words(asked.kind),
        "held": answering.held_for(asked),
        "speaks": answering.still_speaks(asked),
        "concerned": answering.concerned(asked) if asked.kind == "stop" else [],
        "ended": answering.ended_by(asked) if asked.kind == "stop" else [],
        "noted": any(one.noted for one in holdings.holdings(asked.categories)),
        "days": requests.days_to_decide(),
        "clause": _clause(standing),
    }


def _clause(standing: requests.Standing) -> str:
    decision = standing.decision
    return words.clause_words(standing.request.kind, decision.clause) if decision and decision.clause else ""


def _opened(request: HttpRequest, subject: UUID, what: str) -> access.Decision:
    return access.open_record(request, CATEGORY, PURPOSE, [subject], what)[subject]


def _posted(request: HttpRequest, step: str) -> Any:
    return request.POST if request.method == "POST" and request.POST.get("step") == step else None
