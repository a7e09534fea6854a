# Included by the Makefile at the root, and run from there.

PAGE_URL ?=

.PHONY: check-page

## check-page: the page of package inspect in headless Chromium, on a phone, a tablet and a desktop; PAGE_URL for that of a running program
check-page:
	$(GO) -C inspect/internal/checkpage run -tags rouse_trace . -out $(CURDIR)/build/page $(if $(PAGE_URL),-url $(PAGE_URL))
