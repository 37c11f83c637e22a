"""Run a command with ``DATABASE_URL`` pointing to a PostgreSQL cluster made for it and removed after it.

python tools/with_postgresql.py COMMAND [ARGUMENT ...]
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HINT = "PostgreSQL is not installed. On Debian: apt-get install postgresql"
DEBIAN = Path("/usr/lib/postgresql")
WITHOUT_DURABILITY = "-c fsync=off -c full_page_writes=off"
OF_A_SERVER = "-c shared_buffers=2GB -c maintenance_work_mem=512MB -c max_wal_size=8GB"


def programs() -> Path:
    """The folder of ``initdb`` and ``pg_ctl``, which Debian keeps off the path; the newest version wins."""
    versions = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]), reverse=True)
    if versions:
        return versions[0].parent
    if (found := shutil.which("initdb")) is None:
        sys.exit(HINT)
    return Path(found).parent


def as_server(command: list[str]) -> None:
    """PostgreSQL refuses to run as root; run its programs as the ``postgres`` user then."""
    user = pwd.getpwnam("postgres") if os.getuid() == 0 else None
    keys = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **keys)  # type: ignore[call-overload]


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """A cluster on a socket in a folder of its own; yields its address.

    Durability is off, as its data are thrown away; ``durable`` leaves it on, for measuring, with the memory that
    PostgreSQL's manual advises for a server with 8 GB.
    """
    folder = Path(tempfile.mkdtemp(prefix="terakoya-pg-"))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    run = programs()
    options = f"-c listen_addresses='' -c unix_socket_directories={folder}"
    options += f" {OF_A_SERVER if durable else WITHOUT_DURABILITY}"
    try:
        as_server([str(run / "initdb"), "-D", str(data), "-U", "terakoya", "-A", "trust", "-E", "UTF8", "--no-sync"])
        as_server([str(run / "pg_ctl"), "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start"])
        try:
            yield f"postgresql://terakoya@%2F{str(folder).strip('/').replace('/', '%2F')}/postgres"
        finally:
            as_server([str(run / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    with cluster() as address:
        sys.exit(subprocess.call(sys.argv[1:], env={**os.environ, "DATABASE_URL": address}))
