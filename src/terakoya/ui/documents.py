"""Documents as PDF: Typst sets a room's template with data. Nothing is fetched, and no font of the system is used."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import typst

FONTS = Path(__file__).parent / "fonts"


def pdf(template: Path, data: dict[str, Any], made: datetime) -> bytes:
    """The document that a template (``*.typ``) makes of the data; the same bytes for the same data and moment.

    The data reach the template as JSON, never as markup: ``json(bytes(sys.inputs.data))``. A character that the font
    lacks, as some names have, may not stand in PDF/A; such a document is tagged PDF of no standard.
    """
    compiler = typst.Compiler(str(template), font_paths=[str(FONTS)], ignore_system_fonts=True)
    inputs, moment = {"data": json.dumps(data, ensure_ascii=False)}, int(made.timestamp())
    try:
        # for archives and for screen readers: PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1)
        sheet = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"], sys_inputs=inputs, timestamp=moment)
    except typst.TypstError:
        sheet = compiler.compile(format="pdf", sys_inputs=inputs, timestamp=moment)
    return cast(bytes, sheet)
