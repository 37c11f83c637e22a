"""Signing up, and the members of the family."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from terakoya.access.api import Use, declares, declares_nothing
from terakoya.identity.api import begin_session
from terakoya.identity.errors import UsernameTaken
from terakoya.pds import actions, queries
from terakoya.pds.errors import HasSignIn
from terakoya.pds.forms import ChildForm, SignInFields, SignUpForm
from terakoya.pds.pages.doors import grown_up, guardian_of

FAMILY = Use(("subject.identity", "subject.guardianship"), "own_use")


@require_http_methods(["GET", "HEAD", "POST"])
@declares_nothing("an account is opened; nobody's data is read")
@sensitive_post_parameters("password")
def sign_up(request: HttpRequest) -> HttpResponse:
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            account = actions.sign_up(fields["username"], name=fields["name"], password=fields["password"])
        except UsernameTaken:
            form.add_error("username", _("This login name is taken. Choose another one."))
        else:
            begin_session(request, account, "sign_up")
            return redirect("home")
    return render(request, "pds/sign_up.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@declares(FAMILY)
@login_required
def add_child(request: HttpRequest) -> HttpResponse:
    account = grown_up(request)
    form = ChildForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        child = actions.add_child(account, **form.cleaned_data)
        messages.success(request, _("The store of %(name)s is open.") % {"name": child.name})
        return redirect("home")
    return render(request, "pds/add_child.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@declares(FAMILY)
@login_required
@sensitive_post_parameters("password")
def child_account(request: HttpRequest, person: UUID) -> HttpResponse:
    child = guardian_of(request, person)
    form = SignInFields(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.make_child_account(child, **form.cleaned_data)
        except UsernameTaken:
            form.add_error("username", _("This login name is taken. Choose another one."))
        except HasSignIn:
            return redirect("pds.child_account", person=person)
        else:
            messages.success(request, _("%(name)s can sign in now.") % {"name": child.name})
            return redirect("home")
    context = {"form": form, "child": child, "made": queries.has_sign_in(child)}
    return render(request, "pds/child_account.html", context)
