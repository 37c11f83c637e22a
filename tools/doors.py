"""Rooms are entered by their doors: from another room only ``api`` and ``errors`` may be imported.

Open to all are ``kit`` and ``standards``, which have no door because they hold nothing. ``node`` puts rooms together,
so it may also name their ``pages`` and ``http``.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src"
DOORS = {"api", "errors"}
OPEN = {"kit", "standards"}


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)


def faults() -> Iterator[str]:
    for path in sorted(SOURCE.glob("terakoya/*/**/*.py")):
        room = path.relative_to(SOURCE / "terakoya").parts[0]
        if "migrations" in path.parts:
            continue
        for line, name in imported(ast.parse(path.read_text(encoding="utf-8"))):
            parts = name.split(".")
            if parts[0] != "terakoya" or len(parts) < 3 or parts[1] in {room, *OPEN}:
                continue
            if parts[2] not in DOORS:
                yield f"{path.relative_to(SOURCE)}:{line}: imports {name}; use the door of {parts[1]} (its api)"


if __name__ == "__main__":
    found = list(faults())
    print("\n".join(found) if found else "doors: kept")
    sys.exit(1 if found else 0)
