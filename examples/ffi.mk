# Included by the Makefile at the root, and run from there.

.PHONY: ffi
## ffi: async functions of Rust as tasks, and the other way round: tests, sanitizers, a table (needs cargo)
ffi:
	@command -v cargo >/dev/null || { echo "make ffi: cargo is missing: https://rustup.rs, or apt-get install cargo"; exit 1; }
	cargo build --release --locked --manifest-path examples/ffi/rust/Cargo.toml
	cd examples/ffi && $(GO) vet ./...
	cd examples/ffi && $(GO) test -count=1 .
	cd examples/ffi && $(GO) test -count=1 -race -short .
	@case $$($(GO) env GOOS) in \
	linux) cd examples/ffi && $(GO) test -count=1 -asan -short . ;; \
	*) echo "make ffi: go test -asan is left out, since Go has it on Linux only" ;; \
	esac
	cd examples/ffi && $(GO) run ./compare
