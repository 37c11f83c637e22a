"""The released figures as CSV: at the nation those of all cities, at a city its own."""

import csv
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from terakoya.access.api import declares_nothing
from terakoya.curriculum import api as curriculum

from . import queries
from .models import Release


@require_safe
@declares_nothing("anonymised figures of groups; small groups are suppressed")
def statistics_csv(request: HttpRequest) -> HttpResponse:
    """Every cell of every release."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="statistics.csv"'
    rows = csv.writer(answer)
    rows.writerow(
        [
            _("City"),
            _("First day"),
            _("Last day"),
            _("Grade code"),
            _("Grade"),
            _("Subject code"),
            _("Subject"),
            _("Number of pupils"),
            _("Mean score (%)"),
            _("Suppressed"),
        ]
    )
    for release in queries.releases():
        rows.writerows(_lines(release))
    return answer


def _lines(release: Release) -> Iterator[list[object]]:
    name = release.city_name
    city = f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name
    for cell in release.cells.all():
        where = [city, release.first_day, release.last_day, cell.grade, queries.grade_name(cell.grade)]
        what = [cell.subject, curriculum.subject_name(cell.subject)]
        yield [*where, *what, cell.pupils, cell.mean, _("yes") if cell.pupils is None else ""]


routes: list[URLPattern] = [path("statistics.csv", statistics_csv, name="research.statistics")]
