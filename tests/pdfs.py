"""Small PDFs made on the spot: a title in large letters on the first page, and lines of text."""

import textwrap
from collections.abc import Sequence

_WIDTH = 80


def small_pdf(title: str, pages: Sequence[str]) -> bytes:
    """A PDF with one page for each text; Latin letters only."""
    first = f"BT /F 20 Tf 72 740 Td ({_escaped(title)}) Tj ET\n"
    streams = [(first if number == 0 else "") + _lines(text) for number, text in enumerate(pages)]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, stream in enumerate(streams):
        resources = "/Resources << /Font << /F 3 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] {resources} /Contents {5 + 2 * number} 0 R >>")
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    return _file(objects)


def _lines(text: str) -> str:
    lines = "".join(f"({_escaped(line)}) Tj T* " for line in textwrap.wrap(text, _WIDTH))
    return f"BT /F 10 Tf 14 TL 72 700 Td {lines}ET"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(objects: Sequence[str]) -> bytes:
    written, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(written))
        written += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
    return f"{written}xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode("latin-1")
