"""How a form field is shown: which kind of control it is, and what its control must be tied to."""

from typing import Any

from django import forms
from django.forms import BoundField

_GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def kind_of(bound: BoundField) -> str:
    """group (several controls under one legend), check (control before its label), or line."""
    widget = bound.field.widget
    if isinstance(widget, _GROUPS):
        return "group"
    return "check" if isinstance(widget, forms.CheckboxInput) else "line"


def describe(bound: BoundField, hint: str = "") -> dict[str, Any]:
    """What the template of a field needs: the control with its hint and errors tied to it."""
    hint = hint or str(bound.help_text)
    kind, id_ = kind_of(bound), bound.id_for_label or bound.auto_id
    described = [f"{id_}_hint"] if hint else []
    described += [f"{id_}_error"] if bound.errors else []
    attributes: dict[str, Any] = {"class": f"tk-input tk-input--{_shape(bound)}"}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    control = list(bound.subwidgets) if kind == "group" else bound.as_widget(attrs=attributes)
    return {"bound": bound, "kind": kind, "hint": hint, "id": id_, "control": control}


def _shape(bound: BoundField) -> str:
    widget = bound.field.widget
    return "select" if isinstance(widget, forms.Select) else getattr(widget, "input_type", "text") or "text"
