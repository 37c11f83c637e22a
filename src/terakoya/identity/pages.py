from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path
from django.views.decorators.cache import never_cache

from terakoya.kit.declaration import nothing

from .forms import SignInForm

sign_in = nothing("signing in shows nothing but the form")(
    never_cache(
        LoginView.as_view(
            template_name="identity/sign_in.html",
            authentication_form=SignInForm,
            redirect_authenticated_user=True,
        )
    )
)
sign_out = nothing("signing out shows nothing")(LogoutView.as_view())

routes = [
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-out/", sign_out, name="sign-out"),
]
