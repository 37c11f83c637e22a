import subprocess
import sys
import time
from pathlib import Path

from terakoya.node.federation import Node, port_is_free

PARENT_WITH_A_WORKER = """
import os, socket, sys, time
listening = socket.create_server(("127.0.0.1", int(sys.argv[1])))
if os.fork():
    listening.close()
time.sleep(60)
"""


def test_a_killed_node_can_be_started_again_at_once_though_its_worker_held_the_port(tmp_path: Path) -> None:
    node = Node("city", "City", 18999, tmp_path)
    command = [sys.executable, "-c", PARENT_WITH_A_WORKER, str(node.port)]
    node.process = subprocess.Popen(command, start_new_session=True)
    while port_is_free(node.port):
        time.sleep(0.02)
    node.kill()
    assert port_is_free(node.port)
    assert node.process is None
