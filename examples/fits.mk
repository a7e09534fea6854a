# Included by the Makefile at the root, and run from there.

# The kit in other people's places, each a module of its own. Add the name of one that
# needs nothing but Go here: then make fits, make modules and make wakervet have it.
FITS    := $(patsubst %/go.mod,%,$(wildcard $(addsuffix /go.mod,$(addprefix examples/,workqueue wasm protoactor))))
MODULES += $(FITS)

ARGS ?=

.PHONY: fits cluster

## fits: the tests of the examples that are the kit in other people's places, a run of the cluster, and ffi if there is cargo
fits: MODULES = $(FITS)
fits:
	$(call in-modules,$(GO) vet ./... && $(GO) test ./...)
	$(MAKE) cluster
	@if command -v cargo >/dev/null; then $(MAKE) ffi; \
	else echo "make fits: LEFT OUT: examples/ffi, which needs cargo (https://rustup.rs, or apt-get install cargo); then: make ffi"; fi

## cluster: actors on three members of a proto.actor cluster, one of which is killed (ARGS=-pause: suspended)
cluster:
	cd examples/protoactor && $(GO) run ./cluster $(ARGS)
