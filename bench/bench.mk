# Benchmarks. Included by the Makefile at the root of the repository.

.PHONY: bench bench-peers bench-quick bench-twins bench-compare bench-render

## bench: benchmarks of the kit and its twins, with go test (BENCH, BENCHFLAGS)
BENCH ?= .
bench:
	go test -run='^$$' -bench='$(BENCH)' $(BENCHFLAGS) ./bench

## bench-peers: the kit, its twins in Go and Rust's kits, alternately; writes bench/RESULTS.md (BENCHFLAGS; needs cargo)
# Writes the record of this kind of machine in bench/results, and makes of all
# records RESULTS.md, the README's table and the plots. Counts instructions if
# valgrind is there, runs servers if redis-server is. Takes less than 20 minutes.
bench-peers: bench-cargo
	go -C bench/report run . -root ../.. -write -instructions -servers $(BENCHFLAGS)

## bench-quick: most of the same lines in half a minute, writing nothing (BENCHFLAGS)
# Once everything is built: fewer samples, small sweeps only, no runtimes.
bench-quick: bench-cargo
	go -C bench/report run . -root ../.. -quick $(BENCHFLAGS)

## bench-twins: the same without Rust
bench-twins:
	go -C bench/report run . -root ../.. -go-only $(BENCHFLAGS)

## bench-compare: the kit's operations as they are and as they were in BASE, alternately (BASE, BENCHFLAGS: -only, -pairs, -write)
bench-compare:
	@test -n '$(BASE)' || { echo 'make bench-compare BASE=COMMIT'; exit 1; }
	go -C bench/report run . -root ../.. -compare '$(BASE)' $(BENCHFLAGS)

## bench-render: RESULTS.md, the README's table and the plots again, from bench/results
bench-render:
	go -C bench/report run . -root ../.. -render

.PHONY: bench-cargo
bench-cargo:
	@command -v cargo >/dev/null || { echo 'cargo is not installed: the peers are written in Rust. make bench-twins does without them.'; exit 1; }
