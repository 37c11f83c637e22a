"""The pages of the store: ``routes`` and the home page of its kind of node."""

from django.urls import path

from . import accesses, child, connect, family, share, sharing
from . import home as front

home = front.home

routes = [
    path("sign-up/", family.sign_up, name="pds.sign_up"),
    path("children/new/", family.add_child, name="pds.add_child"),
    path("children/<uuid:person>/", child.child, name="pds.child"),
    path("children/<uuid:person>/newest/", child.newest, name="pds.newest"),
    path("children/<uuid:person>/sign-in/", family.child_account, name="pds.child_account"),
    path("children/<uuid:person>/connect/", connect.connect, name="pds.connect"),
    path("children/<uuid:person>/arriving/", connect.arriving, name="pds.arriving"),
    path("connect/return/", connect.come_back, name="pds.connect_return"),
    path("children/<uuid:person>/share/", share.invitation, name="pds.share"),
    path("children/<uuid:person>/share/review/", share.review, name="pds.review"),
    path("children/<uuid:person>/sharing/", sharing.sharing, name="pds.sharing"),
    path("children/<uuid:person>/sharing/<uuid:number>/", sharing.receipt, name="pds.receipt"),
    path("children/<uuid:person>/sharing/<uuid:number>/stop/", sharing.stop, name="pds.stop"),
    path("children/<uuid:person>/sharing/<uuid:number>/deletion/", sharing.deletion, name="pds.deletion"),
    path("children/<uuid:person>/sharing/<uuid:number>/state/", sharing.sharing_state, name="pds.sharing_state"),
    path("sharing/", sharing.all_sharing, name="pds.all_sharing"),
    path("accesses/", accesses.all_accesses, name="pds.all_accesses"),
    path("children/<uuid:person>/accesses/", accesses.accesses, name="pds.accesses"),
]
