"""Documents as PDF: Typst sets a room's template with data. Nothing is fetched, and no font of the system is used."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

FONTS = Path(__file__).parent / "fonts"
# for archives and for screen readers: PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1)
STANDARDS = ["a-2a", "ua-1"]


def pdf(template: Path, data: dict[str, Any], made: datetime) -> bytes:
    """The document that a template (``*.typ``) makes of the data; the same bytes for the same data and moment.

    The data reach the template as JSON, never as markup: ``json(bytes(sys.inputs.data))``. A character that the font
    lacks, as some names have (外字), may not stand in PDF/A; such a document is tagged PDF of no standard.
    """  # ja: the field's word
    compiler = typst.Compiler(str(template), font_paths=[str(FONTS)], ignore_system_fonts=True)
    values = {"sys_inputs": {"data": json.dumps(data, ensure_ascii=False)}, "timestamp": int(made.timestamp())}
    try:
        return compiler.compile(format="pdf", pdf_standards=STANDARDS, **values)
    except typst.TypstError:
        return compiler.compile(format="pdf", **values)
