"""Accounts in applications, as userProfiles.csv tells of them."""

import pytest

from terakoya.roster import api
from terakoya.roster.models import Role, UserProfile

from .packages import Package

pytestmark = pytest.mark.django_db
HEADER = [
    *("sourcedId", "status", "dateLastModified", "userSourcedId", "profileType", "vendorId", "applicationId"),
    *("description", "credentialType", "username", "password"),
]


@pytest.fixture
def with_profiles(package: Package) -> Package:
    """A package in which two people have an account, one of them for their role."""
    people = [package.value("users", row, "sourcedId") for row in (2, 3)]
    rows = [[f"p{n}", "", "", one, "app", "v", "a", "", "password", f"u{n}", "secret"] for n, one in enumerate(people)]
    package.files["userProfiles"] = [list(HEADER), *rows]
    package.set_manifest("file.userProfiles", "bulk")
    role = package.rows_with("roles", "userSourcedId", people[0])[0]
    package.set("roles", role, "userProfileSourcedId", "p0")
    return package


def test_accounts_come_in_without_their_passwords(with_profiles: Package) -> None:
    report = api.import_package(with_profiles.file(), by="clerk")
    assert report.counts["profiles"]["new"] == 2
    assert set(UserProfile.objects.values_list("sourced_id", "username")) == {("p0", "u0"), ("p1", "u1")}
    assert "secret" not in str(list(UserProfile.objects.values()))


def test_a_role_names_its_account(with_profiles: Package) -> None:
    api.import_package(with_profiles.file(), by="clerk")
    assert [role.profile.sourced_id for role in Role.objects.exclude(profile=None)] == ["p0"]


def test_the_same_accounts_again_change_nothing(with_profiles: Package) -> None:
    api.import_package(with_profiles.file(), by="clerk")
    before = api.state()
    again = api.import_package(with_profiles.file(), by="clerk")
    assert again.counts["profiles"]["unchanged"] == 2
    assert again.counts["roles"]["changed"] == 0
    assert api.state() == before


def test_an_account_that_is_gone_ends(with_profiles: Package) -> None:
    api.import_package(with_profiles.file(), by="clerk")
    with_profiles.files["userProfiles"].pop()
    assert api.import_package(with_profiles.file(), by="clerk").counts["profiles"]["ended"] == 1
    assert UserProfile.objects.get(sourced_id="p1").ended is not None


def test_a_package_without_the_file_leaves_accounts_as_they_were(with_profiles: Package) -> None:
    api.import_package(with_profiles.file(), by="clerk")
    before = api.state()
    del with_profiles.files["userProfiles"]
    with_profiles.set_manifest("file.userProfiles", "absent")
    api.import_package(with_profiles.file(), by="clerk")
    assert api.state() == before
