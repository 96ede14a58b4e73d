# `make demo` and `make test` install what they need. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help

BIN := .venv/bin
# A setup is repeated when one of these changes.
SETUP_INPUTS := pyproject.toml uv.lock .python-version scripts/setup.sh scripts/install-vulkan-driver.sh scripts/install-chromium.sh
RUNTIME := .venv/.setup-runtime
DEVELOPMENT := .venv/.setup-development
PYTEST_ARGS ?=

$(RUNTIME): $(SETUP_INPUTS)
	@scripts/setup.sh
	@touch $@

$(DEVELOPMENT): $(SETUP_INPUTS)
	@scripts/setup.sh dev trainers distributed usd
	@scripts/install-chromium.sh
	@touch $(RUNTIME) $@

.PHONY: help
help: ## This list
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "  %-16s %s\n", $$1, $$2 }'

.PHONY: setup
setup: $(DEVELOPMENT) ## Install everything for development into .venv

.PHONY: demo
demo: $(RUNTIME) ## A robot acts in generated scenes: outputs/demo/index.html
	@$(BIN)/genworld demo

.PHONY: lint
lint: $(DEVELOPMENT) ## Formatting, lint, types, import contracts
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/pyright
	@$(BIN)/lint-imports --no-logo

.PHONY: test
test: lint ## Lint and all tests but the slow, gpu and training ones
	@$(BIN)/pytest -m "not slow and not gpu and not training" $(PYTEST_ARGS)

.PHONY: test-slow
test-slow: $(DEVELOPMENT) ## The slow tests
	@$(BIN)/pytest -m "slow and not gpu and not training" --timeout 3600 $(PYTEST_ARGS)

.PHONY: bench
bench: $(RUNTIME) ## Measure speed against ManiSkill on this machine: outputs/benchmarks/speed
	@$(BIN)/genworld bench

.PHONY: bench-soak
bench-soak: $(RUNTIME) ## 20,000 batched steps with random resets, scene changes and faults
	@$(BIN)/python benchmarks/soak.py --output outputs/benchmarks/soak.json

.PHONY: bench-scenes
bench-scenes: $(RUNTIME) ## Build the 200 scenes of the paper's recipe and measure them
	@$(BIN)/python benchmarks/scene_factory.py --output outputs/benchmarks/scene_factory.json

.PHONY: bench-hub
bench-hub: $(DEVELOPMENT) ## What one scene of a dataset on a (local) Hub costs: DATASET=folder, by default the starter
	@$(BIN)/python benchmarks/hub_reading.py --dataset $(or $(DATASET),scene_hub/starter_data) --output outputs/benchmarks/hub_reading.json

.PHONY: bench-imports
bench-imports: $(RUNTIME) ## Import EmbodiedGen layouts and step in them: LAYOUTS=folder
	@$(BIN)/python benchmarks/imports.py --layouts $(LAYOUTS) --output outputs/benchmarks/imports.json

.PHONY: starter
starter: $(RUNTIME) ## Rebuild the bundled starter dataset from its seeds
	@$(BIN)/genworld scenes build --recipe starter --out scene_hub/starter_data --overwrite

.PHONY: format
format: $(DEVELOPMENT) ## Format the code and mend what ruff can
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format
