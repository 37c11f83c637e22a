"""Asking for something: one decision a page, then everything once more before it is sent."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.access import api as access
from terakoya.access.api import declares
from terakoya.rights import family, forms, holdings, requests, words
from terakoya.rights.errors import RequestRefused
from terakoya.rights.policy import OWN
from terakoya.ui.api import with_reading

STEPS = {
    "disclosure": ("who", "what", "check"),
    "correction": ("who", "what", "words", "check"),
    "stop": ("who", "what", "words", "check"),
}
DRAFTS = "rights.drafts"
Draft = dict[str, Any]


@require_safe
@login_required
@declares(OWN)
def begin(request: HttpRequest, kind: str) -> HttpResponse:
    """Begin a request of a kind anew; who speaks for one person only is not asked for whom."""
    people = family.spoken_for(access.actor_of(request))
    if kind not in STEPS or not people:
        raise Http404
    draft: Draft = {"number": str(uuid4())}
    if len(people) == 1:
        draft["person"] = str(people[0].person)
    _keep(request, kind, draft)
    return redirect("rights.new_step", kind, _steps(kind, people)[0])


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@declares(OWN)
def step(request: HttpRequest, kind: str, step: str) -> HttpResponse:
    """One step. What was said in the others is kept in the session until the request is sent."""
    people = family.spoken_for(access.actor_of(request))
    if kind not in STEPS or step not in STEPS[kind]:
        raise Http404
    draft = request.session.get(DRAFTS, {}).get(kind)
    if step == "check" and request.method == "POST":
        return _send(request, kind, draft)
    if draft is None or not people:
        return redirect("rights.new", kind) if people else redirect("rights.home")
    steps = _steps(kind, people)
    if step == "check":
        return _check_page(request, kind, draft, people, steps)
    form = _form(kind, step, people, request.POST if request.method == "POST" else None, draft)
    if form.is_valid():
        _keep(request, kind, draft | _said(kind, form))
        return redirect("rights.new_step", kind, steps[steps.index(step) + 1] if step in steps else steps[0])
    status = 400 if form.is_bound else 200
    values = {**_frame(kind, step, steps), "form": form, "step": step}
    return render(request, "rights/step.html", values, status=status)


def _check_page(
    request: HttpRequest, kind: str, draft: Draft, people: list[family.Someone], steps: list[str]
) -> HttpResponse:
    missing = next((one for one in steps if one != "check" and not _has(draft, kind, one)), None)
    if missing is not None:
        return redirect("rights.new_step", kind, missing)
    values = {
        **_frame(kind, "check", steps),
        "draft": draft,
        "someone": next((one for one in people if str(one.person) == draft["person"]), None),
        "categories": [access.category_name(one) for one in draft["categories"]],
        "owners": list(dict.fromkeys(str(one.owner) for one in holdings.holdings(draft["categories"]))),
        "days": requests.days_to_decide(),
    }
    return render(request, "rights/check.html", values)


def _send(request: HttpRequest, kind: str, draft: Draft | None) -> HttpResponse:
    """Send what was checked. The same page sent twice leads to the same request."""
    number = _number(request.POST.get("number", ""))
    sent = requests.request_of(number) if number else None
    if sent is not None and sent.request.asked_by == access.actor_of(request).account:
        return redirect("rights.request", number=sent.request.uuid)
    if draft is None or str(number) != draft["number"] or "person" not in draft:
        return redirect("rights.new", kind)
    wish = requests.Wish(
        kind,
        UUID(draft["person"]),
        tuple(draft.get("categories", ())),
        *(draft.get(name, "") for name in ("wrong", "right", "reason")),
    )
    try:
        asked = requests.ask(UUID(draft["number"]), wish, by=access.actor_of(request))
    except RequestRefused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("rights.home")
    _keep(request, kind, None)
    # family
    messages.success(request, _("Your request has arrived. You need do nothing more now."))
    return redirect("rights.request", number=asked.uuid)


def _form(kind: str, step: str, people: list[family.Someone], data: Any, draft: Draft) -> Form:
    if step == "who":
        choices = [(str(one.person), with_reading(one.name, one.kana)) for one in people]
        return forms.WhoForm(data, people=choices, initial={"person": draft.get("person")})
    if step == "what":
        held = [(one, access.category_name(one)) for one in holdings.categories_for(kind)]
        return forms.WhatForm(data, held=held, one=kind == "correction", initial=_chosen(kind, draft))
    return {"correction": forms.CorrectionForm, "stop": forms.WhyForm}[kind](data, initial=draft)


def _chosen(kind: str, draft: Draft) -> Draft:
    chosen = draft.get("categories", [])
    return {"categories": chosen[0] if chosen and kind == "correction" else chosen}


def _said(kind: str, form: Form) -> Draft:
    said = dict(form.cleaned_data)
    if "categories" in said:
        chosen = [said["categories"]] if isinstance(said["categories"], str) else said["categories"]
        said["categories"] = holdings.categories_for(kind) if forms.ALL in chosen else chosen
    return said


def _has(draft: Draft, kind: str, step: str) -> bool:
    needed = {"who": "person", "what": "categories", "words": {"correction": "wrong", "stop": "reason"}.get(kind, "")}
    return needed[step] in draft


def _steps(kind: str, people: list[family.Someone]) -> list[str]:
    return [one for one in STEPS[kind] if one != "who" or len(people) > 1]


def _frame(kind: str, step: str, steps: list[str]) -> dict[str, Any]:
    # family
    whom = _("For whom")
    # family
    what = _("Which data")
    # family
    own = _("In your words")
    # family
    last = _("Check and send")
    names = {"who": whom, "what": what, "words": own, "check": last}
    return {
        "kind": kind,
        "kind_name": words.kind_name(kind),
        "steps": [names[one] for one in steps],
        "current": steps.index(step) + 1 if step in steps else 1,
    }


def _keep(request: HttpRequest, kind: str, draft: Draft | None) -> None:
    drafts = {**request.session.get(DRAFTS, {}), kind: draft}
    request.session[DRAFTS] = {name: one for name, one in drafts.items() if one}


def _number(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
