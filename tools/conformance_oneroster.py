"""Holds the OneRoster services of a running node against the official OpenAPI documents, by Schemathesis.

The documents (rostering, gradebook, resources; OneRoster 1.2, OpenAPI 3, 1.0) are not part of this repository: their
folder is given. A city with a small town is started in a folder of its own and stopped afterwards; marks are put there
first, so that no list is empty.

    python tools/conformance_oneroster.py <folder with the documents> [--examples 50] [--port 8290] [--only rostering]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import httpx

from terakoya.demo_town import api as demo_town
from terakoya.node.federation import Node

HERE = Path(__file__).resolve().parent
SERVICES = {"rostering": "rosters", "gradebook": "gradebook", "resources": "resources"}
TODAY = date.today().isoformat()


def fill_node(node: Node, folder: Path) -> str:
    """Give the node a roster, and a system that may do everything; its token."""
    town = demo_town.make_town(4, date.today(), pupils=60)
    node.command("import", str(demo_town.write_city_package(town, folder / "town.zip", marks=True)))
    made = node.command(
        "system", "add", "conformance", "--organisation", "here", "--ground", "a trial", "--scope", "all"
    )
    client_id, _, secret = made.strip().partition(":")
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    token: str = httpx.post(f"{node.url}/ims/oneroster/token", data=form).raise_for_status().json()["access_token"]
    return token


def put_marks(caller: httpx.Client, base: str) -> None:
    """One of each kind of the gradebook, so that its lists hold something."""
    rostering, book = f"{base}/rostering/v1p2", f"{base}/gradebook/v1p2"
    klass = caller.get(f"{rostering}/classes?limit=1").json()["classes"][0]
    pupil = caller.get(f"{rostering}/classes/{klass['sourcedId']}/students?limit=1").json()["users"][0]
    common = {"status": "active", "dateLastModified": f"{TODAY}T00:00:00Z"}

    def to(kind: str, key: str) -> dict[str, str]:
        return {"href": f"{base}/{key}", "sourcedId": key, "type": kind}

    moments = {"assignDate": f"{TODAY}T00:00:00Z", "dueDate": f"{TODAY}T01:00:00Z"}
    result = {"student": to("user", pupil["sourcedId"]), "scoreStatus": "fully graded", "scoreDate": TODAY, "score": 8}
    steps = [{"itemValueLHS": "1", "itemValueRHS": "2"}]
    place = {"class": to("class", klass["sourcedId"]), "school": klass["school"]}
    bodies = [
        ("categories/k1", "category", {"title": "テスト"}),
        (
            "scoreScales/w1",
            "scoreScale",
            {"title": "3", "type": "x", "scoreScaleValue": steps, "class": place["class"]},
        ),
        ("lineItems/l1", "lineItem", {"title": "漢字", **moments, **place, "category": to("category", "k1")}),
        ("results/r1", "result", {"lineItem": to("lineItem", "l1"), **result}),
        ("assessmentLineItems/a1", "assessmentLineItem", {"title": "学力"}),
        (
            "assessmentResults/b1",
            "assessmentResult",
            {"assessmentLineItem": to("assessmentLineItem", "a1"), **result},
        ),
    ]
    for address, kind, facts in bodies:
        body = {kind: {"sourcedId": address.partition("/")[2], **common, **facts}}
        answer = caller.put(f"{book}/{address}", json=body)
        if answer.status_code != 201:
            raise SystemExit(f"PUT {address}: {answer.status_code} {answer.text}")


def run_documents(documents: Path, base: str, token: str, chosen: argparse.Namespace) -> int:
    """Run Schemathesis for each document; the number of those with violations."""
    failed = 0
    for service, name in SERVICES.items():
        if chosen.only and service != chosen.only:
            continue
        found = sorted(documents.glob(f"*{name}service*openapi3*.json"))
        if not found:
            raise SystemExit(f"{documents} has no document of the {service} service (*{name}service*openapi3*.json).")
        command = [
            *(
                str(Path(sys.executable).with_name("schemathesis")),
                "--config-file",
                f"{HERE}/conformance/schemathesis.toml",
            ),
            *("run", str(found[0]), "--url", f"{base}/{service}/v1p2", "-H", f"Authorization: Bearer {token}"),
            # the links of the documents name path parameters that no operation has: there is nothing to follow
            *("--phases", "examples,coverage,fuzzing"),
            *("--max-examples", str(chosen.examples), "--continue-on-failure", "--seed", "4", "--workers", "2"),
        ]
        extra = {
            "CONFORMANCE_BASE": base,
            "CONFORMANCE_TOKEN": token,
            "CONFORMANCE_SERVICE": service,
            "SCHEMATHESIS_HOOKS": "tools.conformance.hooks",
        }
        environment = {**os.environ, **extra, "PYTHONPATH": str(HERE.parent)}
        print(f"--- {service}: {len(json.loads(found[0].read_text())['paths'])} addresses", flush=True)
        failed += bool(subprocess.run(command, env=environment, cwd=HERE.parent).returncode)
    return failed


def main() -> int:
    """Start, run, stop; the exit status."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("documents", type=Path)
    asked.add_argument("--examples", type=int, default=50)
    asked.add_argument("--port", type=int, default=8290)
    asked.add_argument("--only", choices=tuple(SERVICES))
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="terakoya-conformance-") as folder:
        node = Node("city", "conformance", chosen.port, Path(folder) / "city")
        node.start()
        try:
            node.wait()
            token = fill_node(node, Path(folder))
            base = f"{node.url}/ims/oneroster"
            with httpx.Client(headers={"Authorization": f"Bearer {token}"}) as caller:
                put_marks(caller, base)
            failed = run_documents(chosen.documents, base, token, chosen)
        finally:
            node.terminate()
            node.wait_until_gone()
    print("conformance: no violations" if not failed else f"conformance: violations in {failed} documents")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
