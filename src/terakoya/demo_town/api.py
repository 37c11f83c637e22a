"""The door of the make-believe town: made from a seed, written as files that a real town would send."""

from .building import make_town
from .doubtful import OTHER_SYSTEM, phone_to_propose
from .packages import write_city_package, write_juku_package
from .records import PostRefused, post_statements, statements_of
from .town import Guardian, Juku, JukuPupil, Klass, Login, Person, Pupil, School, Teacher, Town

__all__ = [
    "OTHER_SYSTEM",
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
    "phone_to_propose",
    "post_statements",
    "statements_of",
    "write_city_package",
    "write_juku_package",
]
