"""Nodes as processes on one machine: started, waited for, stopped; killed and started again by the crash tests."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from terakoya.kit.keyfiles import load_or_make_signing_key, thumbprint_of

READY_WITHIN_SECONDS = 60
STOPPED_WITHIN_SECONDS = 8


class FederationError(Exception):
    """A node could not be started; the message says which, and where its log is."""


@dataclass
class Node:
    """One node process: its kind, its name for people, its port, and the folder that holds all it has."""

    kind: str
    name: str
    port: int
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "node.log"

    @property
    def thumbprint(self) -> str:
        """RFC 7638 thumbprint of the node's key; the key is made when there is none yet."""
        return thumbprint_of(load_or_make_signing_key(self.folder).public_key())

    def variables(self) -> dict[str, str]:
        """The environment that makes a process this node."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("TERAKOYA_", "DJANGO_", "DATABASE_"))}
        own = {
            "TERAKOYA_KIND": self.kind,
            "TERAKOYA_NAME": self.name,
            "TERAKOYA_BASE_URL": self.url,
            "TERAKOYA_DATA_DIR": str(self.folder),
        }
        return {**inherited, **own, **self.environment}

    def command(self, *arguments: str, text: str | None = None) -> str:
        """Run a command of ``terakoya`` on this node; its output. Raises when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "terakoya", *arguments],
            env=self.variables(),
            input=text,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise FederationError(f"terakoya {arguments[0]} on {self.kind}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self, *, prepare: bool = True) -> None:
        """Start the process in a group of its own, so that Ctrl-C reaches only the one who started it.

        prepare: bring database and static files up to date first; a node that has run before comes up quicker without
        """
        if not port_is_free(self.port):
            raise FederationError(f"Port {self.port} is in use. Stop what uses it, or choose others by --first-port.")
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "terakoya", "serve", "--port", str(self.port)),
                    "--prepare" if prepare else "--no-prepare",
                ],
                env=self.variables(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def is_well(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def wait(self) -> None:
        """Wait until the node answers."""
        until = time.monotonic() + READY_WITHIN_SECONDS
        while not self.is_well():
            if self.process is None or self.process.poll() is not None or time.monotonic() > until:
                raise FederationError(f"The {self.kind} node did not start; its log: {self.log}")
            time.sleep(0.1)

    def kill(self) -> None:
        """SIGKILL to the whole process group: nothing is tidied up. Returns when the port is free again."""
        self._signal(signal.SIGKILL)
        until = time.monotonic() + STOPPED_WITHIN_SECONDS
        while not port_is_free(self.port) and time.monotonic() < until:  # a worker outlives its parent by a moment
            time.sleep(0.02)

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def wait_until_gone(self) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(STOPPED_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            self.process.wait()
        self.process = None

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, number)
        if number == signal.SIGKILL:
            self.wait_until_gone()


class Federation:
    """Several nodes that trust one anchor (the nation)."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = {node.kind: node for node in nodes}
        anchor = self.nodes["nation"]
        for node in self.nodes.values():
            node.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if node is not anchor:
                node.environment["TERAKOYA_TRUST_ANCHOR"] = anchor.url
                node.environment["TERAKOYA_TRUST_ANCHOR_KEY"] = anchor.thumbprint

    def __getitem__(self, kind: str) -> Node:
        return self.nodes[kind]

    def start(self, tell: Callable[[str], None] = lambda text: None) -> None:
        """Start all nodes and wait until each is well; when one fails, the others are stopped again."""
        try:
            for node in self.nodes.values():
                node.start()
            for node in self.nodes.values():
                node.wait()
                tell(f"{node.kind:8}{node.url}  is well")
        except BaseException:
            self.stop()
            raise

    def enrol(self) -> None:
        """Take all nodes into the nation's registry, each by the thumbprint of its key."""
        others = [node for node in self.nodes.values() if node.kind != "nation"]
        self["nation"].command("enrol", *(f"{node.url}={node.thumbprint}" for node in others))

    def stop(self) -> None:
        """Stop all nodes: asked first, killed when they do not listen."""
        for node in self.nodes.values():
            node.terminate()
        for node in self.nodes.values():
            node.wait_until_gone()


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
