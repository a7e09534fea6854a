# Included by the Makefile at the root, and run from there.

# The kit in other people's places, each a module of its own. Add the name of one that
# needs nothing but Go here: then make fits, make modules and make wakervet have it.
FITS    := $(patsubst %/go.mod,%,$(wildcard $(addsuffix /go.mod,$(addprefix examples/,workqueue wasm protoactor))))
MODULES += $(FITS)

ARGS ?=

.PHONY: fits cluster

## fits: the tests of the examples that are the kit in other people's places, and a run of the cluster
fits: MODULES = $(FITS)
fits:
	$(call in-modules,$(GO) vet ./... && $(GO) test ./...)
	$(MAKE) cluster

## cluster: actors on three members of a proto.actor cluster, one of which is killed (ARGS=-pause: suspended)
cluster:
	cd examples/protoactor && $(GO) run ./cluster $(ARGS)
