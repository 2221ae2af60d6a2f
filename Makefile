# Two commands for a newcomer: `make demo` and `make test`. Everything else is for developers.
SHELL := /bin/bash
PY := .venv/bin/python
T ?= tests
K ?=

.PHONY: demo test check lint types imports docs wheel cov bench screenshots nightly fmt setup clean

demo:            ## build the lab, audit it, say where the report is
	@tests/setup.sh runtime
	@$(PY) -m tests.lab.demo

test: setup      ## every test; T=path and K=word choose some
	$(PY) -m pytest $(T) $(if $(K),-k "$(K)") -q

check: lint types imports cov docs wheel   ## what CI runs

setup:
	@tests/setup.sh all

lint: setup
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/codespell README.md CHANGELOG.md docs --skip '*.png'
	$(PY) -m auditor check lint
	$(PY) -m auditor check test --mutate

types: setup
	.venv/bin/mypy

imports: setup
	.venv/bin/lint-imports

cov: setup       ## tests with branch coverage: 100 % of the pure core, 90 % of all
	rm -f .coverage .coverage.*
	tests/halves.sh
	$(PY) -m coverage combine -q
	$(PY) -m coverage report --fail-under=90 --skip-covered
	$(PY) -m coverage report --fail-under=100 --skip-covered --include='$(CORE)'

CORE := auditor/model/*,auditor/patch/*,auditor/probe/*,auditor/bind.py,auditor/plan.py,auditor/evaluate/*,auditor/verdict.py,auditor/findings.py,auditor/waive.py,auditor/score.py,auditor/redact.py,auditor/report/*

docs: setup      ## generated pages are those that the code gives
	$(PY) -m docs.generate --check

wheel: setup     ## the built wheel works alone and leaks no name
	tests/wheel.sh

bench: setup     ## figures of docs/benchmarks.md
	$(PY) -m tests.bench

screenshots: setup
	$(PY) -m tests.browser.screenshots

nightly: check bench screenshots

fmt:
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

clean:
	rm -rf .venv build dist audit-out .coverage* htmlcov .pytest_cache .mypy_cache .ruff_cache
