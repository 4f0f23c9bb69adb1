"""Files made to do harm, and files that are merely broken: each is a clear error or a result, soon, and the next one is read."""

import io
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from rag.errors import (
    DamagedFileError,
    DocumentError,
    EncryptedFileError,
    NoTextError,
    TooLargeError,
    UnsupportedFormatError,
)
from rag.ingest.documents import Document, Limits, Sandbox
from tests.integration.ingest.documents.conftest import Drawn, memory_taken, within_memory

SLOW = 60.0
USUAL = Limits()
HURRIED = Limits(stall=5.0)


@pytest.fixture(autouse=True)
def _within_memory(real: Sandbox) -> Iterator[None]:  # noqa: ARG001
    """Whatever a file does, reading it takes no more memory than the limit."""
    yield
    assert within_memory()


def read(sandbox: Sandbox, data: bytes, name: str = "paper.pdf", limits: Limits = USUAL) -> Document:
    """The document, in less than a minute."""
    started = time.monotonic()
    try:
        return sandbox.read_now(data, name, "", limits, None)
    finally:
        assert time.monotonic() - started < SLOW


def outcome(sandbox: Sandbox, data: bytes, name: str) -> str:
    """Its text, or what is said instead: nothing else may come of it."""
    try:
        return "\n".join(read(sandbox, data, name, HURRIED).pages)
    except DocumentError as error:
        return str(error)


def write(text: str) -> Callable[[Canvas], None]:
    return lambda canvas: canvas.drawString(72, 700, text)


