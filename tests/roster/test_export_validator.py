"""An independent validator's word on what we write, where one is at hand."""

import os
import subprocess
from pathlib import Path

import pytest

from .exporting_tools import exported

# a program that is given the path of a package and ends with 0 when it accepts it
VALIDATOR = os.environ.get("TERAKOYA_ONEROSTER_VALIDATOR", "")

if VALIDATOR:

    @pytest.mark.usefixtures("imported")
    @pytest.mark.parametrize("parts", [(), ("demographics", "userProfiles")])
    def test_the_base_profile_is_accepted(tmp_path: Path, parts: tuple[str, ...]) -> None:
        path = tmp_path / "package.zip"
        path.write_bytes(exported("base-1.2.1", parts=parts))
        answer = subprocess.run([*VALIDATOR.split(), str(path)], capture_output=True, text=True)
        assert answer.returncode == 0, answer.stdout + answer.stderr
