# rouse: make help lists the targets.

GO      ?= go
PKGS    := ./...
# The nested modules: what they need stays out of the root's go.mod.
MODULES := $(patsubst %/go.mod,%,$(wildcard examples/go.mod wakervet/go.mod bench/report/go.mod bench/twins/go.mod proptest/history/go.mod))

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk '/^[a-z0-9-]+:.*## /{split($$0, a, ":.*## "); printf "  make %-14s %s\n", a[1], a[2]} \
	      /^## [a-z0-9-]+: /{t = $$2; sub(":", "", t); $$1 = $$2 = ""; printf "  make %-14s%s\n", t, substr($$0, 2)}' $(MAKEFILE_LIST) | sort

.PHONY: test
test: vet unit race 386 tags modules ## everything that must hold: vet, tests, race, 386, build tags, modules

.PHONY: vet
vet: ## go vet, also with each build tag and on 32 bits; gofmt
	@test -z "$$(gofmt -l $$(git ls-files '*.go' 2>/dev/null || find . -name '*.go'))" || { echo "not gofmt'd:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet $(PKGS)
	$(GO) vet -tags rouse_debug,rouse_trace .
	$(GO) vet -tags rouse_explore $(PKGS)
	GOARCH=386 $(GO) vet .

.PHONY: unit
unit: ## the tests
	$(GO) test $(PKGS)

.PHONY: race
race: ## the tests under the race detector
	$(GO) test -race -short . ./proptest

.PHONY: 386
386: ## the tests on 32 bits
	GOARCH=386 $(GO) test -short .

.PHONY: tags
tags: ## the tests of the debug, tracing and exploring builds
	$(GO) test -short -tags rouse_debug .
	$(GO) test -short -tags rouse_trace . ./trace ./inspect
	$(GO) test -tags rouse_explore,rouse_trace -run TestTracingBudget .
	$(GO) test -short -tags rouse_explore . ./proptest/gallery
	$(GO) test -tags rouse_explore -run Example ./proptest/explore

.PHONY: modules
modules: ## the tests of the nested modules
	@for m in $(MODULES); do echo "== $$m"; (cd $$m && $(GO) vet ./... && $(GO) test -short ./...) || exit 1; done

.PHONY: lint
lint: ## staticcheck, without the tests, by go run
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 -tests=false $(PKGS)

.PHONY: cover
cover: ## coverage of the kit by its own tests
	$(GO) test -coverprofile=cover.out . && $(GO) tool cover -func=cover.out | tail -1

.PHONY: generate
generate: ## the table in TRANSITIONS.md, from the code
	$(GO) generate .

.PHONY: clean
clean: ## remove what the targets left
	rm -rf bin build cover.out
	$(GO) clean -testcache

include $(wildcard bench/*.mk examples/*.mk wakervet/*.mk proptest/*.mk docs/*.mk)
