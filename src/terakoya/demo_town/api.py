"""The door of the make-believe town: made from a seed, written as files that a real town would send."""

from .building import make_town
from .packages import write_city_package, write_juku_package
from .town import Guardian, Juku, JukuPupil, Klass, Login, Person, Pupil, School, Teacher, Town

__all__ = [
    "Guardian",
    "Juku",
    "JukuPupil",
    "Klass",
    "Login",
    "Person",
    "Pupil",
    "School",
    "Teacher",
    "Town",
    "make_town",
    "write_city_package",
    "write_juku_package",
]
