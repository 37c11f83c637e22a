"""What the proof takes a policy to mean is what Cedar does with it: random policies, every request to each."""

import json
import random
from itertools import product

import cedarpy
import pytest
import z3

from terakoya.access.proving.cedar import Entities, Meaning, formulas, permitted
from terakoya.access.proving.values import Entity, Record, Variable, only

SEED = 20261124
COLOURS, NAMES = ("red", "green", "blue"), ("ann", "bob", "cho")
ROWS = [
    {"uid": {"type": "Colour", "id": "red"}, "attrs": {"warm": True, "level": 3}, "parents": []},
    {"uid": {"type": "Colour", "id": "green"}, "attrs": {"warm": False, "level": 2}, "parents": []},
    {
        "uid": {"type": "Colour", "id": "blue"},
        "attrs": {"warm": False, "level": 2},
        "parents": [{"type": "Colour", "id": "green"}],
    },
    *(
        {
            "uid": {"type": "Person", "id": name},
            "attrs": {
                "likes": [{"__entity": {"type": "Colour", "id": colour}} for colour in COLOURS[: number + 1]],
                "words": list(NAMES[number:]),
                "pairs": [{"colour": {"__entity": {"type": "Colour", "id": COLOURS[number]}}, "word": name}],
                "best": {"__entity": {"type": "Colour", "id": COLOURS[number]}},
                **({"nick": name[:2]} if number else {}),
            },
            "parents": [],
        }
        for number, name in enumerate(NAMES)
    ),
]
TRUTHS = (
    "context.a",
    "context.b",
    "resource.warm",
    "principal.best.warm",
    "principal.likes.contains(resource)",
    "principal.words.contains(context.word)",
    "principal.pairs.contains({colour: resource, word: context.word})",
    '[Colour::"red", Colour::"blue"].contains(resource)',
    'principal == Person::"bob"',
    "resource != principal.best",
    'resource in Colour::"green"',
    'resource in [Colour::"red", Colour::"green"]',
    "resource.level < principal.best.level",
    "resource.level >= 3",
    'principal.words.containsAny(["ann", context.word])',
    'principal.words.containsAll(["cho", context.word])',
    "principal.likes == [resource]",
    "principal.likes.isEmpty()",
    "principal has nick",
    'principal has nick && principal.nick == "bo"',
    "(if context.a then resource else principal.best).warm",
)
WHO = ("principal", 'principal == Person::"cho"')
WHAT = ("resource", 'resource == Colour::"red"', 'resource in Colour::"green"')


def random_truth(lot: random.Random, depth: int) -> str:
    """An expression of Cedar that is true or false."""
    if depth == 0 or lot.random() < 0.2:
        return lot.choice(TRUTHS)
    left, right = random_truth(lot, depth - 1), random_truth(lot, depth - 1)
    return lot.choice((f"({left} && {right})", f"({left} || {right})", f"!({left})", f"({left}) == ({right})"))


def random_policies(lot: random.Random) -> str:
    """Three policies of random effect, scope and condition."""
    return "\n".join(
        f'@id("rule-{number}") {lot.choice(("permit", "permit", "forbid"))} ({lot.choice(WHO)}, action, '
        f"{lot.choice(WHAT)}) {lot.choice(('when', 'unless'))} {{ {random_truth(lot, 3)} }};"
        for number in range(3)
    )


def requests() -> list[tuple[str, str, str, bool, bool]]:
    return list(product(NAMES, COLOURS, NAMES, (False, True), (False, True)))


def by_cedar(text: str) -> list[bool]:
    asked = [
        {
            "principal": {"type": "Person", "id": person},
            "action": {"type": "Action", "id": "use"},
            "resource": {"type": "Colour", "id": colour},
            "context": {"word": word, "a": a, "b": b},
        }
        for person, colour, word, a, b in requests()
    ]
    entities = cedarpy.Entities.from_json_str(json.dumps(ROWS))
    return [answer.allowed for answer in cedarpy.is_authorized_batch(asked, cedarpy.PolicySet.from_str(text), entities)]


def by_the_proof(text: str) -> list[bool]:
    person = Variable("person", tuple(Entity("Person", name) for name in NAMES)).choice()
    colour = Variable("colour", tuple(Entity("Colour", name) for name in COLOURS)).choice()
    word = Variable("word", NAMES).choice()
    context = Record({"word": word, "a": z3.Bool("a"), "b": z3.Bool("b")})
    env = {"principal": person, "resource": colour, "action": only(Entity("Action", "use")), "context": context}
    tree = json.loads(cedarpy.policies_to_json_str(text))
    rule = permitted(formulas(tree, Meaning(Entities(ROWS)), env))
    return [z3.is_true(z3.simplify(z3.substitute(rule, *_as_asked(request)))) for request in requests()]


def _as_asked(request: tuple[str, str, str, bool, bool]) -> list[tuple[z3.ExprRef, z3.ExprRef]]:
    person, colour, word, a, b = request
    places = (("person", NAMES.index(person)), ("colour", COLOURS.index(colour)), ("word", NAMES.index(word)))
    bits = [(z3.BitVec(name, 2), z3.BitVecVal(place, 2)) for name, place in places]
    return [*bits, (z3.Bool("a"), z3.BoolVal(a)), (z3.Bool("b"), z3.BoolVal(b))]


@pytest.mark.parametrize("truth", TRUTHS)
def test_each_operator_means_what_cedar_does(truth: str) -> None:
    text = f'@id("one") permit (principal, action, resource) when {{ {truth} }};'
    assert by_the_proof(text) == by_cedar(text)


def test_random_policies_mean_what_cedar_does() -> None:
    lot = random.Random(SEED)
    texts = [random_policies(lot) for _ in range(60)]
    assert [text for text in texts if by_the_proof(text) != by_cedar(text)] == []


def test_an_operator_that_is_not_known_stops_the_proof() -> None:
    with pytest.raises(NotImplementedError, match="like"):
        by_the_proof('@id("one") permit (principal, action, resource) when { context.word like "a*" };')
