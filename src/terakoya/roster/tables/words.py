"""What is said about a clerk's table: kinds of findings, repairs, fields, in the reader's language."""

from django.utils.translation import gettext, gettext_noop

from terakoya.roster.words import WORDS, Words, say

__all__ = ["field_name", "kind_name", "repair_name", "role_name", "say"]

_ = gettext_noop

IN_THE_TABLE = _("Correct the cell in the table and choose the file again.")
SAVE_AGAIN = _("Open the file in Excel and save it as an Excel workbook (.xlsx), without a password.")

FINDINGS: dict[str, Words] = {
    # --- the file ---
    "table.too_large": Words(_("The file is too large."), _("at most %(limit)s MB")),
    "table.unpacked": Words(_("The workbook is too large once unpacked."), _("at most %(limit)s MB"), mend=SAVE_AGAIN),
    "table.old_excel": Words(
        _("The workbook is of an old kind (.xls) or locked with a password."),
        _("an Excel workbook (.xlsx)"),
        mend=SAVE_AGAIN,
    ),
    "table.damaged": Words(_("The workbook is damaged."), _("an Excel workbook (.xlsx)"), mend=SAVE_AGAIN),
    "table.unknown": Words(
        _("This is neither an Excel workbook nor a text of commas or tabs."),
        _("an Excel workbook (.xlsx) or a CSV file"),
    ),
    "table.encoding": Words(
        _("The text is neither UTF-8 nor Shift_JIS as Windows writes it."),
        _("a CSV file in UTF-8 or Shift_JIS"),
        mend=SAVE_AGAIN,
    ),
    "table.quotes": Words(
        _("From row %(row)s on the file cannot be read as CSV."), _("quotation marks in pairs"), '"a ""b"" c"'
    ),
    "table.sheets": Words(_("The workbook has too many sheets."), _("at most %(limit)s sheets")),
    "table.rows": Words(_("The table has too many rows."), _("at most %(limit)s rows")),
    "table.columns": Words(_("The table has too many columns."), _("at most %(limit)s columns")),
    "table.empty": Words(_("There is nothing in the file."), _("a table with a name over each column")),
    "table.macros": Words(_("The workbook has macros; they were not read.")),
    "table.links": Words(_("The workbook has links to other files; they were not followed.")),
    "rows.passed_over": Words(_("Rows without a name were passed over.")),
    # --- cells ---
    "cell.day": Words(
        _("This is no date, or no day that exists."),
        _("a date by era or by the Western year"),
        "2016-05-14",
        IN_THE_TABLE,
    ),
    "cell.grade": Words(_("The school has no such grade."), _("a year of school"), "5", IN_THE_TABLE),
    "cell.section": Words(_("This is no name of a class."), _("the class within its year"), "1", IN_THE_TABLE),
    "cell.grade_section": Words(_("This is no class."), _("year and class"), "5-1", IN_THE_TABLE),
    "cell.sex": Words(_("This is no known word for the sex."), _("male or female"), mend=IN_THE_TABLE),
    "cell.role": Words(_("This post is not known."), _("a post such as principal or teacher"), mend=IN_THE_TABLE),
    "cell.phone": Words(_("This is no telephone number."), _("10 or 11 digits"), "090-0000-0000", IN_THE_TABLE),
    "cell.phone_lost": Words(
        _("The spreadsheet has rounded the telephone number; its digits are lost."),
        _("the number as text"),
        "090-0000-0000",
        _("Type the number anew, with an apostrophe before it or in a cell of the format text."),
    ),
    "cell.own_character": Words(
        _("The cell has a character that was made for one place only; nobody else can read it."),
        _("a character of Unicode"),
        mend=_("Write the name with a character of Unicode; the form to be shown can be another one."),
    ),
    "cell.text_long": Words(_("The text is too long."), _("at most %(limit)s characters"), mend=IN_THE_TABLE),
    # --- lines ---
    "name.unparted": Words(
        _("Family name and given name are not parted."),
        _("a space between family name and given name"),
        mend=IN_THE_TABLE,
    ),
    "row.twice": Words(_("Row %(other)s means the same person."), _("each person once"), mend=IN_THE_TABLE),
    "number.twice": Words(
        _("Row %(other)s has the same number in the same class."), _("a number of one's own"), mend=IN_THE_TABLE
    ),
    "person.unknown": Words(
        _("Nobody here has this key."),
        _("a key from a list that was downloaded here, or an empty cell"),
        mend=IN_THE_TABLE,
    ),
    "class.missing": Words(_("The class is missing."), _("year and class of every pupil"), "5-1", IN_THE_TABLE),
    "class.unknown": Words(
        _("The school has no such class on that day."), _("a class of the school"), "5-1", IN_THE_TABLE
    ),
    "role.missing": Words(_("The post is missing."), _("a post such as principal or teacher"), mend=IN_THE_TABLE),
    "login.taken": Words(
        _("The login name belongs to somebody else at this node."), _("a login name of one's own"), mend=IN_THE_TABLE
    ),
    "child.unknown": Words(
        _("The school has no such pupil."), _("a pupil of the school"), mend=_("Bring in the list of pupils first.")
    ),
    "child.doubtful": Words(
        _("It is not certain which pupil is meant."),
        _("the child's birth date, or class and number"),
        mend=_("Add the child's birth date, or class and number."),
    ),
    # --- codes ---
    "school.code_unlisted": Words(
        _("The national list of schools does not have this code."), _("a code of the national list"), "B101210000009"
    ),
    "school.code_gone": Words(
        _("The national list says that this code has ended on %(day)s."),
        _("the code of the school that took its place"),
    ),
    "board.code_unlisted": Words(
        _("No municipality has this code, or its last digit is wrong."), _("6 digits"), "131016"
    ),
}
WORDS.update(FINDINGS)

