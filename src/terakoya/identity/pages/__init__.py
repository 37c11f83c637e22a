"""Pages of identity: signing in with a password or a card, the second factor, and one's own means of signing in."""

from django.urls import URLPattern, path

from . import card, own, reset, second_factor, set_up, sign_in

routes: list[URLPattern] = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("card/", card.door, name="identity.card_door"),
    path("card/<str:token>/", card.card, name="identity.card"),
    path("second-factor/", second_factor.second_factor, name="identity.second_factor"),
    path("second-factor/set-up/", set_up.set_up, name="identity.set_up"),
    path("second-factor/codes/", set_up.recovery_codes, name="identity.recovery_codes"),
    path("second-factor/<int:number>/remove/", set_up.remove, name="identity.remove_factor"),
    path("second-factor/reset/", reset.reset, name="identity.reset"),
    path("my-sign-in/", own.own, name="identity.own"),
    path("my-sign-in/password/", own.password, name="identity.password"),
    path("my-sign-in/sessions/end/", own.end_sessions, name="identity.end_sessions"),
]
