# The two commands of the README are `make run` and `make test`; the others are for people who work on Vestibule.
.PHONY: run test tour bench bench-drafts bench-anonymise bench-vault bench-channel soak lint package clean help

PYTHON = .venv/bin/python

run:  ## set everything up and open the console (without a display: the tour)
	@packaging/setup.sh run
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then exec .venv/bin/vestibule open; \
	else echo "No display here: running the guided tour instead."; exec .venv/bin/vestibule tour --out out/tour; fi

test:  ## set everything up and run the whole suite
	@packaging/setup.sh test
	@packaging/suite.sh "not soak" $(ARGS)

tour:  ## the guided tour: a PNG of every screen, a transcript and timings in out/tour
	@packaging/setup.sh run
	@.venv/bin/vestibule tour --out out/tour

bench:  ## measure the budgets; prints a table and writes bench.json
	@packaging/setup.sh test
	@QT_QPA_PLATFORM=offscreen $(PYTHON) packaging/bench --out bench.json $(ARGS)

bench-drafts:  ## proposals on offices that training never saw (ARGS="--model F.gguf": with another model)
	@packaging/setup.sh test
	@QT_QPA_PLATFORM=offscreen $(PYTHON) packaging/bench/drafts.py --out bench-drafts.json $(ARGS)

bench-anonymise:  ## the anonymiser against presidio-analyzer, same pipeline (ARGS="--sets nasty tab")
	@packaging/setup.sh test
	@$(PYTHON) packaging/bench/anonymise.py --out bench-anonymise.json bench-vault.json $(ARGS)

bench-vault:  ## a large vault against plain SQLite (ARGS="--conversations 1000 --messages 10000" for a small one)
	@packaging/setup.sh test
	@$(PYTHON) packaging/bench/vault.py --out bench-vault.json $(ARGS)

bench-channel:  ## a gateway under load against a bare WebSocket echo (ARGS="--help" lists sizes)
	@packaging/setup.sh test
	@$(PYTHON) packaging/bench/channel.py --out bench-channel.json $(ARGS)

soak:  ## the long runs: kills, bit flips, fuzzing
	@packaging/setup.sh test
	@packaging/suite.sh soak $(ARGS)

lint:  ## ruff, mypy strict, and the contracts between rooms
	@packaging/setup.sh test
	@$(PYTHON) -m ruff check app tests packaging models
	@$(PYTHON) -m ruff format --check app tests packaging models
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports

package:  ## the wheel and the source archive, in dist/
	@packaging/setup.sh test
	@$(PYTHON) -m build --no-isolation --outdir dist

clean:  ## remove what was built here (not the cache of built engines)
	rm -rf .venv build dist out bench.json bench-drafts.json bench-anonymise.json bench-channel.json

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12
