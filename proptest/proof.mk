# Included by the Makefile at the root, and run from there. Both targets end with
# lines of an item, its count, and how many failed.

PROOFFLAGS ?=

.PHONY: proof proof-quick

## proof: scenarios, executor, rules, properties, histories, gallery, mutants, architectures, fuzz, enumeration, soak: all (PROOFFLAGS)
proof:
	go run ./proptest/internal/proof $(PROOFFLAGS)

## proof-quick: the same summary from the quick sets, a sample of the mutants, and what runs without emulators
proof-quick:
	go run ./proptest/internal/proof -quick $(PROOFFLAGS)
