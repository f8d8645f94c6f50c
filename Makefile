# One command a chore, the same here and in CI. Needs Python 3.11+ and make; everything else it installs itself.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Processes that share the tests, file by file.
WORKERS ?= 2

.PHONY: venv demo test check bench format screenshots browser clean-venv

# Installs once; again only when the pinned versions or the package's own description change.
$(READY): requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("dcwtal needs Python 3.11 or newer; found " + sys.version.split()[0] + "; try: make PYTHON=python3.11 $(MAKECMDGOALS)" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $(READY)

venv: $(READY)

demo: $(READY)
	$(BIN)/python app.py || test $$? = 130  # Ctrl-C is how it ends

test: $(READY) browser
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

# The browser tests drive Debian's Chromium (or the one DCWTAL_CHROMIUM names). Where neither is found and it cannot
# be installed, they skip with a reason, unless DCWTAL_REQUIRE_BROWSER=1.
browser:
	@command -v chromium >/dev/null || test -n "$$DCWTAL_CHROMIUM" || \
	  { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; } || \
	  echo "no Chromium found: the browser tests will say that they were skipped (install chromium, or set DCWTAL_CHROMIUM)"

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python docs/describe_settings.py --check || { echo 'docs/settings.md is stale: make format'; exit 1; }
	$(BIN)/python docs/draw_architecture.py --check || { echo 'ARCHITECTURE.md is stale: make format'; exit 1; }

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python docs/describe_settings.py
	$(BIN)/python docs/draw_architecture.py

bench: $(READY)
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

screenshots: $(READY) browser
	$(BIN)/python docs/make_screenshots.py

clean-venv:
	rm -rf $(VENV)
