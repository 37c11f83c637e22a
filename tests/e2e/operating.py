"""What an operator can do at a node beside its pages: run a piece of Python there, or a command that may find fault."""

import subprocess
import sys

from terakoya.node.federation import FederationError, Node

START = "import os, django\nos.environ['DJANGO_SETTINGS_MODULE'] = 'terakoya.node.settings'\ndjango.setup()\n"


def run_on(node: Node, code: str) -> str:
    """Run a piece of Python as an operator might, beside a node or while it is stopped; what it prints."""
    done = subprocess.run([sys.executable, "-c", START + code], env=node.variables(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def said(node: Node, *command: str) -> str:
    """What a command of ``terakoya`` says, whether or not it finds something wrong."""
    try:
        return node.command(*command)
    except FederationError as fault:
        return str(fault)
