"""Each table says in its model's docstring which data it holds, on what ground, and for how long."""

import re

import pytest
from django.apps import apps
from django.db import models

from terakoya.standards.categories import CATEGORIES

MODELS = [model for model in apps.get_models() if model.__module__.startswith("terakoya.")]
NAMED = re.compile(r"[a-z_]+\.[a-z_]+")


def declared(model: type[models.Model]) -> dict[str, str]:
    """The last lines of the docstring as names and values; a line that is indented further goes on with the last."""
    lines = [line for line in (model.__doc__ or "").strip().splitlines() if line.strip()]
    return dict(re.findall(r"^\s*(category|basis|retention): (.+)$", "\n".join(lines), re.M))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_table_declares_category_basis_and_retention(model: type[models.Model]) -> None:
    assert list(declared(model)) == ["category", "basis", "retention"]
    assert all(declared(model).values())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_declared_category_is_known(model: type[models.Model]) -> None:
    category = declared(model).get("category", "")
    if re.fullmatch(r"none \(.+\)", category):
        return
    named = NAMED.findall(category)
    assert named and set(named) <= set(CATEGORIES), category
