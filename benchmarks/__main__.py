"""``python -m benchmarks [name ...]``: run the named measurements, or all of them. Each is a module with ``run()``."""

import os
import sys
from importlib import import_module
from pathlib import Path


def main(names: list[str]) -> None:
    found = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))
    unknown = set(names) - set(found)
    if unknown:
        sys.exit(f"no such measurement: {', '.join(sorted(unknown))}; known: {', '.join(found)}")
    for name in names or found:
        load = ", ".join(f"{part:.2f}" for part in os.getloadavg())
        print(f"\n## {name}   ({os.cpu_count()} cores, load average before: {load})")
        import_module(f"benchmarks.{name}").run()


main(sys.argv[1:])
