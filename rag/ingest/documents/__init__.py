"""Documents: the bytes of a PDF, DOCX, HTML… become metadata, pages and passages."""

from rag.ingest.documents.model import Block, Document, Metadata, Page, PassageDraft, Span

__all__ = ["Block", "Document", "Metadata", "Page", "PassageDraft", "Span"]