def zipped(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def bare_pdf(content: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    """A PDF of one page with this packed stream of drawing commands."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Length %d/Filter%b>>stream\n%b\nendstream" % (len(content), filters, content),
    ]
    made, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + table + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(made)


def packed(piece: bytes, times: int) -> bytes:
    """So many repetitions, packed without ever being whole."""
    packer = zlib.compressobj(9)
    first, other = (packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + other * (times - 1) + packer.flush()


def test_an_unsound_stream_of_two_gigabytes(real: Sandbox) -> None:
    stream = packed(b"0" * 2**20, 2_000)
    with pytest.raises(DocumentError):
        read(real, bare_pdf(stream))
    with pytest.raises(DocumentError):
        read(real, bare_pdf(zlib.compress(stream, 9), b"[/FlateDecode/FlateDecode]"))
    assert memory_taken() > USUAL.memory_bytes / 2  # it was the limit that ended them
    assert read(real, b"Still there.", "note.txt").pages == ("Still there.",)


def test_millions_of_words_on_a_page_and_of_states_on_the_stack(real: Sandbox) -> None:
    for commands in (b"BT /F 10 Tf " + b"(aaaaaaaaaa) Tj " * 500_000 + b"ET", b"q " * 20_000_000):
        assert "paper.pdf" in outcome(real, bare_pdf(zlib.compress(commands)), "paper.pdf")


def test_ten_thousand_pages_meet_the_limit_of_pages(real: Sandbox, drawn: Drawn) -> None:
    data = drawn(*[write("A page.")] * 3_000)
    with pytest.raises(TooLargeError, match="3,000 pages"):
        read(real, data)


def test_text_without_end_meets_the_limit_of_characters(real: Sandbox, drawn: Drawn) -> None:
    limits = Limits(characters=1_000)
    with pytest.raises(TooLargeError, match="1,000 characters"):
        read(real, drawn(*[write("A line that is not long, but there are many of them.")] * 30), limits=limits)
    with pytest.raises(TooLargeError, match="1,000 characters"):
        read(real, b"Words and words. " * 100, "note.txt", limits)


def test_a_page_of_kilometres_and_a_picture_of_a_gigapixel(real: Sandbox, drawn: Drawn) -> None:
    with pytest.raises(NoTextError):
        read(real, drawn(lambda canvas: canvas.rect(0, 0, 10**6, 10**6, fill=1), pagesize=(1_440_000, 1_440_000)))
    picture = b"q 500 0 0 700 0 0 cm /I Do Q"
    bomb = b"<</Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode"
    pixels = packed(bytes(2**20), 10_300)
    data = bare_pdf(zlib.compress(picture)).replace(b"/Resources<<", b"/Resources<</XObject<</I 5 0 R>>")
    data = data.replace(
        b"xref\n", b"5 0 obj\n%b/Length %d>>stream\n%b\nendstream\nendobj\nxref\n" % (bomb, len(pixels), pixels), 1
    )
    with pytest.raises(DocumentError):
        read(real, data)


def test_pages_that_contain_themselves(real: Sandbox) -> None:
    loop = bare_pdf(b"").replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]")
    with pytest.raises(DocumentError):
        read(real, loop)


@pytest.mark.parametrize("name", ["bomb.docx", "bomb.pptx", "bomb.epub"])
def test_an_archive_that_unpacks_without_end(real: Sandbox, name: str) -> None:
    member = {"docx": "word/document.xml", "pptx": "ppt/presentation.xml", "epub": "META-INF/container.xml"}[name[-4:]]
    with pytest.raises(TooLargeError, match="unpacks to more than 1 MB"):
        read(real, zipped({member: b"a" * 2**21}), name, Limits(unpacked_bytes=2**20))


def test_an_archive_that_lies_about_its_size(real: Sandbox) -> None:
    true, false = (4 * 2**20).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    data = zipped({"META-INF/container.xml": b"a" * (4 * 2**20)}).replace(true, false)
    with pytest.raises(DamagedFileError):
        read(real, data, "liar.epub")


def test_a_billion_laughs(real: Sandbox) -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]><container>&l11;</container>'.encode()
    with pytest.raises(DocumentError):
        read(real, zipped({"META-INF/container.xml": xml}), "laughs.epub")
    with pytest.raises(DocumentError):
        read(real, zipped({"word/document.xml": xml, "[Content_Types].xml": xml}), "laughs.docx")


def test_nothing_outside_is_read_through_an_entity(real: Sandbox) -> None:
    xml = b'<!DOCTYPE x [<!ENTITY s SYSTEM "file:///etc/passwd">]><container>&s;</container>'
    with pytest.raises(DamagedFileError):
        read(real, zipped({"META-INF/container.xml": xml}), "paper.epub")


@pytest.mark.parametrize("tag", ["div", "table><tr><td", "ul><li", "b"])
def test_html_nested_a_hundred_thousand_deep(real: Sandbox, tag: str) -> None:
    data = f"<html><body><p>Before.</p>{f'<{tag}>' * 100_000}deep".encode()
    found = outcome(real, data, "deep.html")
    assert "Before." in found or "deep.html" in found


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("deep.tex", rb"\documentclass{article}\begin{document}" + b"{" * 100_000 + b"deep"),
        ("deep.md", b"> " * 20_000 + b"deep"),
        ("stars.md", b"*a **b " * 20_000),
        ("brackets.md", b"[" * 50_000),
        ("macros.tex", rb"\newcommand{\a}{\a\a\a}\title{" + b"\\a" * 10_000),
    ],
)
def test_markup_made_to_take_for_ever(real: Sandbox, name: str, data: bytes) -> None:
    found = outcome(real, data, name)
    assert name in found or {"deep.tex": "deep", "deep.md": "deep", "stars.md": "a"}.get(name, "[") in found


def test_too_many_bytes_are_not_even_handed_over(real: Sandbox) -> None:
    with pytest.raises(TooLargeError, match="larger than 1 MB"):
        read(real, b"%PDF-1.7" + bytes(2**20), limits=Limits(input_bytes=2**20))


def test_a_password(real: Sandbox, drawn: Drawn) -> None:
    locked = drawn(write("Secret."), encrypt=StandardEncryption("user", "owner", strength=128))
    with pytest.raises(EncryptedFileError, match=r"paper\.pdf is protected by a password.*without one"):
        read(real, locked)
    # Only printing and copying are forbidden: whoever may open it may find it.
    assert read(real, drawn(write("Printable."), encrypt=StandardEncryption("", "owner", strength=128))).pages == ("Printable.",)
    office = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000) + "EncryptedPackage".encode("utf-16-le") + bytes(1_000)
    with pytest.raises(EncryptedFileError):
        read(real, office, "paper.docx")


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("paper.pdf", b"%PDF-1.7 and nothing more", DamagedFileError),
        ("paper.pdf", b"<html>not found</html>", DamagedFileError),
        ("paper.docx", b"PK\x03\x04 cut off", DamagedFileError),
        ("paper.docx", zipped({"word/document.xml": b"<broken"}), DamagedFileError),
        ("paper.epub", zipped({"META-INF/container.xml": b"<container/>"}), DamagedFileError),
        ("paper.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000), UnsupportedFormatError),
        ("sheet.xlsx", zipped({"xl/workbook.xml": b""}), UnsupportedFormatError),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0", UnsupportedFormatError),
        ("empty.txt", b" \n ", NoTextError),
        ("empty.pdf", b"", NoTextError),
        ("empty.html", b"<html><body><script>x</script></body></html>", NoTextError),
    ],
)
def test_broken_and_foreign_files_say_what_they_are(real: Sandbox, name: str, data: bytes, kind: type[DocumentError]) -> None:
    with pytest.raises(kind, match=name) as raised:
        read(real, data, name)
    assert type(raised.value) is kind
    assert raised.value.status in {413, 415, 422}


def test_a_blank_pdf(real: Sandbox, drawn: Drawn) -> None:
    with pytest.raises(NoTextError, match="no text in paper"):
        read(real, drawn(lambda _: None))
