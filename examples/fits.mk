# Included by the Makefile at the root, and run from there.

# The kit in other people's places, each a module of its own. Add the name of one that
# needs nothing but Go here: then make fits, make modules and make wakervet have it.
FITS    := $(patsubst %/go.mod,%,$(wildcard $(addsuffix /go.mod,$(addprefix examples/,workqueue wasm protoactor))))
MODULES += $(FITS)

.PHONY: fits

## fits: the tests of the examples that are the kit in other people's places
fits: MODULES = $(FITS)
fits:
	$(call in-modules,$(GO) vet ./... && $(GO) test ./...)
