"""The places a reader can go: each room registers its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class NavItem:
    """One place in the navigation of a node.

    url_name: name of a route without arguments; on a kind of node that lacks it the item is left out
    icon: a name of ``ui.icons``
    label: translated lazily; two words at most, as it stands in the bottom bar of a phone
    show: whether this reader sees it (whoever is signed in is ``request.user``)
    order: ascending; 0 is the home page
    within: beginnings of further route names that belong to this place ("portal.pupil" lights "portal.classes")
    """

    url_name: str
    icon: str
    label: str | Promise
    show: Callable[[HttpRequest], bool] = field(default=lambda request: True)
    order: int = 50
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class NavLink:
    """A navigation item as one page shows it."""

    href: str
    icon: str
    label: str | Promise
    current: bool


_items: dict[str, NavItem] = {}
_affiliations: list[Callable[[HttpRequest], str]] = []
_kana: list[Callable[[HttpRequest], str]] = []


def register_nav(item: NavItem) -> None:
    """Put a place into the navigation. A second item of the same route takes the place of the first."""
    _items[item.url_name] = item


def register_affiliation(name_of: Callable[[HttpRequest], str]) -> None:
    """Register what stands before the signed-in person's name: a school, a class. The first answer is shown."""
    _affiliations.append(name_of)


def register_kana(kana_of: Callable[[HttpRequest], str]) -> None:
    """Register where the reading of the signed-in person's name stands. The first answer is shown."""
    _kana.append(kana_of)


def kana_of(request: HttpRequest) -> str:
    """The reading of the name of whoever is signed in, or nothing."""
    return next((kana for known in _kana if (kana := known(request))), "")


def affiliation_of(request: HttpRequest) -> str:
    """The organisation that stands before the name of whoever is signed in, or nothing."""
    return next((name for name_of in _affiliations if (name := name_of(request))), "")


def links(request: HttpRequest) -> Iterator[NavLink]:
    """The navigation of this request, in order."""
    for item in sorted(_items.values(), key=lambda item: item.order):
        try:
            href = reverse(item.url_name)
        except NoReverseMatch:
            continue
        if item.show(request):
            yield NavLink(href, item.icon, item.label, _is_current(request, item))


def _is_current(request: HttpRequest, item: NavItem) -> bool:
    match = request.resolver_match
    name = (match.url_name if match else None) or ""
    return name == item.url_name or bool(item.within and name.startswith(item.within))
