"""The receipt of a consent, in the shape of ISO/IEC TS 27560:2023 with terms of the W3C Data Privacy Vocabulary.

After the guide of the W3C Data Privacy Vocabularies Community Group (final report of 1 August 2024).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from terakoya.identity.api import pairwise_id
from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES

from .models import Consent
from .queries import state_of
from .terms import Terms

PROFILE = "https://w3id.org/dpv/schema/iso-27560#receipt-full"
CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "dct": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "tk": "urn:terakoya:",
}
STATUS = {
    "given": "dpv:ConsentGiven",
    "assented": "dpv:ConsentGiven",
    "refused": "dpv:ConsentRefused",
    "declined": "dpv:ConsentRefused",
    "withdrawn": "dpv:ConsentWithdrawn",
    "superseded": "dpv:RenewedConsentGiven",
    "lapsed": "dpv:ConsentInvalidated",
    "disputed": "dpv:ConsentStatusInvalidForProcessing",
    "settled": "dpv:ConsentStatusValidForProcessing",
}
RIGHTS = {  # what the person may ask for, by the branch of the Act
    "public": ("APPI art. 76", "APPI art. 90", "APPI art. 98"),
    "private": ("APPI art. 33", "APPI art. 34", "APPI art. 35"),
}


@dataclass(frozen=True)
class Told:
    """A received receipt: its number, terms, the moments in it, the events that count here, and further columns."""

    uuid: UUID
    terms: Terms
    created: datetime
    moments: list[datetime]
    kinds: list[str]
    columns: dict[str, Any]


def receipt(consent: Consent, *, subject: UUID | str | None = None) -> dict[str, Any]:
    """The receipt as JSON-LD. The person stands in it by ``subject``, by default the pairwise id for the recipient.

    Of a copy it is the receipt as it came. It says what was agreed and what has happened since; never a name.
    """
    if consent.received is not None:
        return consent.received
    person = str(subject or pairwise_id(consent.subject, consent.recipient))
    return {
        "@context": CONTEXT,
        "@type": "dpv:ConsentReceipt",
        "dct:conformsTo": PROFILE,
        "dct:identifier": f"urn:uuid:{consent.uuid}",
        "dct:publisher": consent.holder,
        "dpv:hasRecordOfActivity": {
            "@type": "dpv:ConsentRecord",
            "dct:identifier": str(consent.uuid),
            "dct:created": consent.created_at.isoformat(),
            "dpv:hasDataSubject": person,
            "dpv:hasDataController": _party(consent.holder, consent.holder_name),
            "dpv:hasRecipient": _party(consent.recipient, consent.recipient_name),
            "dpv:hasJurisdiction": "JP",
            "dpv:hasApplicableLaw": "APPI art. 69(2)(i)" if settings.NODE_REGIME == "public" else "APPI art. 27(1)",
            "dpv:hasProcess": _process(consent),
            "dpv:hasNotice": {
                "@type": "dpv:ConsentNotice",
                "dct:hasVersion": consent.notice_version,
                "dct:language": consent.notice_language,
                "tk:sha256": consent.notice_digest,
            },
            "dpv:isIndicatedBy": "dpv:DataSubject" if consent.capacity == "self" else "dpv:ParentOfDataSubject",
            "tk:capacity": consent.capacity,
            "tk:band": consent.band,
            "tk:supersedes": str(consent.supersedes or ""),
            "dpv:hasRight": list(RIGHTS[settings.NODE_REGIME]),
            "tk:withdrawal": {
                "@type": "dpv:WithdrawConsent",
                "dct:source": f"{consent.holder}/consents/{consent.uuid}/withdraw/",
                "schema:price": 0,
            },
            "dpv:hasConsentStatus": [_event(event.kind, event.at.isoformat()) for event in _events(consent)],
            "tk:state": state_of(consent),
        },
    }


def told_in(received: dict[str, Any], subject: UUID) -> Told:
    """What a received receipt says, the person under the local key.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` on another shape.
    """
    if received["dct:conformsTo"] != PROFILE:
        raise ValueError("not a receipt of the expected profile")
    record = received["dpv:hasRecordOfActivity"]
    process, notice = record["dpv:hasProcess"], record["dpv:hasNotice"]
    purpose = process["dpv:hasPurpose"]["dct:identifier"]
    categories = tuple(item["dct:identifier"] for item in process["dpv:hasPersonalData"])
    if purpose not in PURPOSES or not categories or not set(categories) <= set(CATEGORIES):
        raise ValueError("a purpose or category that is not known here")
    terms = Terms(
        subject=subject,
        recipient=record["dpv:hasRecipient"]["dct:identifier"],
        recipient_name=record["dpv:hasRecipient"]["schema:name"],
        holder=record["dpv:hasDataController"]["dct:identifier"],
        holder_name=record["dpv:hasDataController"]["schema:name"],
        categories=categories,
        purpose=purpose,
        valid_until=date.fromisoformat(process["dpv:hasDuration"]["dct:valid"]),
        dataset=process["tk:dataset"],
        scope=dict(process["tk:scope"]),
    )
    further = {
        "giver_name": "",
        "capacity": str(record["tk:capacity"]),
        "band": str(record.get("tk:band") or "guardian"),
        "supersedes": UUID(record["tk:supersedes"]) if record.get("tk:supersedes") else None,
        "notice": "",
        "notice_version": str(notice["dct:hasVersion"]),
        "notice_language": str(notice["dct:language"]),
        "notice_digest": str(notice["tk:sha256"]),
    }
    events = record["dpv:hasConsentStatus"]
    moments = [_moment(event["dct:date"]) for event in events]
    kinds = ["given", *(event["tk:event"] for event in events if event.get("tk:event") == "assented")]
    return Told(UUID(record["dct:identifier"]), terms, _moment(record["dct:created"]), moments, kinds, further)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment


def _party(uri: str, name: str) -> dict[str, str]:
    return {"@type": "dpv:LegalEntity", "dct:identifier": uri, "schema:name": name}


def _process(consent: Consent) -> dict[str, Any]:
    purpose = PURPOSES[consent.purpose]
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": {
            "@type": purpose.dpv,
            "dct:identifier": purpose.id,
            "dct:title": {"ja": purpose.ja, "en": purpose.en},
        },
        "dpv:hasPersonalData": [
            {
                "@type": CATEGORIES[category].dpv,
                "dct:identifier": category,
                "dct:title": {"ja": CATEGORIES[category].ja, "en": CATEGORIES[category].en},
                "tk:sensitive": CATEGORIES[category].sensitive,  # special care-required, APPI art. 2(3)
            }
            for category in consent.categories
        ],
        "dpv:hasDuration": {"@type": "dpv:UntilTimeDuration", "dct:valid": consent.valid_until.isoformat()},
        "dpv:hasStorageCondition": f"tk:on-withdrawal-{purpose.on_withdrawal}",
        "tk:retention": [CATEGORIES[category].retention for category in consent.categories],
        "tk:validFrom": consent.valid_from.isoformat() if consent.valid_from else "",
        "tk:dataset": consent.dataset,
        "tk:scope": consent.scope,
    }


def _event(kind: str, at: str) -> dict[str, str]:
    return {"@type": STATUS.get(kind, "dpv:ConsentStatus"), "dct:date": at, "tk:event": kind}


def _events(consent: Consent) -> list[Any]:
    return sorted(consent.events.all(), key=lambda event: event.pk)
