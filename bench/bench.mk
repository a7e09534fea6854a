# Benchmarks. Included by the Makefile at the root of the repository.

.PHONY: bench bench-peers bench-quick bench-twins

# The kit alone, with Go's own tools. BENCH selects, BENCHFLAGS is passed on.
BENCH ?= .
bench:
	go test -run='^$$' -bench='$(BENCH)' $(BENCHFLAGS) ./bench

# The kit, its twins in Go and the same operations on Rust's kits, alternately.
# Writes bench/RESULTS.md, bench/ratios.tsv and bench/plots. Needs cargo; counts
# instructions if valgrind is there, runs servers if redis-server is.
bench-peers: bench-cargo
	go -C bench/report run . -root ../.. -write -instructions -servers

# The same lines in under 50 s once everything is built: fewer samples, small sweeps only.
bench-quick: bench-cargo
	go -C bench/report run . -root ../.. -quick

# Everything but Rust.
bench-twins:
	go -C bench/report run . -root ../.. -go-only

.PHONY: bench-cargo
bench-cargo:
	@command -v cargo >/dev/null || { echo 'cargo is not installed: the peers are written in Rust. make bench-twins does without them.'; exit 1; }
