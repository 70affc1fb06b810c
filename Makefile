# What a person or CI runs. Every target does its own set-up; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help demo test build lint format bench load fuzz test-llm chart image rehearse setup

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup ## Build, start both services over a recorded incident, send it by REST and print the report
	@scripts/demo

test: ## Run all tests and hold the line coverage
	@scripts/setup tests
	@scripts/test

build: setup ## Build the release executable, .build/release/sre
	swift build -c release --product sre --static-swift-stdlib

lint: ## Check the format strictly
	swift format lint --strict --parallel -r Sources Tests Package.swift
	@for script in scripts/setup scripts/test scripts/demo scripts/fuzz scripts/test-llm scripts/chart scripts/image scripts/rehearse-install .ci/run; do bash -n "$$script" || exit 1; done

format: ## Format all sources in place
	swift format -i --parallel -r Sources Tests Package.swift

bench: build ## Measure the release build and print the figures as a table
	@scripts/bench

load: build ## Measure orchestrators under load, several of them too, and print the figures as a table
	@scripts/load

fuzz: setup ## Send both services what schemathesis makes of their OpenAPI documents
	@scripts/fuzz

test-llm: build ## Compare the rules with a small language model on this machine, which is downloaded (1.1 GB)
	@scripts/test-llm

chart: ## Check the Helm chart: what its objects mean together, schemas, refused values, upgrades
	@scripts/setup chart
	@scripts/chart

image: build ## Put the images' root file system together, measure it and start both services in it (needs root)
	@scripts/image

rehearse: build chart ## Run what the chart renders, and a rolling update on PostgreSQL, without a cluster (needs root)
	@scripts/rehearse-install
	@scripts/rehearse-update

setup: ## Install what the build needs, where it is missing
	@scripts/setup
