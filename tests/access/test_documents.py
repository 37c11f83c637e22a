"""The receipt as a PDF, in each language of the families."""

import json
import re
import zlib
from uuid import UUID

import pytest
import typst
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from terakoya.access import api, documents
from terakoya.ui import documents as house

from .conftest import Family, terms_for
from .school import School, make_school

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def consent(family: Family) -> api.Consent:
    return api.give_consent(terms_for(family.child), by=family.guardian, capacity="guardian")


@pytest.fixture
def typeset(monkeypatch: pytest.MonkeyPatch) -> dict:
    """What the template was given last."""
    seen: dict = {}

    def pdf(template, data, made):
        seen.update(data)
        return house.pdf(template, data, made)

    monkeypatch.setattr(documents, "pdf", pdf)
    return seen


def warnings_of(data: dict) -> list[str]:
    compiler = typst.Compiler(str(documents.TEMPLATE), font_paths=[str(house.FONTS)], ignore_system_fonts=True)
    values = {"sys_inputs": {"data": json.dumps(data)}, "pdf_standards": ["a-2a", "ua-1"]}
    return [str(warning) for warning in compiler.compile_with_warnings(format="pdf", **values)[1]]


def pages_in(data: dict) -> int:
    compiler = typst.Compiler(str(documents.TEMPLATE), font_paths=[str(house.FONTS)], ignore_system_fonts=True)
    made = compiler.compile(format="svg", sys_inputs={"data": json.dumps(data)})
    return len(made) if isinstance(made, list) else 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_sheet_without_a_missing_character(
    consent: api.Consent, typeset: dict, language: str
) -> None:
    """PDF/A and PDF/UA refuse a character that no font has, so a document of these standards holds none."""
    with override(language):
        sheet = documents.receipt_document(consent, name="髙橋 美月")
    assert b"pdfaid:part" in sheet and b"pdfuaid:part" in sheet
    assert warnings_of(typeset) == [] and pages_in(typeset) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheet_speaks_the_readers_language_and_japanese(consent: api.Consent, typeset: dict, language: str) -> None:
    with override(language):
        documents.receipt_document(consent)
        title = gettext("Receipt of a consent")
    assert typeset["columns"][0]["title"] == [title if language == "ja-easy" else documents._bare(title)]
    assert [column["lang"] for column in typeset["columns"]][-1] == "ja"
    assert len(typeset["columns"]) == (1 if language.startswith("ja") else 2)


def test_sheet_tells_the_terms_what_happened_and_how_to_stop(consent: api.Consent, family: Family, typeset) -> None:
    api.withdraw(consent.uuid, by=family.guardian)
    with override("en"):
        documents.receipt_document(api.consent(consent.uuid), name="Mizuki")
    text = json.dumps(typeset, ensure_ascii=False)
    for words in (
        "Mizuki",
        "さくら塾",
        "The family agreed.",
        "Stopped: from here",
        "You can stop at any time",
    ):
        assert words in text, words
    assert str(consent.uuid) in text and consent.notice_digest in text


def test_the_same_consent_makes_the_same_bytes(consent: api.Consent) -> None:
    with override("vi"):
        assert documents.receipt_document(consent) == documents.receipt_document(consent)


def test_markup_in_a_name_is_text(consent: api.Consent, typeset: dict) -> None:
    with override("en"):
        sheet = documents.receipt_document(consent, name='#panic("x") *bold* $y$')
    assert b"pdfaid:part" in sheet


def test_name_with_a_character_that_the_font_lacks_still_makes_a_sheet(consent: api.Consent) -> None:
    with override("ja"):
        sheet = documents.receipt_document(consent, name="\U000323af")
    assert sheet.startswith(b"%PDF") and b"pdfaid:part" not in sheet


def test_sheet_can_be_read_aloud(consent: api.Consent) -> None:
    """Title, language and tags stand in the document (ISO 14289-1)."""
    with override("es"):
        sheet = documents.receipt_document(consent)
    plain = sheet + b"".join(_inflated(sheet))
    assert b"/Lang" in plain and b"/MarkInfo" in plain and b"/StructTreeRoot" in plain
    assert b"Comprobante de consentimiento" in sheet


def _inflated(sheet: bytes) -> list[bytes]:
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", sheet, re.DOTALL)
    found = []
    for stream in streams:
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return found


def test_only_who_sees_the_consent_gets_the_sheet(client: Client) -> None:
    school: School = make_school()
    consent = api.give_consent(
        terms_for(school.pupils[0]), by=api.actor_of_account(school.guardian), capacity="guardian"
    )
    address = reverse("access.receipt_sheet", args=[consent.uuid])
    assert client.get(address).status_code == 302
    client.force_login(school.guardian)
    answer = client.get(address)
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    client.force_login(school.teacher)
    assert client.get(address).status_code == 404
    client.force_login(school.guardian)
    assert client.get(reverse("access.receipt_sheet", args=[UUID(int=7)])).status_code == 404
