# Every target sets up what it needs. On a fresh Debian 12: python3, python3-venv, git, make.
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .tools/bin/uv
BIN := .venv/bin
SPREAD := -n auto --dist worksteal
export UV_PYTHON_DOWNLOADS := never
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup run test test-pg test-long check prove e2e bench conformance-oneroster lock translations clean

help: ## show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 22

$(UV):
	@$(PYTHON) -m venv .tools || { rm -rf .tools; \
	  echo "Python cannot make a virtual environment here. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@.tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) || { rm -rf .tools; exit 1; }

.venv/.ready: $(UV) requirements-dev.lock pyproject.toml
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	@$(UV) pip sync --quiet --require-hashes --python $(BIN)/python requirements-dev.lock
	@echo "$(CURDIR)/src" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/terakoya.pth"
	@printf '#!%s\nfrom terakoya.node.cli import main\nmain()\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/terakoya && chmod +x $(BIN)/terakoya
	@touch $@

PO := $(wildcard src/terakoya/*/locale/*/LC_MESSAGES/django.po)
MO := $(PO:.po=.mo)
%.mo: %.po | .venv/.ready
	@$(BIN)/python tools/translations.py compile $<

setup: .venv/.ready $(MO) ## set up the environment without starting anything

run: setup ## start the demo federation (city, PDS, cram school, nation) and print its addresses
	@$(BIN)/terakoya demo

test: setup ## run the test suite on SQLite
	@$(BIN)/pytest $(SPREAD)

test-pg: setup ## run the same suite on a PostgreSQL 15 cluster of its own
	@$(BIN)/python tools/with_postgresql.py $(BIN)/pytest $(SPREAD)

test-long: setup ## a million random situations against the oracle, 500 lives of consents, 100,000 races of a withdrawal
	@TERAKOYA_ORACLE=1000000 TERAKOYA_EXAMPLES=500 $(BIN)/pytest -n0 tests/access/test_oracle.py tests/access/test_machine.py
	@TERAKOYA_RACES=100000 $(BIN)/pytest -n4 tests/access/test_races.py

check: setup ## style, types, layers, migrations, templates, translations, proofs of the matrix
	@$(BIN)/ruff check src tests tools
	@$(BIN)/ruff format --check src tests tools
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/doors.py
	@$(BIN)/python tools/migrations.py
	@$(BIN)/python tools/templates.py
	@$(BIN)/python tools/profiles.py check
	@$(BIN)/python tools/translations.py check
	@$(BIN)/python -m terakoya.access.proving

# AGAINST names a revision of the repository or a file or folder; what has become wider or narrower since is said
prove: setup ## prove the matrix and its policies; AGAINST=<revision or file> says what a change opens or closes
	@$(BIN)/python -m terakoya.access.proving $(if $(AGAINST),--against "$(AGAINST)")

e2e: setup ## browser, canary and crash tests on a running federation (needs the system's Chromium)
	@$(BIN)/python tools/require_chromium.py
	@$(BIN)/pytest -o addopts="-q --strict-markers" -p no:randomly tests/e2e

bench: setup ## measure speed; results and method in benchmarks/
	@$(BIN)/python -m benchmarks

# DOCUMENTS names a folder with the three official OpenAPI documents of OneRoster 1.2; they are not part of this repository
conformance-oneroster: setup ## hold the OneRoster services against the official documents; DOCUMENTS=<folder>
	@test -n "$(DOCUMENTS)" || { echo "Say where the documents are: make conformance-oneroster DOCUMENTS=<folder>"; exit 2; }
	@$(BIN)/python tools/conformance_oneroster.py "$(DOCUMENTS)"

lock: $(UV) ## resolve the dependencies anew into the two lock files
	@$(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 pyproject.toml -o requirements.lock
	@$(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

translations: setup ## bring new texts into the catalogues of every room
	@$(BIN)/python tools/translations.py extract

clean: ## forget the demo's data and everything that was set up
	@rm -rf var .venv .tools .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} + ; find src -name '*.mo' -delete
