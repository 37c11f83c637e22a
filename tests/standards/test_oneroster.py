import pytest

from terakoya.standards import oneroster


def test_every_file_begins_with_the_three_common_columns() -> None:
    for columns in oneroster.COLUMNS.values():
        assert [column.name for column in columns[:3]] == ["sourcedId", "status", "dateLastModified"]


def test_references_point_to_files_and_enums_to_vocabularies() -> None:
    for columns in oneroster.COLUMNS.values():
        for column in columns:
            if column.type in ("reference", "references"):
                assert column.of in oneroster.COLUMNS
            if column.type == "enum":
                assert oneroster.vocabulary(column.of, japan=False).values


@pytest.mark.parametrize(
    ("file", "count"),
    [
        ("academicSessions", 9),
        ("orgs", 7),
        ("courses", 10),
        ("classes", 14),
        ("users", 22),
        ("roles", 10),
        ("enrollments", 10),
        ("demographics", 16),
        ("userProfiles", 11),
        ("categories", 5),
        ("lineItems", 13),
        ("results", 15),
        ("scoreScales", 9),
        ("lineItemLearningObjectiveIds", 6),
        ("lineItemScoreScales", 6),
        ("resultLearningObjectiveIds", 8),
        ("resultScoreScales", 6),
        ("resources", 9),
        ("classResources", 6),
        ("courseResources", 6),
        ("userResources", 7),
    ],
)
def test_base_columns_are_as_many_as_in_the_standard(file: str, count: int) -> None:
    assert sum(column.part == "base" for column in oneroster.COLUMNS[file]) == count


def test_extension_columns_stand_at_the_end_and_are_named_so() -> None:
    for columns in oneroster.COLUMNS.values():
        parts = [column.name.startswith("metadata.") for column in columns]
        assert parts == sorted(parts)
        assert all(
            (column.part in ("japan", "terakoya")) == is_one for column, is_one in zip(columns, parts, strict=True)
        )


def test_all_twenty_one_files_of_the_manifest_are_known() -> None:
    known = {*oneroster.ROSTERING, *oneroster.OPTIONAL, *oneroster.OTHER}
    assert len(known) == 21
    assert set(oneroster.MANIFEST_ORDER) == known == set(oneroster.COLUMNS)


def test_japan_narrows_the_vocabularies() -> None:
    assert oneroster.vocabulary("role", japan=False).has("parent")
    assert not oneroster.vocabulary("role", japan=True).has("parent")
    assert oneroster.vocabulary("enrolmentRole", japan=True).has("guardian")
    assert not oneroster.vocabulary("enrolmentRole", japan=False).has("guardian")
    assert oneroster.vocabulary("grade", japan=False).has("09")
    assert not oneroster.vocabulary("grade", japan=True).has("09")


def test_open_vocabularies_take_vendor_values() -> None:
    assert oneroster.vocabulary("classType", japan=False).has("ext:club")
    assert not oneroster.vocabulary("classType", japan=False).has("ext:")
    assert not oneroster.vocabulary("roleType", japan=False).has("ext:other")


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("users.csv", ("users", True)),
        ("Users.CSV", ("users", False)),
        ("userprofiles.csv", ("userProfiles", False)),
        ("manifest.csv", ("manifest", True)),
        ("users", None),
        (".csv", None),
        ("users.csv.bak", None),
    ],
)
def test_file_names_are_recognised(name: str, answer: tuple[str, bool] | None) -> None:
    assert oneroster.file_name(name) == answer


@pytest.mark.parametrize(
    ("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
)
def test_column_letters(index: int, letter: str) -> None:
    assert oneroster.column_letter(index) == letter
