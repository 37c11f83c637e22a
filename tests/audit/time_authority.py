"""A time-stamping authority of its own: OpenSSL's `ts`, heard by a small HTTP server, with a root of its own."""

import shutil
import subprocess
import tempfile
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CONFIGURATION = """
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[stamping]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = authority
[authority]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


class TimeAuthority:
    """An authority whose answers a test may replace by earlier ones (``answers``)."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.answers, self.asked = folder, list[bytes](), 0
        folder.mkdir(parents=True)
        (folder / "openssl.cnf").write_text(CONFIGURATION.format(folder=folder))
        (folder / "serial").write_text("01\n")
        self._certificates()
        handler = type("Handler", (_Handler,), {"authority": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.root = folder / "root.pem"

    def stamp(self, request: bytes) -> bytes:
        """The answer of OpenSSL to a request."""
        self.asked += 1
        if self.answers:
            return self.answers.pop(0)
        (self.folder / "request.tsq").write_bytes(request)
        sign = ("ts", "-reply", "-config", "openssl.cnf", "-queryfile", "request.tsq", "-out", "response.tsr")
        openssl(self.folder, *sign)
        return (self.folder / "response.tsr").read_bytes()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _certificates(self) -> None:
        for file in Path(_made(self.folder.name).name).iterdir():
            shutil.copy(file, self.folder)


@cache
def _made(name: str) -> tempfile.TemporaryDirectory[str]:
    """The root, the certificate and the key of the authority of a name, made once in a process."""
    made = tempfile.TemporaryDirectory(prefix="terakoya-tsa-")
    folder = Path(made.name)
    (folder / "extensions.cnf").write_text(CONFIGURATION.format(folder=folder))
    key = ("-newkey", "rsa:2048", "-nodes", "-config", "extensions.cnf")
    root = ("-x509", "-extensions", "root", "-subj", f"/CN=Root of a test, {name}", "-days", "30")
    openssl(folder, "req", *key, *root, "-keyout", "root.key", "-out", "root.pem")
    openssl(folder, "req", *key, "-subj", "/CN=Authority of a test", "-keyout", "tsa.key", "-out", "tsa.csr")
    sign = ("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial")
    openssl(folder, *sign, "-days", "30", "-extfile", "extensions.cnf", "-extensions", "stamping", "-out", "tsa.pem")
    return made


class _Handler(BaseHTTPRequestHandler):
    authority: TimeAuthority

    def do_POST(self) -> None:
        request = self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.authority.stamp(request)
        self.send_response(200 if self.headers["Content-Type"] == "application/timestamp-query" else 415)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        pass
