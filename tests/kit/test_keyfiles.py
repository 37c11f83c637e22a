import stat
from pathlib import Path

from terakoya.kit.keyfiles import load_or_make_secret, load_or_make_signing_key, thumbprint_of


def test_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    first = load_or_make_signing_key(tmp_path)
    assert thumbprint_of(first.public_key()) == thumbprint_of(load_or_make_signing_key(tmp_path).public_key())


def test_only_the_node_may_read_its_keys(tmp_path: Path) -> None:
    load_or_make_signing_key(tmp_path)
    load_or_make_secret(tmp_path, "some.secret")
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()} == {0o600}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_two_nodes_have_different_secrets(tmp_path: Path) -> None:
    assert load_or_make_secret(tmp_path / "a", "x") != load_or_make_secret(tmp_path / "b", "x")
