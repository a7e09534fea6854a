# Included by the Makefile at the root, and run from there.

MATRIXFLAGS ?=

.PHONY: matrix

## matrix: the tests on 386, arm64, arm, s390x, riscv64 (qemu-user), js and wasip1; darwin, windows compile (MATRIXFLAGS)
matrix:
	go run ./proptest/internal/matrix $(MATRIXFLAGS)
