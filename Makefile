# Paper Finder: `make up` starts everything; `make help` lists the rest.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help up vllm test test-full lint evaluation lock

# An environment is current while it runs and carries a stamp with the checksum of what went into it.
state = $(shell $(1)/bin/python -V >/dev/null 2>&1 && echo installed || echo missing)
checksum = $(shell cat scripts/environment $(1) | cksum | cut -d' ' -f1)
stamp = $(1)/.$(2)-$(call state,$(1))-$(call checksum,$(3))
SERVICE := $(call stamp,.venv,service,requirements/service.lock pyproject.toml)
DEV := $(call stamp,.venv,dev,requirements/dev.lock pyproject.toml)
WEBUI := $(call stamp,.venv-webui,open-webui,requirements/open-webui.lock)
VLLM_BUILD := $(shell scripts/vllm-build)
VLLM := $(call stamp,.venv-vllm,$(VLLM_BUILD),requirements/$(VLLM_BUILD).lock)
LLAMA_CPP := $(call stamp,.venv-llama-cpp,llama-cpp,requirements/llama-cpp.lock)

# `make up EMBEDDINGS=… MODEL=… PORT=…`: what is given to make goes out as PAPER_FINDER_….
given = $(if $(findstring command line,$(origin $(1))),$(eval export PAPER_FINDER_$(1) := $$($(1))))
$(foreach name,EMBEDDINGS MODEL DIMENSIONS INDEX_DIMENSIONS RERANKER CHAT HOST PORT WEBUI_PORT VLLM_PORT,$(call given,$(name)))
ifdef PYTHON
export PYTHON
endif
ifdef UPGRADE
export UPGRADE
endif

help:  ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | awk -F':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

up: $(SERVICE) $(WEBUI) $(if $(filter vllm,$(PAPER_FINDER_EMBEDDINGS)),$(VLLM))  ## install what is missing, start everything, stop on Ctrl-C
	@exec .venv/bin/paper-finder up

vllm: $(SERVICE) $(VLLM)  ## serve an embedding model (MODEL=…) with vLLM alone, until Ctrl-C
	@exec .venv/bin/paper-finder vllm

test: $(DEV) $(WEBUI) $(VLLM) lint  ## the tests CI runs
	scripts/chromium
	scripts/tesseract
	.venv/bin/pytest -m "not slow"

test-full: $(DEV) $(WEBUI) $(VLLM) $(LLAMA_CPP) lint  ## the long tests too
	scripts/chromium
	scripts/tesseract
	scripts/nginx
	.venv/bin/pytest

lint: $(DEV)  ## style and types
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

evaluation: $(SERVICE)  ## measure the rankings on the test sets and write docs/evaluation.md
	.venv/bin/paper-finder eval $${PAPER_FINDER_TEST_DATA:-../shared/data}/retrieval/* --report docs/evaluation.md

lock: $(SERVICE)  ## re-make requirements/*.lock (UPGRADE=1 takes newer versions)
	scripts/lock

$(SERVICE):
	@rm -f .venv/.service-*
	@scripts/environment .venv requirements/service.lock
	@touch $(subst missing,installed,$@)

$(DEV): $(SERVICE)
	@rm -f .venv/.dev-*
	@scripts/environment .venv requirements/dev.lock
	@touch $(subst missing,installed,$@)

$(WEBUI): $(SERVICE)
	@rm -f .venv-webui/.open-webui-*
	@scripts/environment .venv-webui requirements/open-webui.lock
	@touch $(subst missing,installed,$@)

$(VLLM): $(SERVICE)
	@rm -f .venv-vllm/.vllm*
	@scripts/environment .venv-vllm requirements/$(VLLM_BUILD).lock
	@touch $(subst missing,installed,$@)

# Without a C++ compiler its test is skipped.
$(LLAMA_CPP): $(SERVICE)
	@rm -f .venv-llama-cpp/.llama-cpp-*
	@scripts/environment .venv-llama-cpp requirements/llama-cpp.lock && touch $(subst missing,installed,$@) || rm -rf .venv-llama-cpp
