# Included by the Makefile of the repository's root:
#
#	make wakervet    builds bin/wakervet, and runs it over the kit, as each build
#	                 tag makes it, and over the nested modules

WAKERVET         := $(CURDIR)/bin/wakervet
WAKERVET_TAGS    ?= rouse_trace rouse_debug rouse_explore

.PHONY: wakervet wakervet-build wakervet-test

wakervet-build:
	cd wakervet && $(GO) build -o $(WAKERVET) ./cmd/wakervet

## wakervet: the vet tool over the kit and the nested modules
wakervet: wakervet-build
	$(GO) vet -vettool=$(WAKERVET) ./...
	@set -e; for tag in $(WAKERVET_TAGS); do \
		echo "$(GO) vet -vettool=$(WAKERVET) -tags=$$tag ./..."; \
		$(GO) vet -vettool=$(WAKERVET) -tags=$$tag ./...; \
	done
	$(call in-modules,$(GO) vet -vettool=$(WAKERVET) ./...)

## wakervet-test: the tests of the vet tool
wakervet-test:
	cd wakervet && $(GO) vet ./... && $(GO) test ./...
