from terakoya.roster.findings import MOST_FINDINGS, Findings


def test_a_flood_of_causes_is_cut_off_and_says_so() -> None:
    findings = Findings()
    for number in range(MOST_FINDINGS + 7):
        findings.add("header.missing", file="users.csv", row=1, cause=str(number), name=f"column{number}")
    told = findings.list()
    assert len(told) == MOST_FINDINGS + 1
    assert told[-1].details["count"] == 7
    assert "7" in str(told[-1])


def test_what_is_whole_says_nothing_of_more() -> None:
    findings = Findings()
    findings.add("zip.unreadable")
    assert [finding.code for finding in findings.list()] == ["zip.unreadable"]
