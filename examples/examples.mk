# Included by the Makefile at the root, and run from there.

EX       := examples
EX_BIN   := $(EX)/bin
CONNS    ?= 1000
SECONDS  ?= 8
ADDR     ?= 127.0.0.1:6380
LOOPS    ?= 0
CLIENTS  ?= 500
PIPELINE ?= 1

.PHONY: run serve check-redis bench-redis test-examples build-examples clean-examples

build-examples:
	cd $(EX) && go build -o bin/resp-serve ./resp/cmd/serve
	cd $(EX) && go build -o bin/resp-twin ./resp/cmd/twin
	cd $(EX) && go build -o bin/resp-compare ./resp/cmd/compare

## run: the server under a real client, beside its goroutine-per-connection twin (CONNS, SECONDS, LOOPS)
run: build-examples
	$(EX_BIN)/resp-compare -conns $(CONNS) -seconds $(SECONDS) -loops $(LOOPS)

## serve: the server on ADDR (127.0.0.1:6380), until interrupted
serve: build-examples
	exec $(EX_BIN)/resp-serve -addr $(ADDR) -loops $(LOOPS)

## check-redis: Debian's redis-cli and redis-benchmark (package redis-tools) against the server
check-redis: build-examples
	$(EX)/resp/check-redis.sh $(EX_BIN)/resp-serve

## bench-redis: redis-benchmark against the server, its twin and redis-server, in turns (CLIENTS, PIPELINE)
bench-redis: build-examples
	$(EX)/resp/bench-redis.sh $(EX_BIN)/resp-serve $(EX_BIN)/resp-twin $(CLIENTS) $(PIPELINE)

## test-examples: vet and tests of the examples, also under the race detector, and builds for other systems
test-examples:
	cd $(EX) && go vet ./...
	cd $(EX) && go test -race ./...
	cd $(EX) && GOOS=darwin go vet ./...
	cd $(EX) && GOOS=windows go vet ./...
	cd $(EX) && GOARCH=386 go vet ./...

clean-examples:
	rm -rf $(EX_BIN)
