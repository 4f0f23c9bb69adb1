"""Pictures of text."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from rag.errors import NoTextLayerError
from rag.ingest.documents import Budget, Document, Limits, Sandbox
from tests.integration.ingest.documents.conftest import Drawn

CJK_FONTS = ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "/System/Library/Fonts/PingFang.ttc")
ENGLISH = ("The quick brown fox jumps over", "the lazy dog and the widgets.")


def languages() -> set[str]:
    if shutil.which("tesseract") is None:
        return set()
    return set(subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False).stdout.split())


needs_tesseract = pytest.mark.skipif(not {"eng", "chi_sim"} <= languages(), reason="needs tesseract with eng and chi_sim")


def pictured(
    texts: tuple[str, ...], font: ImageFont.FreeTypeFont | ImageFont.ImageFont, turn: int = 0
) -> Callable[[Canvas], None]:
    """Draws a page that is a picture of these lines."""
    picture = Image.new("L", (2480, 3508), 255)
    pen = ImageDraw.Draw(picture)
    for place, text in enumerate(texts):
        pen.text((300, 400 + 140 * place), text, font=font, fill=0)
    shown = ImageReader(picture.rotate(turn, expand=True))
    width, height = shown.getSize()
    return lambda canvas: canvas.drawImage(shown, 0, 0, width * 72 / 300, height * 72 / 300)


def latin() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=80)


def read(sandbox: Sandbox, data: bytes, budget: Budget | None = None) -> Document:
    return sandbox.read_now(data, "scan.pdf", "", Limits(), budget)


@needs_tesseract
def test_a_scanned_page_is_read(real: Sandbox, drawn: Drawn) -> None:
    document = read(real, drawn(pictured(ENGLISH, latin()), pagesize=(595, 842)))
    assert document.pages == (" ".join(ENGLISH),)
    assert (document.pages_read, document.warnings) == (1, ())


@needs_tesseract
def test_a_page_that_lies_on_its_side(real: Sandbox, drawn: Drawn) -> None:
    lines = ENGLISH * 6
    document = read(real, drawn(pictured(lines, latin(), turn=90), pagesize=(842, 595)))
    assert document.pages[0].count("quick brown fox") >= 5


@needs_tesseract
def test_chinese_has_no_spaces_between_its_characters(real: Sandbox, drawn: Drawn) -> None:
    font = next((path for path in CJK_FONTS if Path(path).exists()), None)
    if font is None:
        pytest.skip("needs a font with Chinese characters")
    page = pictured(
        ("机器学习是人工智能的一个分支", "深度学习使用神经网络"),
        ImageFont.truetype(font, 96, index=2 if font.endswith("CJK-Regular.ttc") else 0),
    )
    text = read(real, drawn(page, pagesize=(595, 842))).pages[0]
    assert "人工智能的一个分支" in text
    assert "神经网络" in text


@needs_tesseract
def test_pages_with_text_and_pictures_together(real: Sandbox, drawn: Drawn) -> None:
    data = drawn(
        lambda canvas: canvas.drawString(72, 700, "A page with a text layer, long enough."),
        pictured(ENGLISH, latin()),
        pagesize=(595, 842),
    )
    document = read(real, data)
    assert document.pages == ("A page with a text layer, long enough.", " ".join(ENGLISH))


@needs_tesseract
def test_when_the_time_is_up_the_rest_is_for_later(real: Sandbox, drawn: Drawn) -> None:
    data = drawn(*[pictured(ENGLISH, latin())] * 3, pagesize=(595, 842))
    part = read(real, data, Budget(seconds=0.2))
    assert part.pages_read < part.page_count == 3
    assert part.warnings == ()
    whole = read(real, data)
    assert (whole.pages_read, whole.pages) == (3, (" ".join(ENGLISH),) * 3)


def test_without_tesseract_the_user_reads_what_to_install(drawn: Drawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    sandbox = Sandbox()
    try:
        with pytest.raises(NoTextLayerError, match=r"no text layer.*tesseract-ocr tesseract-ocr-chi-sim"):
            read(sandbox, drawn(pictured(ENGLISH, latin()), pagesize=(595, 842)))
        data = drawn(
            lambda canvas: canvas.drawString(72, 700, "A page with a text layer, long enough."),
            pictured(ENGLISH, latin()),
            pagesize=(595, 842),
        )
        document = read(sandbox, data)
        assert document.pages == ("A page with a text layer, long enough.", "")
        assert document.pages_read == 2
        assert document.warnings[0].startswith("Page 2 is a picture without text.")
    finally:
        sandbox.close()
