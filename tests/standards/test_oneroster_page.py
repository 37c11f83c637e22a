"""docs/standards/oneroster.md says what the profiles say."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_tables_of_the_page_are_those_of_the_profiles() -> None:
    command = [sys.executable, str(ROOT / "tools" / "profiles.py"), "check"]
    answer = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr
