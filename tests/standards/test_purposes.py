from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES


def test_what_the_roadmap_forbids_is_banned() -> None:
    banned = {purpose.id for purpose in PURPOSES.values() if purpose.banned}
    assert banned == {"selective_screening", "inner_life"}


def test_nobody_can_consent_to_what_is_banned() -> None:
    assert not [purpose.id for purpose in PURPOSES.values() if purpose.banned and purpose.by_consent]


def test_a_purpose_by_consent_has_ceilings_of_known_categories() -> None:
    for purpose in PURPOSES.values():
        assert bool(purpose.categories) == bool(purpose.months) == purpose.by_consent
        assert set(purpose.categories) <= set(CATEGORIES)


def test_a_cram_school_deletes_and_the_learner_keeps_when_consent_ends() -> None:
    assert PURPOSES["tutoring"].on_withdrawal == "delete"
    assert PURPOSES["own_use"].on_withdrawal == "keep"
