# Included by the Makefile at the root, and run from there.

EX       := examples
EX_BIN   := $(EX)/bin
CONNS    ?= 1000
SECONDS  ?= 8
ADDR     ?= 127.0.0.1:6380
LOOPS    ?= 0
CLIENTS  ?= 500
PIPELINE ?= 1

DEBUG_ADDR ?= 127.0.0.1:6381
ECHO_ADDR  ?= 127.0.0.1:7007
TAGS       ?=

.PHONY: echo run executor serve timeline check-redis check-clients bench-redis test-examples build-examples clean-examples

build-examples:
	cd $(EX) && go build -buildvcs=false -o bin/resp-serve ./resp/cmd/serve
	cd $(EX) && go build -buildvcs=false -o bin/resp-twin ./resp/cmd/twin
	cd $(EX) && go build -buildvcs=false -o bin/resp-compare ./resp/cmd/compare

## run: the server under a real client, beside its goroutine-per-connection twin (CONNS, SECONDS, LOOPS)
run: build-examples
	$(EX_BIN)/resp-compare -conns $(CONNS) -seconds $(SECONDS) -loops $(LOOPS)

## executor: a word count on the runtime of examples/executor, beside goroutines and channels, in one table
executor:
	cd $(EX) && go run -buildvcs=false ./executor/wordcount

## serve: the server on ADDR (127.0.0.1:6380), until interrupted; its tasks on DEBUG_ADDR (127.0.0.1:6381); TAGS=rouse_trace for all numbers
serve:
	cd $(EX) && go build -buildvcs=false -tags '$(TAGS)' -o bin/resp-serve ./resp/cmd/serve
	exec $(EX_BIN)/resp-serve -addr $(ADDR) -loops $(LOOPS) -debug-addr $(DEBUG_ADDR)

## echo: the first example, an echo server on ECHO_ADDR (127.0.0.1:7007), until interrupted
echo:
	cd $(EX) && go build -buildvcs=false -o bin/echo ./echo
	exec $(EX_BIN)/echo -addr $(ECHO_ADDR)

## timeline: a timeline of the server under load, build/timeline.json for ui.perfetto.dev, and a picture of a part of it
timeline:
	mkdir -p build
	cd $(EX) && go run -tags rouse_trace ./resp/cmd/timeline -out ../build/timeline.json
	go -C trace/internal/draw run . -in ../../../build/timeline.json -out ../../../build/timeline.svg

## check-redis: Debian's redis-cli and redis-benchmark (package redis-tools) against the server
check-redis: build-examples
	$(EX)/resp/check-redis.sh $(EX_BIN)/resp-serve

## check-clients: the newest redis-py, node-redis, ioredis, go-redis and redis-rs against the server; installs them into build (pip, npm, go, cargo)
check-clients: build-examples
	$(EX)/resp/check-clients.sh $(EX_BIN)/resp-serve build/clients

## bench-redis: redis-benchmark against the server, its twin and redis-server, in turns (CLIENTS, PIPELINE)
bench-redis: build-examples
	$(EX)/resp/bench-redis.sh $(EX_BIN)/resp-serve $(EX_BIN)/resp-twin $(CLIENTS) $(PIPELINE)

## test-examples: vet and tests of the examples, also under the race detector, and builds for other systems
test-examples:
	cd $(EX) && go vet ./...
	cd $(EX) && go test -race ./...
	cd $(EX) && go test -race -tags rouse_trace ./resp/cmd/timeline ./resp/cmd/serve
	cd $(EX) && go test -race -cpu 1,8 ./executor
	cd $(EX) && go test -tags rouse_debug ./executor
	cd $(EX) && go test -tags rouse_trace ./executor
	cd $(EX) && go vet -tags rouse_explore ./executor && go test -short -timeout 30m -tags rouse_explore ./executor
	cd $(EX) && GOOS=darwin go vet ./...
	cd $(EX) && GOOS=windows go vet ./...
	cd $(EX) && GOARCH=386 go vet ./...

clean-examples:
	rm -rf $(EX_BIN)
