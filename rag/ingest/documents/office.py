"""What DOCX, PPTX and EPUB have in common: a zip archive that must not grow without end, and a few facts in XML."""

import re
import zipfile
from io import BytesIO
from urllib.parse import unquote

from lxml import etree

from rag.errors import DamagedFileError, EncryptedFileError, TooLargeError
from rag.ingest.documents.limits import Limits
from rag.ingest.documents.model import Metadata

_MOST_MEMBERS = 20_000
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_OPF = "{http://www.idpf.org/2007/opf}"
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_PEOPLE = re.compile(r"\s*[;；]\s*")
_ENCRYPTED = 0x1


class Package:
    """An archive whose members together are no larger than the limits allow."""

    def __init__(self, data: bytes, filename: str, limits: Limits) -> None:
        """Raises TooLargeError, EncryptedFileError, DamagedFileError."""
        self.filename = filename
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
            members = self._archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise DamagedFileError(f"{filename} is damaged: it cannot be unpacked.") from error
        # zipfile never unpacks more of a member than its size says.
        if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > limits.unpacked_bytes:
            raise TooLargeError(f"{filename} unpacks to more than {limits.unpacked_bytes // 2**20:,} MB.")
        if any(member.flag_bits & _ENCRYPTED for member in members):
            raise EncryptedFileError(f"{filename} is protected by a password.")

    def __contains__(self, name: str) -> bool:
        return name in self._archive.NameToInfo

    def read(self, name: str) -> bytes:
        """A member. Raises DamagedFileError."""
        try:
            return self._archive.read(name)
        except (KeyError, zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
            raise DamagedFileError(f"{self.filename} is damaged: {name} is missing or cannot be unpacked.") from error

    def xml(self, name: str) -> etree._Element:
        """A member as XML, its entities and addresses left alone. Raises DamagedFileError."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            root = etree.fromstring(self.read(name), parser)
        except etree.XMLSyntaxError as error:
            raise DamagedFileError(f"{self.filename} is damaged: {name} is no XML.") from error
        return root


def office_facts(package: Package) -> Metadata:
    """What the properties of an Office file say; the day it was made tells nothing about the year of the work."""
    if "docProps/core.xml" not in package:
        return Metadata()
    root = package.xml("docProps/core.xml")
    return Metadata(
        title=_text(root, f"{_DUBLIN}title"),
        authors=tuple(name for name in _PEOPLE.split(_text(root, f"{_DUBLIN}creator")) if name),
        language=_text(root, f"{_DUBLIN}language"),
    )


def book(package: Package) -> tuple[Metadata, list[bytes]]:
    """What the package file of an EPUB says, and its chapters as XHTML in reading order.

    Raises:
        DamagedFileError: it has no package file.
        EncryptedFileError: its chapters are under digital rights management.
    """
    rootfile = package.xml("META-INF/container.xml").find(f".//{_CONTAINER}rootfile")
    path = "" if rootfile is None else rootfile.get("full-path") or ""
    root = package.xml(path)
    chapters = _spine(root, path.rpartition("/")[0])
    if "META-INF/encryption.xml" in package:
        hidden = package.read("META-INF/encryption.xml")
        # Fonts may be scrambled in any EPUB; text only when it is protected.
        if any(chapter.encode() in hidden for chapter in chapters):
            raise EncryptedFileError(f"{package.filename} is protected against copying.")
    facts = Metadata(
        title=_text(root, f".//{_DUBLIN}title"),
        authors=tuple(_joined(each) for each in root.iterfind(f".//{_DUBLIN}creator") if _joined(each)),
        year=_year(_text(root, f".//{_DUBLIN}date")),
        language=_text(root, f".//{_DUBLIN}language"),
    )
    return facts, [package.read(chapter) for chapter in chapters if chapter in package]


def _spine(root: etree._Element, folder: str) -> list[str]:
    items = {item.get("id"): unquote(item.get("href") or "") for item in root.iterfind(f".//{_OPF}item")}
    wanted = [items.get(reference.get("idref"), "") for reference in root.iterfind(f".//{_OPF}itemref")]
    return [f"{folder}/{name}" if folder else name for name in dict.fromkeys(wanted) if name]


def _text(root: etree._Element, path: str) -> str:
    found = root.find(path)
    return "" if found is None else _joined(found)


def _joined(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _year(date: str) -> int | None:
    found = _YEAR.search(date)
    return int(found.group()) if found else None
