"""Exports: papers as BibTeX, RIS, CSL-JSON, CSV or a Markdown list, for Zotero, JabRef, EndNote and spreadsheets."""

from rag.exports.formats import Format, export, format_named

__all__ = ["Format", "export", "format_named"]
