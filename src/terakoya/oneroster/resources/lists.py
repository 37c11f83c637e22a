"""The list of materials: its JSON, and by what it is filtered and sorted."""

from collections.abc import Sequence
from typing import Any

from terakoya.materials import api as materials
from terakoya.oneroster.filtering import LIST, MOMENT, By
from terakoya.oneroster.gradebook.by import Gone, text
from terakoya.oneroster.gradebook.documents import moment
from terakoya.oneroster.readers import Reader
from terakoya.oneroster.serving import Collection

NAMES = {
    "title": "title",
    "importance": "importance",
    "vendorResourceId": "vendor_resource_id",
    "vendorId": "vendor_id",
    "applicationId": "application_id",
}


def documents(rows: Sequence[Any], reader: Reader) -> list[dict[str, Any]]:
    """Materials as the service writes them; what one has not is left out."""
    return [_document(row) for row in rows]


def _document(row: Any) -> dict[str, Any]:
    said = {name: getattr(row, column) for name, column in NAMES.items()}
    said = {name: value for name, value in said.items() if value or name == "vendorResourceId"}
    if row.roles:
        said["roles"] = row.roles.split(",")
    status = "tobedeleted" if row.is_gone else "active"
    return {"sourcedId": row.sourced_id, "status": status, "dateLastModified": moment(row.modified_at), **said}


RESOURCES = Collection(
    one="resource",
    many="resources",
    rows=lambda reader: materials.rows_of("resource"),
    documents=documents,
    fields=("sourcedId", "status", "dateLastModified", "metadata", "roles", *NAMES),
    by={
        "sourcedId": text("sourced_id"),
        "status": Gone(),
        "dateLastModified": By("modified_at", MOMENT),
        "roles": By("roles", LIST),
        **{name: text(column) for name, column in NAMES.items()},
    },
    changed="modified_at",
    version=materials.latest,
)
