"""What the proofs and the review of changes say, in Japanese and English: ``words.toml``."""

import tomllib
from pathlib import Path

WORDS: dict[str, dict[str, dict[str, str]]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
