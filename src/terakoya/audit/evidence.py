"""Evidence for others: the proof of an entry, and the whole log as a file. Neither names anybody."""

import json
from collections.abc import Callable
from typing import Any

from terakoya.kit.snapshot import snapshot
from terakoya.standards import log_evidence

from .checkpoints import confirmed_checkpoint, own_origin, published, verifier_key
from .cosigning import witness_key
from .errors import UnknownEntry
from .log import inclusion_proof, log_head, root_at
from .models import LogEntry
from .standing import witnesses
from .witness_models import Checkpoint


def proof_of(index: int) -> dict[str, Any]:
    """The proof that an entry is in the log: as of the newest checkpoint that covers it and that others have cosigned,
    else of the newest one of all that covers it, else as of now.

    Raises ``UnknownEntry``. Check it by :func:`terakoya.standards.log_evidence.check_proof`.
    """
    with snapshot():
        body = LogEntry.objects.filter(index=index).values_list("body", flat=True).first()
        if body is None:
            raise UnknownEntry(index)
        checkpoint = confirmed_checkpoint(index)
        size = checkpoint.size if checkpoint else log_head().size
        return {
            "format": log_evidence.PROOF,
            "origin": own_origin(),
            "keys": _keys(),
            "index": index,
            "body": body,
            "size": size,
            "proof": [step.hex() for step in inclusion_proof(index, size)],
            "root": root_at(size).hex(),
            "checkpoint": published(checkpoint) if checkpoint else None,
        }


def export_log(write: Callable[[str], object]) -> int:
    """Write the leaves and checkpoints of the log, a line each; the number of leaves."""
    with snapshot():
        head = log_head()
        notes = Checkpoint.objects.filter(origin=own_origin(), size__lte=head.size).order_by("size")
        waiting = iter(notes.prefetch_related("cosignatures").iterator(chunk_size=500))
        note = next(waiting, None)
        _line(
            write, format=log_evidence.EXPORT, origin=own_origin(), size=head.size, root=head.root.hex(), keys=_keys()
        )
        entries = LogEntry.objects.filter(index__lt=head.size).order_by("index").values_list("index", "body")
        for index, body in entries.iterator(chunk_size=2000):
            while note is not None and note.size <= index:
                _line(write, checkpoint=published(note))
                note = next(waiting, None)
            _line(write, index=index, body=body)
        for last in (note, *waiting):
            if last is not None:
                _line(write, checkpoint=published(last))
    return head.size


def _keys() -> list[str]:
    """The keys of the log and of those who are asked to witness it now (C2SP signed-note)."""
    return [verifier_key(), *(witness_key(log.uri, log.key) for log in witnesses())]


def _line(write: Callable[[str], object], **values: Any) -> None:
    write(json.dumps(values, ensure_ascii=False) + "\n")
