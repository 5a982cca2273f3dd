# `make demo` tries it, `make run` runs it, `make check` is what CI runs.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
export PORT
export PIP_DISABLE_PIP_VERSION_CHECK = 1

# Side by side, then alone what looks at the clock.
define SUITE
$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not alone"
	$(BIN)/python -m pytest -m alone
endef

.PHONY: demo install run test check bench format lock tools clean

demo: .venv/.runs
	@exec $(BIN)/python -m leadcapture.sandbox.demo

# Once, a minute or two.
install: .venv/.runs

run: .venv/.runs
	@$(BIN)/flask --app wsgi leads migrate
	@echo "Listening on http://127.0.0.1:$(PORT)/ (forms at /f/<form>, the operator's pages at /admin/). Ctrl-C stops it."
	@WORKER_IN_WEB=1 exec $(BIN)/gunicorn wsgi:app

test: .venv/.develops tools
	$(SUITE)

check: .venv/.develops tools
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m tests.payload_score
	$(BIN)/python -m tests.screening_score
	$(BIN)/python -m tests.audit
	$(SUITE)

bench: .venv/.develops
	$(BIN)/python -m bench

format: .venv/.develops
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Exact versions with hashes, from the names in the .in files.
lock: .venv/.runs
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-header --no-emit-index-url requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-header --no-emit-index-url requirements-dev.in -o requirements-dev.txt

# What the suite needs besides Python: a browser, network namespaces, PgBouncer.
tools: .venv/.develops
	@$(BIN)/python tests/install_tools.py

.venv/bin/python:
	@echo "Installing (a minute or two, once)…"
	@$(PYTHON) -m venv .venv

.venv/.runs: .venv/bin/python requirements.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements.txt
	@touch $@

.venv/.develops: .venv/.runs requirements-dev.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

clean:
	rm -rf .venv .demo .mypy_cache .ruff_cache .pytest_cache
