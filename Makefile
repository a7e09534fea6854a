# rouse: make help lists the targets.

GO      ?= go
PKGS    := ./...
# In a checkout of another user's git refuses to tell the version that the go
# command stamps on a main package, and go then builds none.
override GOFLAGS := $(or $(GOFLAGS),$(shell $(GO) env GOFLAGS)) -buildvcs=false
export GOFLAGS
# Also where git does not know them. Mutants and the like are left in build.
SOURCES := find . \( -path ./build -o -path './.?*' \) -prune -o -name '*.go' -print
# The nested modules: what they need stays out of the root's go.mod.
MODULES := $(patsubst %/go.mod,%,$(wildcard examples/go.mod wakervet/go.mod bench/report/go.mod bench/twins/go.mod proptest/history/go.mod inspect/internal/checkpage/go.mod trace/internal/draw/go.mod))

# $(call in-modules,command) runs it in each. A module that needs a later Go than
# there is, and may not fetch it (GOTOOLCHAIN=local), is left out.
define in-modules
@for m in $(MODULES); do \
	needs=$$(cd $$m && $(GO) list -m 2>&1) || case $$needs in *"requires go >="*) echo "== $$m is left out: $$needs"; continue;; esac; \
	echo "== $$m"; (cd $$m && $(1)) || exit 1; \
done
endef

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk '/^[a-z0-9-]+:.*## /{split($$0, a, ":.*## "); printf "  make %-14s %s\n", a[1], a[2]} \
	      /^## [a-z0-9-]+: /{t = $$2; sub(":", "", t); $$1 = $$2 = ""; printf "  make %-14s%s\n", t, substr($$0, 2)}' $(MAKEFILE_LIST) | sort

.PHONY: test
test: vet unit race 386 tags modules ## everything that must hold: vet, tests, race, 386, build tags, modules

.PHONY: vet
vet: ## go vet, also with each build tag and on 32 bits; gofmt
	@bad=$$(gofmt -l $$($(SOURCES))) && test -z "$$bad" || { echo "not gofmt'd: $$bad"; exit 1; }
	$(GO) vet $(PKGS)
	$(GO) vet -tags rouse_debug,rouse_trace .
	$(GO) vet -tags rouse_explore $(PKGS)
	GOARCH=386 $(GO) vet .

.PHONY: unit
unit: ## the tests
	$(GO) test $(PKGS)

.PHONY: race
race: ## the tests under the race detector
	$(GO) test -race -short . ./proptest ./proptest/internal/soak
	$(GO) test -race -short -tags rouse_trace ./trace ./inspect

.PHONY: 386
386: ## the tests on 32 bits
	GOARCH=386 $(GO) test -short .

.PHONY: tags
tags: ## the tests of the debug, tracing and exploring builds
	$(GO) test -short -tags rouse_debug .
	$(GO) test -tags rouse_debug -run NoLeaks ./proptest
	$(GO) test -short -tags rouse_trace . ./trace ./inspect
	$(GO) test -short -tags rouse_debug,rouse_trace ./trace ./inspect
	$(GO) test -tags rouse_explore,rouse_trace -run TestTracing .
	$(GO) test -short -tags rouse_explore . ./bench ./bench/lines ./proptest/gallery ./proptest/internal/scenarios
	$(GO) test -tags rouse_explore -run 'Example|WhileClosing' ./proptest/explore

.PHONY: modules
modules: ## the tests of the nested modules
	$(call in-modules,$(GO) vet ./... && $(GO) test -short ./...)

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
