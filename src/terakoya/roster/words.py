"""What the findings say: problem, what is expected, an example, and how to mend it, in the reader's language."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext, gettext_noop


class Words(NamedTuple):
    """The texts of one kind of finding, with places for its details in %-form."""

    problem: str
    expected: str = ""
    example: str = ""
    mend: str = ""


_ = gettext_noop

AGAIN = _("Write the package anew from the system it comes from.")
IN_THE_SOURCE = _("Correct the value in the system the package comes from, and write the package anew.")

WORDS: dict[str, Words] = {
    "more": Words(_("There are %(count)s more causes; they are told when these are mended.")),
    # --- the package ---
    "zip.unreadable": Words(
        _("This is no ZIP file, or it is damaged."), _("a ZIP file"), "RO_20270401_139998.zip", AGAIN
    ),
    "zip.encrypted": Words(
        _("The file is locked with a password."),
        _("a ZIP file without a password"),
        mend=_("Write it without a password."),
    ),
    "zip.too_many": Words(_("The package holds %(count)s files."), _("at most %(limit)s files"), mend=AGAIN),
    "zip.too_large": Words(_("The package is too large once unpacked."), _("at most %(limit)s MB"), mend=AGAIN),
    "zip.nested": Words(
        _("There is a ZIP file inside the ZIP file."),
        _("CSV files only"),
        "users.csv",
        _("Unpack the inner file and send that one."),
    ),
    "zip.path": Words(_("A file name points out of the package."), _("a plain file name"), "users.csv", AGAIN),
    "zip.folder": Words(
        _("The file lies in a folder."),
        _("files at the top of the package, not in a folder"),
        "users.csv",
        _("Mark the CSV files themselves, not their folder, when making the ZIP file."),
    ),
    "zip.duplicate": Words(_("The package holds this file twice."), _("each file once"), mend=AGAIN),
    "zip.unknown": Words(_("The standard knows no such file; it was passed over.")),
    "file.missing": Words(_("The file is missing."), _("all of: %(files)s"), mend=AGAIN),
    "file.other_case": Words(_("The file name is spelled differently; it was read all the same."), "%(name)s"),
    "file.not_taken": Words(_("The file is part of the standard but not of a roster; it was passed over.")),
    "birth.future": Words(
        _("The birth date lies in the future."), _("a day up to today"), "2016-05-14", mend=_("Correct the date.")
    ),
    "birth.grade": Words(
        _("The birth date does not go with the year of school."),
        mend=_("If the pupil is in the right year of school, leave it as it is."),
    ),
    "file.encoding": Words(
        _("The text is not UTF-8."), _("a file in UTF-8"), mend=_("Export the file as CSV in UTF-8.")
    ),
    "file.encoding_cp932": Words(
        _("The text is not UTF-8; it looks like Shift_JIS (CP932), as Excel saves it in Japan."),
        _("a file in UTF-8"),
        mend=_('Do not open and save the file in Excel, or save it as "CSV UTF-8".'),
    ),
    "file.bom": Words(_("The file begins with a byte order mark; it was read all the same."), _("UTF-8 without one")),
    "file.csv": Words(
        _("From here on the file cannot be read as CSV."), _("quotation marks in pairs"), '"a ""b"" c"', AGAIN
    ),
    "file.empty": Words(_("The file has no header."), _("the column names in the first row"), mend=AGAIN),
    "row.length": Words(
        _("The row has %(cells)s cells, the header %(columns)s."),
        _("as many cells as the header has columns"),
        mend=_("Look for a missing or surplus comma in this row."),
    ),
    # --- the manifest ---
    "manifest.header": Words(_("The header of the manifest is a different one."), "propertyName,value", mend=AGAIN),
    "manifest.earlier": Words(
        _("The package is of OneRoster %(version)s, which has no roles file and no Japan profile."),
        _("one of: %(versions)s"),
        "1.2_JP",
        _("Choose OneRoster 1.2 or a Japan profile when exporting."),
    ),
    "manifest.version": Words(
        _("The version of the package is not known here."), _("one of: %(versions)s"), "1.2_JP", AGAIN
    ),
    "manifest.no_version": Words(
        _("The manifest does not say which version the package is of."), "oneroster.version", mend=AGAIN
    ),
    "manifest.mode": Words(
        _("The manifest does not say how %(name)s.csv is sent."), _("one of: %(modes)s"), "bulk", AGAIN
    ),
    "manifest.absent": Words(
        _("The manifest says that %(name)s.csv is not in the package, but it is."), "bulk", "bulk", AGAIN
    ),
    "manifest.promised": Words(
        _("The manifest says that %(name)s.csv is in the package, but it is not."), "absent", "absent", AGAIN
    ),
    # --- headers ---
    "header.missing": Words(_("The column %(name)s is missing."), "%(name)s", mend=AGAIN),
    "header.unknown": Words(
        _("The standard knows no column of this name."),
        _("a column of the standard, or metadata.<vendor>.<field>"),
        mend=_("Compare the spelling with the names of the columns that are missing, if any."),
    ),
    "header.empty": Words(_("The column has no name."), _("a name over every column"), mend=AGAIN),
    "header.twice": Words(_("There are two columns of this name."), _("each column once"), mend=AGAIN),
    "header.order": Words(_("The columns stand in another order than in the standard; they were read by name.")),
    "header.extension": Words(_("A column that is not known here; it was passed over.")),
    # --- cells ---
    "cell.required": Words(_("The cell is empty."), _("a value in every row"), mend=IN_THE_SOURCE),
    "cell.status": Words(
        _("A row of changes (delta) says neither that it holds nor that it is gone."),
        "active, tobedeleted",
        "active",
        AGAIN,
    ),
    "cell.moment": Words(
        _("This is no moment: date, time and time zone."), "YYYY-MM-DDThh:mm:ss.sssZ", "2026-04-01T00:00:00.000Z", AGAIN
    ),
    "cell.id": Words(
        _("This is no identifier."),
        _("1 to 255 letters, digits or . - _ / @ :"),
        "5f0b7a52-7d0e-4a3b-9c56-2f1f6e0f7b10",
    ),
    "cell.boolean": Words(
        _("This is neither true nor false."), _("true or false, in small letters"), "true", IN_THE_SOURCE
    ),
    "cell.date": Words(_("This is no date."), _("year, month and day as YYYY-MM-DD"), "2026-04-01", IN_THE_SOURCE),
    "cell.year": Words(_("This is no year."), _("four digits"), "2026", IN_THE_SOURCE),
    "cell.integer": Words(_("This is no whole number."), _("a whole number, 0 or more"), "12", IN_THE_SOURCE),
    "cell.number": Words(
        _("This is no number."), _("a number, with a point before its fraction"), "72.5", IN_THE_SOURCE
    ),
    "cell.uuid": Words(
        _("This is no UUID of version 4."),
        _("32 hexadecimal digits in five groups, the third beginning with 4"),
        "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        IN_THE_SOURCE,
    ),
    "cell.enum": Words(_("The value is not one of those allowed here."), _("one of: %(values)s"), mend=IN_THE_SOURCE),
    "cell.list": Words(_("The list has an empty entry."), _("values parted by one comma"), '"a,b"', IN_THE_SOURCE),
    "cell.long": Words(_("The text is too long."), _("at most %(limit)s characters"), mend=IN_THE_SOURCE),
    "cell.control": Words(_("The cell holds a control character that nobody can see."), _("text"), mend=IN_THE_SOURCE),
    "cell.empty": Words(_("A full export leaves this cell empty; here it is filled."), _("an empty cell"), mend=AGAIN),
    "cell.ignored": Words(_("The profile keeps this cell empty; the value was passed over.")),
    # --- across rows and files ---
    "id.twice": Words(
        _("An earlier row has the same value."), _("a value of its own in every row"), mend=IN_THE_SOURCE
    ),
    "reference.missing": Words(
        _("No row of %(to)s has this identifier."),
        _("an identifier from %(to)s"),
        mend=_("Add the missing row to %(to)s, or take the reference out, in the system the package comes from."),
    ),
    "reference.circle": Words(
        _("Going upwards from this row leads back to it."), _("a parent that lies above"), mend=IN_THE_SOURCE
    ),
    "dates.order": Words(
        _("It ends before it begins."), _("an end that is not before the beginning"), mend=IN_THE_SOURCE
    ),
    "enrolment.school": Words(
        _("The class belongs to another school."), _("the school of the class: %(school)s"), mend=IN_THE_SOURCE
    ),
    "lists.length": Words(
        _("subjects and subjectCodes are lists of different length."), _("a code for every subject"), mend=IN_THE_SOURCE
    ),
    "role.none": Words(
        _("Nobody says what this person is: roles.csv has no row for them."),
        _("a row in roles.csv for every user"),
        mend=IN_THE_SOURCE,
    ),
    "agent.no_guardian": Words(
        _("The agent is no guardian according to roles.csv; no guardianship was taken over."),
        _("an agent with the role guardian"),
    ),
    "home_class.kind": Words(_("The class is no homeroom."), _("a class of type homeroom")),
    "student.primary": Words(_("A pupil's enrolment is never the primary one; false was taken."), "false"),
    "session.title": Words(
        _("The title of a school year has another form."), _("the year in four digits, then the word for school year")
    ),
    "school.code": Words(
        _("The code is no national school code: form or check digit is wrong."), _("13 characters"), "B101210000009"
    ),
    "board.code": Words(_("The code is no code of a board of education."), _("6 digits"), "131016"),
    "name.characters": Words(
        _("The display name has a character outside JIS X 0213, which other systems may not show."),
        _("a display name in JIS X 0213"),
    ),
    "name.half_width": Words(_("The reading is not in full-width katakana."), _("full-width katakana")),
    "district.parent": Words(
        _("A board of education has no organisation above it."), _("an empty cell"), mend=IN_THE_SOURCE
    ),
    # --- against what the node knows ---
    "person.key_changed": Words(
        _("This person is known here under another key."),
        "%(known)s",
        mend=_("A person's key is kept for life. Give the person the key above in the system the package comes from."),
    ),
    "username.taken": Words(
        _("The user name belongs to somebody else at this node."), _("a user name of one's own"), mend=IN_THE_SOURCE
    ),
    "owner.another": Words(
        _("Of what the package says, %(number)s values belong to another system. They wait until somebody decides."),
        mend=_("Look at them at the desk of the register, under people, and accept or decline each."),
    ),
    "removals.many": Words(
        _("The import would end %(ended)s of %(all)s enrolments."),
        _("at most %(limit)s %% in one import"),
        mend=_("If the year or the classes change, confirm it. Otherwise look whether the export was complete."),
    ),
}

KINDS = {
    "organisations": _("Organisations"),
    "sessions": _("School years"),
    "courses": _("Courses"),
    "classes": _("Classes"),
    "people": _("People"),
    "roles": _("Roles"),
    "enrolments": _("Enrolments"),
    "guardianships": _("Guardianships"),
    "profiles": _("Accounts in applications"),
    "protections": _("Address protections"),
    "proposals": _("Values of other systems, waiting"),
}
COUNTS = {"new": _("new"), "changed": _("changed"), "unchanged": _("unchanged"), "ended": _("ended")}


def register(found: Mapping[str, Words], kinds: Mapping[str, str]) -> None:
    """Give words to what another room finds in its files of a package, and to its kinds of rows."""
    WORDS.update(found)
    KINDS.update(kinds)


def say(code: str, part: str, details: Mapping[str, Any]) -> str:
    """One text of a finding."""
    text = getattr(WORDS[code], part)
    if not text:
        return ""
    translated = gettext(text)
    return translated % details if "%" in translated else translated


def kind_name(kind: str) -> str:
    """What a kind of row is called."""
    return gettext(KINDS[kind])


def count_name(name: str) -> str:
    """What a count is called."""
    return gettext(COUNTS[name])
