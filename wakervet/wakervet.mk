# Included by the Makefile of the repository's root:
#
#	make wakervet    builds bin/wakervet, and runs it over the kit, as each build
#	                 tag makes it, and over the modules of its users
#
# A module that is not there is left out.

WAKERVET         := $(CURDIR)/bin/wakervet
WAKERVET_TAGS    ?= rouse_trace rouse_debug rouse_explore
WAKERVET_MODULES ?= $(patsubst %/go.mod,%,$(wildcard examples/go.mod bench/go.mod proptest/go.mod gallery/go.mod))

.PHONY: wakervet wakervet-build wakervet-test

wakervet-build:
	cd wakervet && go build -o $(WAKERVET) ./cmd/wakervet

## wakervet: the vet tool over the kit, its examples and benchmarks
wakervet: wakervet-build
	go vet -vettool=$(WAKERVET) ./...
	@set -e; for tag in $(WAKERVET_TAGS); do \
		echo "go vet -vettool=$(WAKERVET) -tags=$$tag ./..."; \
		go vet -vettool=$(WAKERVET) -tags=$$tag ./...; \
	done
	@set -e; for dir in $(WAKERVET_MODULES); do \
		echo "cd $$dir && go vet -vettool=$(WAKERVET) ./..."; \
		(cd $$dir && go vet -vettool=$(WAKERVET) ./...); \
	done

## wakervet-test: the tests of the vet tool
wakervet-test:
	cd wakervet && go vet ./... && go test ./...
