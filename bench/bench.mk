# Benchmarks. Included by the Makefile at the root of the repository.

.PHONY: bench bench-peers bench-quick bench-twins

## bench: benchmarks of the kit and its twins, with go test (BENCH, BENCHFLAGS)
BENCH ?= .
bench:
	go test -run='^$$' -bench='$(BENCH)' $(BENCHFLAGS) ./bench

## bench-peers: the kit, its twins in Go and Rust's kits, alternately; writes bench/RESULTS.md (needs cargo)
# Also writes bench/ratios.tsv and bench/plots. Counts instructions if valgrind is
# there, runs servers if redis-server is.
bench-peers: bench-cargo
	go -C bench/report run . -root ../.. -write -instructions -servers

## bench-quick: the same lines in under 50 s
# Once everything is built: fewer samples, small sweeps only.
bench-quick: bench-cargo
	go -C bench/report run . -root ../.. -quick

## bench-twins: the same without Rust
bench-twins:
	go -C bench/report run . -root ../.. -go-only

.PHONY: bench-cargo
bench-cargo:
	@command -v cargo >/dev/null || { echo 'cargo is not installed: the peers are written in Rust. make bench-twins does without them.'; exit 1; }
