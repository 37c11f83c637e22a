"""Who looked at a child's records, from this node's log and from the partners' answers, in one list."""

from dataclasses import dataclass
from uuid import UUID

from terakoya.access import api as access
from terakoya.access.api import AccessLine
from terakoya.exchange import api as exchange

MACHINES = ("node", "own_node", "keeps_for_the_person")


@dataclass(frozen=True)
class Looked:
    """Lines newest first; ``partners`` says of each node asked whether it answered."""

    lines: list[AccessLine]
    partners: list[exchange.PartnerAccesses]

    @property
    def organisations(self) -> list[str]:
        return sorted({line.organisation for line in self.lines if line.organisation})


def looked_at(person: UUID) -> Looked:
    partners = exchange.fetch_accesses(person)
    lines = access.accesses_of(person)
    for partner in partners:
        lines += partner.lines
    return Looked(sorted(lines, key=lambda line: line.at, reverse=True), partners)


def by_machine(line: AccessLine) -> bool:
    """Whether a system passed records on by itself, as agreed; nobody looked."""
    return line.role in MACHINES


def by_people(lines: list[AccessLine], limit: int) -> list[AccessLine]:
    """Who looked last, the same person at the same thing once, with the newest moment."""
    newest: dict[tuple[str, ...], AccessLine] = {}
    for line in lines:
        if not by_machine(line):
            newest.setdefault((line.node, line.organisation, line.role, line.name, line.what), line)
    return list(newest.values())[:limit]
