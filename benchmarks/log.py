"""How fast the log takes releases, proves an entry, and is checked as a whole. Each part is a process of its own."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.with_postgresql import cluster


def run() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="terakoya-benchmark-") as folder:
        print("| log | releases a transaction | writers | releases/s | CPU, us a release |\n|---|---|---|---|---|")
        _part("appending", "SQLite", f"sqlite:///{folder}/node.sqlite3", folder)
        with cluster(durable=True) as address:
            _part("appending", "PostgreSQL", address, folder)
        _part("others", "pymerkle", f"sqlite:///{folder}/none.sqlite3", folder)
        print("\n| what | leaves | measured |\n|---|---|---|")
        _part("proofs", "SQLite", f"sqlite:///{folder}/large.sqlite3", folder)
        _part("whole", "SQLite", f"sqlite:///{folder}/whole.sqlite3", folder)


def _part(name: str, label: str, address: str, folder: str) -> None:
    environment = {
        **os.environ,
        "TERAKOYA_KIND": "city",
        "TERAKOYA_DATA_DIR": folder,
        "TERAKOYA_LOG_LEVEL": "WARNING",
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "terakoya.node.settings",
    }
    command = [sys.executable, "-m", "benchmarks._log_parts", name, label]
    subprocess.run(command, env=environment, check=True, cwd=Path(__file__).parent.parent)
