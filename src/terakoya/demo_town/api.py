"""The door of the make-believe town: made from a seed, written as files that a real town would send."""

from .building import make_town
from .packages import write_city_package, write_juku_package
from .records import PostRefused, post_statements, statements_of
from .town import Guardian, Juku, JukuPupil, Klass, Login, Person, Pupil, School, Teacher, Town

__all__ = [
    "Guardian",
    "Juku",
    "JukuPupil",
    "Klass",
    "Login",
    "Person",
    "PostRefused",
    "Pupil",
    "School",
    "Teacher",
    "Town",
    "make_town",
    "post_statements",
    "statements_of",
    "write_city_package",
    "write_juku_package",
]
