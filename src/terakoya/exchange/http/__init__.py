"""The routes of the exchange: public statements, the Dataspace Protocol, and this federation's own messages."""

from django.urls import path

from . import consents, dsp, public, witness

routes = [
    path(".well-known/terakoya-node", public.statement, name="exchange.statement"),
    path(".well-known/dspace-version", public.dspace_version, name="exchange.dspace_version"),
    path("registry/nodes", public.nodes, name="exchange.nodes"),
    path("dsp/catalog/request", dsp.catalog_request, name="exchange.dsp.catalog"),
    path("dsp/catalog/datasets/<str:dataset_id>", dsp.catalog_dataset, name="exchange.dsp.dataset"),
    path("dsp/negotiations/request", dsp.negotiation_request, name="exchange.dsp.negotiation_request"),
    path("dsp/negotiations/<str:pid>", dsp.negotiation, name="exchange.dsp.negotiation"),
    path("dsp/negotiations/<str:pid>/request", dsp.counter_request, name="exchange.dsp.counter_request"),
    path("dsp/negotiations/<str:pid>/agreement", dsp.agreement, name="exchange.dsp.agreement"),
    path("dsp/negotiations/<str:pid>/agreement/verification", dsp.verification, name="exchange.dsp.verification"),
    path("dsp/negotiations/<str:pid>/events", dsp.event, name="exchange.dsp.event"),
    path("dsp/negotiations/<str:pid>/termination", dsp.negotiation_end, name="exchange.dsp.negotiation_end"),
    path("dsp/transfers/request", dsp.transfer_request, name="exchange.dsp.transfer_request"),
    path("dsp/transfers/<str:pid>", dsp.transfer, name="exchange.dsp.transfer"),
    path("dsp/transfers/<str:pid>/start", dsp.transfer_start, name="exchange.dsp.transfer_start"),
    path("dsp/transfers/<str:pid>/completion", dsp.transfer_completion, name="exchange.dsp.transfer_completion"),
    path("dsp/transfers/<str:pid>/termination", dsp.transfer_end, name="exchange.dsp.transfer_end"),
    path("dsp/transfers/<str:pid>/suspension", dsp.transfer_pause, name="exchange.dsp.transfer_pause"),
    path("exchange/transfers/<str:pid>/pages", consents.page, name="exchange.page"),
    path("exchange/par", consents.pushed_request, name="exchange.par"),
    path("exchange/token", consents.token, name="exchange.token"),
    path("exchange/invitations/<str:code>", consents.invitation, name="exchange.invitation"),
    path("exchange/grants", consents.grant_offer, name="exchange.grants"),
    path("exchange/consents/<uuid:consent>/withdrawal", consents.withdrawal, name="exchange.withdrawal"),
    path("exchange/consents/<uuid:consent>/deletion", consents.deletion, name="exchange.deletion"),
    path("exchange/subjects/<uuid:pairwise>/accesses", consents.accesses, name="exchange.accesses"),
    path("exchange/witness/add-checkpoint", witness.add_checkpoint, name="exchange.witness.add_checkpoint"),
    path("exchange/witness/checkpoint", witness.checkpoint, name="exchange.witness.checkpoint"),
    path("exchange/witness/consistency", witness.consistency, name="exchange.witness.consistency"),
    path("exchange/messages/<str:topic>", consents.message, name="exchange.message"),
]
