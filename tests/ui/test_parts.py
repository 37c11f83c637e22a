from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from terakoya.ui.samples import SampleForm


def written(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def test_title_of_a_card_is_escaped() -> None:
    assert "&lt;b&gt;" in written("{% card title=title %}x{% endcard %}", title="<b>")


def test_content_of_a_card_is_escaped_once() -> None:
    assert "<p>&lt;b&gt;</p>" in written("{% card %}<p>{{ text }}</p>{% endcard %}", text="<b>")


def test_unknown_tone_is_a_fault_of_the_template() -> None:
    with pytest.raises(Exception, match="tone 'loud'"):
        written('{% notice "loud" %}x{% endnotice %}')


def test_unknown_drawing_is_a_fault_of_the_template() -> None:
    with pytest.raises(KeyError):
        written('{% icon "unicorn" %}')


def test_labelled_drawing_speaks_and_a_bare_one_is_silent() -> None:
    assert 'role="img" aria-label="A &amp; B"' in written("{% icon 'eye' label %}", label="A & B")
    assert 'aria-hidden="true"' in written("{% icon 'eye' %}")


@pytest.mark.parametrize(("percent", "shown"), [(72.4, "72%"), (-3, "0%"), (140, "100%")])
def test_bar_stays_within_its_track(percent: float, shown: str) -> None:
    assert f'<span class="tk-bar__value">{shown}</span>' in written("{% bar p %}", p=percent)


def test_bar_of_something_not_taken_has_no_number() -> None:
    with translation.override("en"):
        page = written("{% bar None %}")
    assert "not taken" in page and "%</span>" not in page


@pytest.mark.parametrize(
    ("percent", "step", "sign"),
    [(0, "1", "▲"), (39, "1", "▲"), (40, "2", "△"), (60, "3", ""), (75, "4", ""), (90, "5", "")],
)
def test_heat_cell_has_sign_and_step(percent: int, step: str, sign: str) -> None:
    cell = written("{% heat p %}", p=percent)
    assert f"tk-heat--{step}" in cell and sign in cell and f"{percent}</td>" in cell


def test_heat_cell_of_something_not_taken_is_said_in_words() -> None:
    with translation.override("en"):
        assert "not taken" in written("{% heat None %}")


def test_steps_say_where_one_is() -> None:
    page = written("{% steps items 2 %}", items=["a", "b", "c"])
    assert page.count('aria-current="step"') == 1 and page.index("aria-current") < page.index(">b<")


def test_field_is_tied_to_its_hint_and_error() -> None:
    page = written("{% field form.name %}", form=SampleForm({}))
    assert 'aria-describedby="id_name_hint id_name_error"' in page
    assert 'id="id_name_hint"' in page and 'id="id_name_error"' in page and 'aria-invalid="true"' in page


def test_choices_stand_under_one_legend() -> None:
    page = written("{% field form.answer %}", form=SampleForm())
    assert page.count("<legend") == 1 and page.count('type="radio"') == 2


def test_error_summary_leads_to_the_fields() -> None:
    form = SampleForm({})
    page = written("{% error_summary form %}", form=form)
    assert all(f'href="#id_{name}' in page for name in form.errors)


def test_form_without_errors_has_no_summary() -> None:
    assert written("{% error_summary form %}", form=forms.Form({})) == ""


def test_day_is_written_in_the_readers_language() -> None:
    day = date(2026, 11, 24)
    expected = {"en": "24 Nov 2026", "ja": "2026｜年《ねん》11｜月《がつ》24｜日《にち》"}
    for language, text in expected.items():
        with translation.override(language):
            assert written("{{ day|day }}", day=day) == text


def test_moment_is_in_the_time_of_japan() -> None:
    with translation.override("en"):
        assert written("{{ at|moment }}", at=datetime(2026, 11, 23, 16, 5, tzinfo=UTC)) == "24 Nov 2026 01:05"


def test_name_with_reading_is_escaped() -> None:
    assert written("{{ name|reading:kana }}", name="<b>", kana="ビー") == "｜&lt;b&gt;《びー》"
