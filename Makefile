# Everything runs in an environment of its own, made from pinned and hashed dependencies.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check format docs lock audit sbom clean screenshots

run: $(VENV)/run.done  ## crawl the sample federation and serve it on http://127.0.0.1:8000
	@$(BIN)/netzlotse demo

test: $(VENV)/test.done  ## the whole suite
	@$(BIN)/python -m pytest -n auto --dist worksteal

check: $(VENV)/test.done  ## style, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/test.done
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/docs.done  ## the documentation as a site: docs/_build/index.html
	$(BIN)/sphinx-build --quiet --fail-on-warning -b html docs docs/_build

lock:  ## write the pinned requirements anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --extra build --extra postgres --extra s3 pyproject.toml -o requirements/run.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --extra test pyproject.toml -o requirements/test.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --extra build --extra postgres --extra s3 --extra docs -c requirements/test.txt \
	  pyproject.toml -o requirements/docs.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --extra build --extra audit pyproject.toml -o requirements/audit.txt

audit: $(VENV)/audit.done  ## ask what is known against the pinned dependencies (needs a network)
	@PIP_AUDIT=$(BIN)/pip-audit .ci/audit requirements/run.txt

sbom: $(VENV)/audit.done  ## write the pinned dependencies as CycloneDX
	$(BIN)/cyclonedx-py requirements requirements/run.txt --pyproject pyproject.toml \
	  --output-reproducible --of JSON -o sbom.json

screenshots: $(VENV)/test.done  ## a picture of every kind of page, in screenshots/
	$(BIN)/python -m tests.screenshots

clean:
	rm -rf $(VENV) *.egg-info docs/_build docs/reference

$(VENV)/%.done: requirements/%.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "netzlotse needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)" \
	         "(PYTHON=/path/to/python3 make ... names another)" >&2; exit 1; }
	@test -w . || { echo "this folder cannot be written: clone into one of your own" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "no environment could be made: install the venv module (Debian: apt install" \
	         "python3-venv)" >&2; exit 1; }
	@echo "installing pinned dependencies ($*), once"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $< || \
	  { echo "the pinned dependencies could not be fetched: is there a network?" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
	  --no-build-isolation --no-index -e .
	@touch $@