REPAIRS = {
    "spaces": _("Spaces that were too many"),
    "invisible": _("Signs that nobody sees"),
    "apostrophe": _("The apostrophe that kept a cell from being run"),
    "half_width_kana": _("Half-width kana made full-width"),
    "long_vowel": _("A dash after kana made the long vowel"),
    "full_width": _("Full-width letters and digits"),
    "katakana": _("Readings in katakana"),
    "era": _("Dates by era"),
    "serial": _("Numbers of days made dates"),
    "class_as_date": _("Classes that a spreadsheet took for dates"),
    "section_word": _("The class without the word for class"),
    "number_word": _("The number without the word for number"),
    "decimal": _("Whole numbers with a decimal point"),
    "leading_zeros": _("Zeros at the front that were lost"),
    "leading_zeros_off": _("Zeros at the front that are too many"),
}

FIELDS = {
    "person": _("Key of the person"),
    "identifier": _("Number of the pupil or member of staff"),
    "username": _("Login name"),
    "grade": _("Year of school"),
    "section": _("Class within the year"),
    "grade_section": _("Year and class as one"),
    "number": _("Attendance number"),
    "name": _("Name"),
    "family": _("Family name"),
    "given": _("Given name"),
    "display_name": _("Name as it is shown"),
    "kana": _("Reading"),
    "kana_family": _("Reading of the family name"),
    "kana_given": _("Reading of the given name"),
    "sex": _("Sex"),
    "birth_date": _("Birth date"),
    "begins": _("First day at the school"),
    "role": _("Post"),
    "phone": _("Telephone"),
    "email": _("E-mail"),
    "address": _("Home address"),
    "guardian_name": _("Guardian's name"),
    "guardian_kana": _("Reading of the guardian's name"),
    "relation": _("Relation"),
    "child_name": _("Child's name"),
    "child_birth_date": _("Child's birth date"),
    # what a plan speaks of beside them
    "place": _("School class"),
    "child": _("Guardian of"),
    "official_family": _("Official family name"),
    "official_given": _("Official given name"),
    "display_family": _("Shown family name"),
    "display_given": _("Shown given name"),
    "official_kana_family": _("Reading of the official family name"),
    "official_kana_given": _("Reading of the official given name"),
}

KINDS = {"pupils": _("Pupils"), "staff": _("Staff"), "guardians": _("Guardians")}


def repair_name(name: str) -> str:
    """What a kind of repair is called."""
    return gettext(REPAIRS[name])


def field_name(name: str) -> str:
    """What a field is called."""
    return gettext(FIELDS[name])


def kind_name(name: str) -> str:
    """What a kind of table is called."""
    return gettext(KINDS[name])


ROLES = {
    "principal": _("Principal"),
    "teacher": _("Teacher"),
    "ext:nurse": _("School nurse"),
    "siteAdministrator": _("School office"),
    "counselor": _("School counsellor"),
    "aide": _("Support staff"),
}


def role_name(name: str) -> str:
    """What a role of OneRoster is called; its own name where it has no other."""
    return gettext(ROLES[name]) if name in ROLES else name
