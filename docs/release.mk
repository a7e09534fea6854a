# Included by the Makefile at the root, and run from there.

.PHONY: api

## api: what the packages export, against the last tag v* or BASE: what is incompatible needs a new version (apidiff, by go install)
api:
	.ci/api
