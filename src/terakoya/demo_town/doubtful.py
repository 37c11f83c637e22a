"""What is in doubt in the register of the town: a pupil entered twice, and a name that not every device shows."""

from typing import Any
from uuid import UUID, uuid5

from terakoya.standards import jis_forms

from .town import Person, Pupil, Town

OTHER_SYSTEM = "e_portal"

Row = dict[str, Any]
Files = dict[str, list[Row]]


def in_doubt(town: Town, files: Files) -> None:
    """Add both to the files of a package; nobody of the cast is touched."""
    pupils = [one for one in town.pupils if one.home_class and one.uuid not in _cast(town)]
    _enter_twice(pupils[-1], files)
    others: list[Person] = [*pupils[:-1], *town.guardians, *town.teachers]
    _show_as_official([one for one in others if one.uuid not in _cast(town)], files)


def phone_to_propose(town: Town) -> tuple[str, str]:
    """Of whom another system says another telephone number: the sourcedId, and the number (of no network)."""
    guardians = [one for one in town.guardians if one.uuid not in _cast(town)]
    return guardians[-1].sourced_id, "050-0000-0123"


def _cast(town: Town) -> set[UUID | None]:
    return {login.person for login in town.cast.values()}


def _enter_twice(pupil: Pupil, files: Files) -> None:
    """The pupil stands in the register once more: by another clerk, with a role and without a class."""
    key = str(uuid5(UUID(str(pupil.uuid)), "again"))
    for file, header in (("users", "sourcedId"), ("roles", "userSourcedId"), ("demographics", "sourcedId")):
        for row in [row for row in files[file] if row[header] == pupil.sourced_id]:
            again = row | {header: key, "sourcedId": key if file != "roles" else f"role-{key}"}
            if file == "users":
                again |= {"username": f"{row['username']}-2", "userMasterIdentifier": "", "agentSourcedIds": ""}
                again |= {"metadata.jp.homeClass": ""}
            files[file].append(again)


def _show_as_official(people: list[Person], files: Files) -> None:
    """Of one person nobody has said how a name with a character outside of JIS X 0213 is displayed."""
    named = next((one for one in people if jis_forms.outside_jis(one.official_family)), None)
    for row in files["users"] if named else ():
        if named and row["sourcedId"] == named.sourced_id:
            row["preferredFamilyName"] = named.official_family
