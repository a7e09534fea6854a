# Included by the Makefile at the root, and run from there.

PAGE_URL ?=

.PHONY: check-page

## check-page: the page of package inspect in headless Chromium; PAGE_URL for that of a running program
check-page:
	$(GO) run -tags rouse_trace ./inspect/internal/checkpage -out build/page $(if $(PAGE_URL),-url $(PAGE_URL))
