import uuid
from pathlib import Path

import pytest
from pytest_django import Settings

from terakoya.identity import api


def test_key_is_the_same_after_a_restart_and_unreadable_to_others(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    first = api.public_jwk()
    from terakoya.identity import keys

    keys._public_jwk.cache_clear()
    keys._signing_key.cache_clear()
    assert api.public_jwk() == first
    assert (tmp_path / "keys" / "node.pem").stat().st_mode & 0o777 == 0o600


def test_thumbprint_of_the_standard_s_example_key() -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert api.thumbprint(jwk) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"  # RFC 8037, appendix A.3


@pytest.mark.parametrize("jwk", [{}, {"kty": "RSA", "n": "x", "e": "AQAB"}, {"kty": "OKP", "crv": "Ed448", "x": "y"}])
def test_other_kinds_of_key_have_no_name_here(jwk: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="Ed25519"):
        api.thumbprint(jwk)


@pytest.mark.django_db
def test_pairwise_ids_differ_by_partner_and_lead_back_only_by_the_right_one() -> None:
    person = uuid.uuid4()
    pds, juku = (api.pairwise_id(person, f"http://{name}.example") for name in ("pds", "juku"))
    assert len({person, pds, juku}) == 3
    assert pds == api.pairwise_id(person, "http://pds.example")
    assert api.person_behind(pds, "http://pds.example") == person
    assert api.person_behind(pds, "http://juku.example") is None


def test_record_ids_cannot_be_joined_across_partners() -> None:
    record = uuid.uuid4()
    ids = {api.pairwise_statement_id(record, f"http://{name}.example") for name in ("pds", "juku")}
    assert len(ids) == 2 and record not in ids
