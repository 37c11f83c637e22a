"""The receipt of a consent, in the shape of ISO/IEC TS 27560:2023 with terms of the W3C Data Privacy Vocabulary.

After the guide of the W3C Data Privacy Vocabularies Community Group (final report of 1 August 2024).
"""

from datetime import date
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
    "requested": "dpv:ConsentRequested",
    "given": "dpv:ConsentGiven",
    "refused": "dpv:ConsentRefused",
    "withdrawn": "dpv:ConsentWithdrawn",
    "expired": "dpv:ConsentExpired",
}


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
            "dpv:hasConsentStatus": [_event(event.kind, event.at.isoformat()) for event in _events(consent)],
            "tk:state": state_of(consent),
        },
    }


def terms_of(received: dict[str, Any], subject: UUID) -> tuple[UUID, Terms, dict[str, Any]]:
    """The number, the terms and the further columns of a received receipt, the person under the local key.

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
        "notice": "",
        "notice_version": str(notice["dct:hasVersion"]),
        "notice_language": str(notice["dct:language"]),
        "notice_digest": str(notice["tk:sha256"]),
    }
    return UUID(record["dct:identifier"]), terms, further


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
            }
            for category in consent.categories
        ],
        "dpv:hasDuration": {"@type": "dpv:UntilTimeDuration", "dct:valid": consent.valid_until.isoformat()},
        "dpv:hasStorageCondition": f"tk:on-withdrawal-{purpose.on_withdrawal}",
        "tk:dataset": consent.dataset,
        "tk:scope": consent.scope,
    }


def _event(kind: str, at: str) -> dict[str, str]:
    return {"@type": STATUS[kind], "dct:date": at}


def _events(consent: Consent) -> list[Any]:
    return sorted(consent.events.all(), key=lambda event: event.pk)
