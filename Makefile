# The commands of a contributor. Every target sets up what it needs; `make help` lists them.

PYTHON ?= python3
GIROUETTE := .venv/bin/girouette
# The tests of the node wait most of the time, so a core takes several.
WORKERS ?= 6

needed = $(if $($(1)),'$($(1))',$(error say which: make $@ $(1)=.. (`girouette boards` lists them)))
option = $(if $($(2)),--$(1) '$($(2))')

.DEFAULT_GOAL := help
.PHONY: help setup setup-full demo test test-full check flash deploy monitor bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install everything the other targets need, inside this checkout
	@command -v $(PYTHON) >/dev/null || { echo "make: Python 3.10 or newer is needed:" \
		"install it (Debian: apt-get install python3 python3-venv) or name it: make setup PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) tools/bootstrap.py

setup-full: setup ## install what test-full needs beside it: Home Assistant (0.8 GB), Chromium, zsh, fish, brokers (72 MB)
	@PYTHONPATH=host_tests .venv/bin/python -m support.setup_full

demo: setup ## a node, live [NODE=greenhouse] [SECONDS=20] [BROKER=mqtt://user:password@host:port]
	@$(GIROUETTE) demo $(if $(NODE),'$(NODE)') $(if $(SECONDS),--seconds '$(SECONDS)')

test: setup check ## prove every promise, on CPython and on MicroPython [WORKERS=6]
	.venv/bin/pytest host_tests -n $(WORKERS) --maxschedchunk 8 -m "not full"

test-full: setup setup-full check ## the same, and what takes long: a real Home Assistant, a browser, other brokers [WORKERS=6]
	.venv/bin/pytest host_tests -n $(WORKERS) --no-loadscope-reorder

check: setup ## lint, compile everything for the board, gate the stack frames
	.venv/bin/ruff check .
	@$(GIROUETTE) frames lib firmware

flash: setup ## MicroPython onto a board: BOARD=.. [PORT=..] [FIRMWARE=..|VERSION=..]
	@$(GIROUETTE) flash $(call needed,BOARD) $(call option,port,PORT) $(call option,firmware,FIRMWARE) $(call option,version,VERSION)

deploy: setup ## the node onto a board: BOARD=.. [PORT=..] [CONFIG=..]
	@$(GIROUETTE) deploy $(call needed,BOARD) $(call option,port,PORT) $(call option,config,CONFIG)

monitor: setup ## the console of a board: [PORT=..]
	@$(GIROUETTE) monitor $(call option,port,PORT)

bench: setup ## size and speed, beside the peers and the limit
	@PYTHONPATH=host_tests .venv/bin/python -m bench

clean: ## remove what the commands made (the tools stay: remove .venv and .tools by hand)
	rm -rf build .pytest_cache .hypothesis .ruff_cache
	find lib firmware tools host_tests -name __pycache__ -prune -exec rm -rf {} +
