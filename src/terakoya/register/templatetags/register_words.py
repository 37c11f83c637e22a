"""Words of the register for its templates."""

from django import template

from terakoya.register import words

register = template.Library()
register.filter("grade_name", words.grade_name)
register.filter("grades_name", words.grades_name)
register.filter("sex_name", words.sex_name)
