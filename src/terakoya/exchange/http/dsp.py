"""The routes of the Dataspace Protocol 2025-1 below ``/dsp/``, for both roles: the id in the path says which."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from terakoya.exchange import catalogs, negotiations, releases, transfers, wire
from terakoya.exchange.guard import decoded, from_partner, partner_of, reply
from terakoya.kit.declaration import Use, declares, nothing

about_nodes = nothing("contracts between organisations, no people")
about_a_grant = declares(Use(("rights.consent",), "rights"))


@about_nodes
@from_partner("POST")
def catalog_request(request: HttpRequest) -> HttpResponse:
    decoded(request, wire.CatalogRequest)
    return reply(catalogs.catalog_message())


@about_nodes
@from_partner("GET")
def catalog_dataset(request: HttpRequest, dataset_id: str) -> HttpResponse:
    return reply(catalogs.dataset_message(dataset_id))


@about_nodes
@from_partner("POST")
def negotiation_request(request: HttpRequest) -> HttpResponse:
    found = negotiations.take_request(partner_of(request), decoded(request, wire.ContractRequest))
    return reply(negotiations.as_message(found, "REQUESTED"), 201)


@about_nodes
@from_partner("GET")
def negotiation(request: HttpRequest, pid: str) -> HttpResponse:
    return reply(negotiations.as_message(negotiations.find(partner_of(request), pid)))


@about_nodes
@from_partner("POST")
def counter_request(request: HttpRequest, pid: str) -> HttpResponse:
    message = decoded(request, wire.ContractRequest)
    return reply(negotiations.as_message(negotiations.take_counter_request(partner_of(request), pid, message)))


@about_nodes
@from_partner("POST")
def agreement(request: HttpRequest, pid: str) -> HttpResponse:
    negotiations.take_agreement(partner_of(request), pid, decoded(request, wire.ContractAgreement))
    return reply({})


@about_nodes
@from_partner("POST")
def verification(request: HttpRequest, pid: str) -> HttpResponse:
    negotiations.take_verification(partner_of(request), pid, decoded(request, wire.ContractVerification))
    return reply({})


@about_nodes
@from_partner("POST")
def event(request: HttpRequest, pid: str) -> HttpResponse:
    negotiations.take_event(partner_of(request), pid, decoded(request, wire.ContractEvent))
    return reply({})


@about_nodes
@from_partner("POST")
def negotiation_end(request: HttpRequest, pid: str) -> HttpResponse:
    negotiations.take_termination(partner_of(request), pid, decoded(request, wire.ContractTermination))
    return reply({})


@about_a_grant
@from_partner("POST")
def transfer_request(request: HttpRequest) -> HttpResponse:
    found = releases.take_request(partner_of(request), decoded(request, wire.TransferRequest))
    return reply(_transfer_message(found, "REQUESTED"), 201)


@about_a_grant
@from_partner("GET")
def transfer(request: HttpRequest, pid: str) -> HttpResponse:
    return reply(_transfer_message(transfers.find(partner_of(request), pid)))


@about_a_grant
@from_partner("POST")
def transfer_start(request: HttpRequest, pid: str) -> HttpResponse:
    transfers.take_start(partner_of(request), pid, decoded(request, wire.TransferStart))
    return reply({})


@about_a_grant
@from_partner("POST")
def transfer_completion(request: HttpRequest, pid: str) -> HttpResponse:
    releases.take_completion(partner_of(request), pid, decoded(request, wire.TransferCompletion))
    return reply({})


@about_a_grant
@from_partner("POST")
def transfer_end(request: HttpRequest, pid: str) -> HttpResponse:
    transfers.take_termination(partner_of(request), pid, decoded(request, wire.TransferTermination))
    return reply({})


@about_a_grant
@from_partner("POST")
def transfer_pause(request: HttpRequest, pid: str) -> HttpResponse:
    transfers.take_suspension(partner_of(request), pid, decoded(request, wire.TransferSuspension))
    return reply({})


def _transfer_message(found: Any, state: str = "") -> dict[str, Any]:
    return {
        "@context": wire.CONTEXT,
        "@type": "TransferProcess",
        **negotiations.pids(found),
        "state": state or found.state,
    }
