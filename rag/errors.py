"""One error tree: the message, the HTTP status and the hint to the user live on the class."""

from typing import ClassVar


class PaperFinderError(Exception):
    """Something went wrong in Paper Finder."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    hint: ClassVar[str] = ""

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        """Without a message, the class docstring is the message."""
        self.message = message or (type(self).__doc__ or "").strip()
        self.advice = hint or type(self).hint
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class ConfigurationError(PaperFinderError):
    """A setting is wrong."""

    code = "configuration_error"
    hint = "The README's table of settings says what each one takes."


class InvalidRequestError(PaperFinderError):
    """The request cannot be understood."""

    status = 400
    code = "invalid_request"


class AuthenticationError(PaperFinderError):
    """A key is missing or wrong."""

    status = 401
    code = "invalid_api_key"
    hint = "Send 'Authorization: Bearer KEY'; the service key is in secrets.env in the state folder."


class ForbiddenError(PaperFinderError):
    """This credential may not do that."""

    status = 403
    code = "forbidden"


class NotFoundError(PaperFinderError):
    """There is nothing under this name."""

    status = 404
    code = "not_found"


class DatabaseUnavailableError(PaperFinderError):
    """The database cannot be reached."""

    status = 503
    code = "database_unavailable"
    hint = "It is tried again at the next question; 'make up' restarts the embedded one by itself."


class NotReadyError(PaperFinderError):
    """Paper Finder is starting."""

    status = 503
    code = "not_ready"


class BusyError(PaperFinderError):
    """Paper Finder is reading other files."""

    status = 503
    code = "busy"


class MigrationError(PaperFinderError):
    """The database schema cannot be brought up to date."""

    code = "migration_error"


class EmbeddingError(PaperFinderError):
    """The embedding server gave an answer that cannot be used."""

    status = 502
    code = "embedding_error"


class EmbeddingUnavailableError(EmbeddingError):
    """The embedding server cannot be reached."""

    status = 503
    code = "embedding_unavailable"
    hint = "Check PAPER_FINDER_EMBEDDINGS and that the server is running."


class EmbeddingBusyError(EmbeddingUnavailableError):
    """The embedding server takes no more for now."""

    code = "embedding_busy"


class SelfCheckError(EmbeddingError):
    """The embedding model does not give the vectors it should."""

    code = "embedding_self_check"


class JobKilledError(PaperFinderError):
    """The process that worked on this file was killed: it most likely needs too much memory."""

    code = "job_killed"
    hint = "Split it into several files."


class UnreadableFileError(PaperFinderError):
    """The file cannot be read as a list of papers."""

    status = 422
    code = "unreadable_file"
    hint = (
        "Readable are lists of papers (BibTeX, RIS, EndNote, PubMed, Web of Science, CSL-JSON, JSON Lines, CSV and others that "
        "the README names), and documents: PDF, DOCX, PPTX, HTML, EPUB, Markdown, plain text and LaTeX source."
    )


class FetchError(PaperFinderError):
    """The address cannot be fetched."""

    status = 502
    code = "fetch_error"


class BackupError(PaperFinderError):
    """The backup cannot be written or restored."""

    status = 422
    code = "backup_error"


class DocumentError(PaperFinderError):
    """The document cannot be read."""

    status = 422
    code = "unreadable_document"


class EncryptedFileError(DocumentError):
    """The file is protected by a password."""

    code = "encrypted_file"
    hint = "Open it with its password, save it without one, and try again."


class DamagedFileError(DocumentError):
    """The file is damaged."""

    code = "damaged_file"
    hint = "Download it again, or open it in its own program and save it anew ('print as PDF' mends most PDFs)."


class NoTextError(DocumentError):
    """There is no text in the file."""

    code = "no_text"


class NoTextLayerError(NoTextError):
    """The pages are pictures without text."""

    code = "no_text_layer"
    hint = (
        "Paper Finder reads pictures of text with tesseract, which is not installed on its machine. Debian and Ubuntu: "
        "apt install tesseract-ocr tesseract-ocr-chi-sim; macOS: brew install tesseract tesseract-lang."
    )


class TooLargeError(DocumentError):
    """The document is larger than what Paper Finder reads."""

    status = 413
    code = "document_too_large"
    hint = "Split it into several files."


class UnsupportedFormatError(DocumentError):
    """Paper Finder does not read files of this kind."""

    status = 415
    code = "unsupported_format"
    hint = "It reads PDF, DOCX, PPTX, HTML, EPUB, Markdown, plain text and LaTeX source."


class ParsingTimeoutError(DocumentError):
    """Reading the document took too long and was given up."""

    code = "parsing_timeout"
    hint = "Save it anew ('print as PDF') or split it into several files, and try again."


class WebUIUnavailableError(PaperFinderError):
    """Open WebUI cannot be reached."""

    status = 503
    code = "webui_unavailable"


class WebUIRefusedError(PaperFinderError):
    """Open WebUI refuses this credential."""

    status = 403
    code = "webui_refused"


class StackError(PaperFinderError):
    """Paper Finder cannot be started."""

    code = "stack_error"
