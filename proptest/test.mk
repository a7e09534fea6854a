# Included by the Makefile at the root, and run from there.

FUZZTIME    ?= 10s
SOAK        ?= 30s
HISTORIES   ?= 3000
MUTATEFLAGS ?=

.PHONY: fuzz soak mutate histories

## fuzz: each fuzz target for FUZZTIME (10s)
fuzz:
	@set -e; for p in . ./proptest; do for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do \
		echo "== $$f"; go test -run='^$$' -fuzz="^$$f\$$" -fuzztime=$(FUZZTIME) $$p; \
	done; done

## soak: random wakes, cancels, panics and closes over 100,000 tasks for SOAK (30s)
soak:
	go run ./proptest/internal/soak -for $(SOAK)

## mutate: every small change of the kit, and whether a test notices (MUTATEFLAGS="-run regexp | -sample n | -fresh")
mutate:
	go run ./proptest/internal/mutate $(MUTATEFLAGS)

## histories: concurrent histories of each object, HISTORIES (3000) of them, checked for linearizability
histories:
	go -C proptest/history test -count=1 -v . -histories $(HISTORIES)
