"""Another OneRoster server, small and real: HTTP in a thread, with lists that a test fills and faults that it sets."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

Answer = tuple[int, dict[str, str], Any]
MOMENT = "2026-11-20T00:00:00.000Z"
LATER = "2199-01-01T00:00:00.000Z"  # whenever the test runs


class OtherServer:
    """Lists by path; ``tells`` links, the total, both or nothing; ``before`` may answer instead of it.

    Of a filter it knows ``dateLastModified>='…'`` alone, and nothing where ``filters`` is false.
    """

    def __init__(self) -> None:
        self.lists: dict[str, list[dict[str, Any]]] = {}
        self.tells = {"link", "total"}
        self.filters = True
        self.page = 1000
        self.asked: list[str] = []
        self.tokens = 0
        self.before: Callable[[str], Answer | None] = lambda path: None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def base(self) -> str:
        return f"{self.address}/ims/oneroster/rostering/v1p2"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path: str, token: str) -> Answer:
        self.asked.append(path)
        if fault := self.before(path):
            return fault
        if token != f"Bearer token-{self.tokens}":
            return 401, {}, {}
        url = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        return self._list(url.path, query)

    def _list(self, path: str, query: dict[str, str]) -> Answer:
        name = path.rsplit("/", 1)[-1]
        whole = self.lists.get(name, [])
        if self.filters and "filter" in query:
            since = query["filter"].removeprefix("dateLastModified>='").removesuffix("'")
            whole = [one for one in whole if one["dateLastModified"] >= since]
        offset, limit = int(query["offset"]), min(self.page, int(query["limit"]))
        headers = {"X-Total-Count": str(len(whole))} if "total" in self.tells else {}
        if "link" in self.tells:
            more = "".join(f"&{each}={quote(query[each])}" for each in ("filter",) if each in query)
            after = f"{self.address}{path}?limit={limit}&offset={offset + limit}{more}"
            headers["Link"] = f'<{after}>; rel="next"' if offset + limit < len(whole) else f'<{path}>; rel="first"'
        return 200, headers, {("users" if name == "students" else name): whole[offset : offset + limit]}

    def change(self, name: str, key: str, **facts: Any) -> None:
        """Let an object say something else, as of a later moment."""
        one = next(one for one in self.lists[name] if one["sourcedId"] == key)
        one |= {"dateLastModified": LATER, **facts}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        other = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._send(other.answer(self.path, self.headers.get("Authorization", "")))

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                other.tokens += 1
                self._send((200, {}, {"access_token": f"token-{other.tokens}", "expires_in": 3600}))

            def _send(self, answer: Answer) -> None:
                status, headers, body = answer
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(data))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                """Nobody reads it."""

        return Handler


def to(key: str) -> dict[str, str]:
    """A reference."""
    return {"sourcedId": key, "type": "any", "href": "any"}


def thing(key: str, **facts: Any) -> dict[str, Any]:
    """An object with what every one has."""
    return {"sourcedId": key, "status": "active", "dateLastModified": MOMENT, **facts}


def small_school(pupils: int = 3) -> dict[str, list[dict[str, Any]]]:
    """A school with a class, a teacher and its pupils, as a server of OneRoster 1.2 tells it."""
    board, school = thing("d", name="教育委員会", type="district", identifier="139998"), "s"
    people = [("t", "teacher"), *((f"p{number}", "student") for number in range(1, pupils + 1))]
    return {
        "academicSessions": [
            thing(
                "y",
                title="2026年度",
                type="schoolYear",
                startDate="2026-04-01",
                endDate="2027-03-31",
                schoolYear="2026",
            )
        ],
        "orgs": [board, thing(school, name="一小", type="school", identifier="B113999900011", parent=to("d"))],
        "courses": [thing("c", title="2026年度 学級活動", courseCode="", org=to(school), schoolYear=to("y"))],
        "classes": [
            thing(
                "k",
                title="5年1組",
                classType="homeroom",
                grades=["P5"],
                course=to("c"),
                school=to(school),
                terms=[to("y")],
                metadata={"jp.specialNeeds": "false"},
            )
        ],
        "users": [
            thing(
                key,
                username=key,
                enabledUser="true",
                givenName="名",
                familyName=f"姓{number}",
                userMasterIdentifier=f"00000000-0000-4000-8000-{number:012d}",
                roles=[{"roleType": "primary", "role": role, "org": to(school), "beginDate": "2026-04-01"}],
                grades=["P5"] if role == "student" else [],
                metadata={"jp.kanaGivenName": "メイ", "jp.kanaFamilyName": "セイ"},
            )
            for number, (key, role) in enumerate(people)
        ],
        "enrollments": [
            thing(
                f"e-{key}",
                user=to(key),
                school=to(school),
                role=role,
                primary="false",
                metadata={"jp.shussekiNo": number} if number else {},
                **{"class": to("k")},
            )
            for number, (key, role) in enumerate(people)
        ],
        "demographics": [thing("p1", birthDate="2015-05-01", sex="female")],
    }
