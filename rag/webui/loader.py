"""Open WebUI's settings for reading uploaded files, and ours in them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

ENGINE = "external"
FILE_HEADER, NAME_HEADER, USER_HEADER = "X-Paper-Finder-File", "X-Paper-Finder-Name", "X-Paper-Finder-User"
HEADERS = {FILE_HEADER: "{{FILE_ID}}", NAME_HEADER: "{{FILE_NAME}}", USER_HEADER: "{{USER_ID}}"}


def filled(header: str) -> str:
    """The value of a header that Open WebUI fills in; '' when it had nothing to put in, and sent its template as it stands."""
    return "" if header.startswith("{{") else header


@dataclass(frozen=True)
class LoaderSettings:
    """Where Open WebUI has files read; ``engine`` is empty for its own readers."""

    engine: str
    url: str
    key: str
    headers: Mapping[str, str]

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "LoaderSettings":
        """From the body of ``GET /api/v1/retrieval/config``."""
        return cls(
            engine=body["CONTENT_EXTRACTION_ENGINE"] or "",
            url=body["EXTERNAL_DOCUMENT_LOADER_URL"] or "",
            key=body["EXTERNAL_DOCUMENT_LOADER_API_KEY"] or "",
            headers=body["EXTERNAL_DOCUMENT_LOADER_HEADERS"] or {},
        )

    def to_json(self) -> dict[str, Any]:
        """The body of ``POST /api/v1/retrieval/config/update``; settings that are not in it stay."""
        return {
            "CONTENT_EXTRACTION_ENGINE": self.engine,
            "EXTERNAL_DOCUMENT_LOADER_URL": self.url,
            "EXTERNAL_DOCUMENT_LOADER_API_KEY": self.key,
            "EXTERNAL_DOCUMENT_LOADER_HEADERS": dict(self.headers),
        }

    def with_ours(self, ours: "LoaderSettings") -> "LoaderSettings":
        """Ours, when nothing else was chosen; another engine, or another external reader, is the operator's choice."""
        known = self.url.rstrip("/") == ours.url or self.key == ours.key or FILE_HEADER in self.headers
        if self.engine == "" or (self.engine == ENGINE and (known or not self.url)):
            return replace(ours, headers={**self.headers, **ours.headers})
        return self


def our_loader(service_url: str, service_key: str) -> LoaderSettings:
    """Files are read by our service, which is told whose file it is and what it is called in Open WebUI."""
    return LoaderSettings(ENGINE, service_url, service_key, HEADERS)
