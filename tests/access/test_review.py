"""A review says what a change of the rules opens and closes, in sentences."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from terakoya.access.proving import versions
from terakoya.access.proving.__main__ import main
from terakoya.access.proving.review import changes
from terakoya.access.proving.versions import NoSuchVersion, version

from .test_proofs import rules, with_policies


def changed_cells(folder: Path, old: str, new: str) -> Path:
    """A copy of the cells with one change, in a file of the same name."""
    text = (versions.PACKAGE / "access" / "cells.toml").read_text("utf-8")
    assert text.count(old) == 1, old
    path = folder / "cells.toml"
    path.write_text(text.replace(old, new), "utf-8")
    return path


# what a subject teacher sees for teaching: fitness tests in the place of works
FITNESS = ('"activity.cbt", "activity.portfolio",\n]\n', '"activity.cbt", "activity.fitness",\n]\n')
BOTH = {"ja": "同意なし；公的機関・民間", "en": "without consent; public bodies, private operators"}


def test_a_review_says_who_sees_what_more_and_what_less(tmp_path: Path) -> None:
    after = version(str(changed_cells(tmp_path, *FITNESS)))
    said = {change.kind: (change.say(after, "ja"), change.say(after, "en")) for change in changes(rules(), after)}
    assert said == {
        "wider": (
            f"教科担任が、「体力テストの記録」を、授業と指導のために見られるようになります（{BOTH['ja']}）。",
            f"Subject teacher may now see “fitness tests” for: teaching ({BOTH['en']}).",
        ),
        "narrower": (
            f"教科担任が、「作品と振り返り（ポートフォリオ）」を、授業と指導のために見られなくなります（{BOTH['ja']}）。",
            f"Subject teacher may no longer see “works and reflections (portfolio)” for: teaching ({BOTH['en']}).",
        ),
    }


def test_no_change_is_said_to_be_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--against", str(versions.PACKAGE / "access" / "cells.toml")]) == 0
    assert "Nothing is wider, nothing is narrower." in capsys.readouterr().out


def test_a_weaker_policy_is_wider_in_the_circumstances_that_it_forgot() -> None:
    after = with_policies(
        (
            "when { context.outside }",
            'when { context.outside && !(context.protected && ["activity.fitness"].contains(resource.category)) }',
        )
    )
    found = changes(rules(), after)
    assert {(change.kind, change.example.circumstances) for change in found} == {
        ("wider", ("protected", "outside")),
        ("wider", ("consented", "protected", "outside")),
    }


def test_what_is_true_of_several_is_said_in_one_sentence() -> None:
    use = 'resource.category == "activity.fitness" && resource.purpose == "statistics"'
    text = f"permit (principal, action, resource) when {{ {use} && principal.confidential && !context.node }};"
    [change] = changes(rules(), with_policies(more=text))
    confidential = set(rules()["confidential"]) - {"operator.own_node"}
    assert set(change.parts) == confidential
    assert "; Homeroom teacher; " in change.say(rules(), "en")


def test_a_field_no_longer_left_out_is_wider(tmp_path: Path) -> None:
    drop = 'drop = ["reason", "remarks", "report_card", "comments"]'
    before = version(str(changed_cells(tmp_path, drop, drop.replace('"reason", ', ""))))
    found = changes(before, rules())
    assert {(change.kind, change.fields, change.categories) for change in found} == {
        ("hidden", ("reason",), ("activity.attendance",))
    }
    assert {change.kind for change in changes(rules(), before)} == {"shown"}


def test_a_revision_of_the_repository_is_read_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(versions.PACKAGE, tmp_path / "src" / "terakoya", ignore=versions._unread)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=test", "-c", "user.email=test@example.jp"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "rules"], ["tag", "before"]):
        subprocess.run([*git, *command], check=True)
    monkeypatch.setattr(versions, "SOURCE", tmp_path / "src")
    assert version("before") == json.loads(json.dumps(rules()))


def test_what_is_neither_a_revision_nor_a_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NoSuchVersion, match="neither a file nor a revision"):
        version("no-such-thing")
    (tmp_path / "other.toml").write_text("")
    with pytest.raises(NoSuchVersion, match="none of that name is in use"):
        version(str(tmp_path / "other.toml"))
    (tmp_path / "cells.toml").write_text("[[cell]]\n")
    with pytest.raises(NoSuchVersion, match="cannot be read"):
        version(str(tmp_path / "cells.toml"))
