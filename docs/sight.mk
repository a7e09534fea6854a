# Included by the Makefile at the root, and run from there.

PAGE_URL ?=

.PHONY: check-page bench-plots

## check-page: the page of package inspect in headless Chromium, on a phone, a tablet and a desktop; PAGE_URL for that of a running program
check-page:
	$(GO) -C inspect/internal/checkpage run -tags rouse_trace . -out $(CURDIR)/build/page $(if $(PAGE_URL),-url $(PAGE_URL))

## bench-plots: bench/plots again, from the figures in bench/ratios.tsv
bench-plots:
	$(GO) -C bench/report run . -root ../.. -plots
