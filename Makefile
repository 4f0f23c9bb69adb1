# Paper Finder: `make up` starts everything; `make help` lists the rest.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help up test test-full lint lock

# An environment is current while its stamp carries the checksum of what went into it.
checksum = $(shell { cat $(1) scripts/environment; $(2)/bin/python -V; } 2>/dev/null | cksum | cut -d' ' -f1)
SERVICE := .venv/.service-$(call checksum,requirements/service.lock pyproject.toml,.venv)
DEV := .venv/.dev-$(call checksum,requirements/dev.lock pyproject.toml,.venv)
WEBUI := .venv-webui/.open-webui-$(call checksum,requirements/open-webui.lock,.venv-webui)

# `make up EMBEDDINGS=… MODEL=… PORT=…`: what is given to make goes out as PAPER_FINDER_….
given = $(if $(findstring command line,$(origin $(1))),$(eval export PAPER_FINDER_$(1) := $$($(1))))
$(foreach name,EMBEDDINGS MODEL DIMENSIONS HOST PORT WEBUI_PORT,$(call given,$(name)))
ifdef PYTHON
export PYTHON
endif
ifdef UPGRADE
export UPGRADE
endif

help:  ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | awk -F':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

up: $(SERVICE) $(WEBUI)  ## install what is missing, start everything, stop on Ctrl-C
	@exec .venv/bin/paper-finder up

test: $(DEV) $(WEBUI) lint  ## the tests CI runs
	scripts/chromium
	.venv/bin/pytest -m "not slow"

test-full: $(DEV) $(WEBUI) lint  ## the long tests too
	scripts/chromium
	.venv/bin/pytest

lint: $(DEV)  ## style and types
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

lock: $(SERVICE)  ## re-make requirements/*.lock (UPGRADE=1 takes newer versions)
	scripts/lock

$(SERVICE):
	@scripts/environment .venv requirements/service.lock
	@touch .venv/.service-$(call checksum,requirements/service.lock pyproject.toml,.venv)

$(DEV): $(SERVICE)
	@scripts/environment .venv requirements/dev.lock
	@touch .venv/.dev-$(call checksum,requirements/dev.lock pyproject.toml,.venv)

$(WEBUI): $(SERVICE)
	@scripts/environment .venv-webui requirements/open-webui.lock
	@touch .venv-webui/.open-webui-$(call checksum,requirements/open-webui.lock,.venv-webui)
