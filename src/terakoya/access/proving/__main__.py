"""``python -m terakoya.access.proving [--against <revision or file>]``: prove the rules, review a change of them."""

import argparse
import importlib.util
import sys
import time
from typing import Any

if importlib.util.find_spec("z3") is None:
    sys.exit("The proofs need z3-solver, which comes with the development dependencies: make setup")

from .proofs import Result, prove
from .review import changes
from .sentences import LANGUAGES, sentence
from .snapshot import taken
from .versions import NoSuchVersion, version


def main(arguments: list[str]) -> int:
    """Prove, review where asked, print; 1 when a promise is broken or a version cannot be read."""
    parser = argparse.ArgumentParser(prog="make prove", description=__doc__)
    parser.add_argument(
        "--rules", metavar="WHAT", help="prove these (a revision, a file or a folder), not the present ones"
    )
    parser.add_argument("--against", metavar="WHAT", help="say what is wider or narrower than in these")
    chosen = parser.parse_args(arguments)
    try:
        rules = version(chosen.rules) if chosen.rules else taken()
        if chosen.against:
            _review(chosen.against, rules)
        return _prove(rules)
    except NoSuchVersion as unread:
        print(unread)
    except NotImplementedError as unknown:
        print(f"Nothing is proved: {unknown}.")
    return 1


def _prove(rules: dict[str, Any]) -> int:
    began = time.perf_counter()
    results = prove(rules)
    for result in results:
        _print(result, rules)
    broken = sum(result.example is not None for result in results)
    took = time.perf_counter() - began
    print(f"{len(results) - broken} of {len(results)} promises proved for {results[0].cells:,} cells in {took:.1f} s")
    return 1 if broken else 0


def _print(result: Result, rules: dict[str, Any]) -> None:
    mark = "proved" if result.example is None else "BROKEN"
    said = " | ".join(result.promise.say(language) for language in LANGUAGES)
    print(f"{mark}  {said} ({result.cells:,} cells, {result.seconds:.2f} s)")
    if result.example:
        kind = "closed" if result.promise.opens else "broken"
        for language in LANGUAGES:
            print(f"        {sentence(kind, result.example, rules, language, regimes=[result.regime])}")


def _review(against: str, after: dict[str, Any]) -> None:
    before = version(against)
    try:
        found = changes(before, after)
    except NotImplementedError as unknown:
        raise NoSuchVersion(
            f"The rules of “{against}” have another form and cannot be compared: {unknown}."
        ) from unknown
    for change in found:
        print("wider   " if change.widens else "narrower", change.say(_names(before, after), "ja"))
        print("        ", change.say(_names(before, after), "en"))
    wider = sum(change.widens for change in found)
    print(f"{wider} wider, {len(found) - wider} narrower" if found else "Nothing is wider, nothing is narrower.")


def _names(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The names of both versions; the later one's where they differ."""
    return {kind: {**before[kind], **after[kind]} for kind in ("parts", "categories", "purposes")}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
