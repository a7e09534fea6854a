#!/bin/sh
# Runs the newest of the known Redis clients, with default options, against the
# server given as the first argument, and fails if one is unhappy, or cannot be
# had. They are installed from their registries into the folder given as the
# second one.
set -u
serve=$(realpath "$1")
mkdir -p "$2"
build=$(realpath "$2")
src=$(dirname "$(realpath "$0")")/clients
failed=

log=$(mktemp)
timeout 900 "$serve" -addr 127.0.0.1:0 >"$log" 2>&1 &
pid=$!
trap 'kill -INT $pid 2>/dev/null; rm -f "$log"' EXIT

port=
for _ in $(seq 100); do
	port=$(sed -n 's/^serving on .*:\([0-9]*\),.*/\1/p' "$log")
	[ -n "$port" ] && break
	sleep 0.1
done
[ -n "$port" ] || { cat "$log" >&2; exit 1; }

fail() {
	echo "check-clients: $*" >&2
	failed=1
}

# need TOOL CLIENT: whether the tool that the client needs is there.
need() {
	command -v "$1" >/dev/null && return
	fail "$1 is missing: $2 was not tried"
	return 1
}

# install CLIENT COMMAND...: says nothing unless it fails.
install() {
	client=$1
	shift
	timeout 300 "$@" >"$build/install.log" 2>&1 && return
	tail -5 "$build/install.log" >&2
	fail "$client cannot be installed"
	return 1
}

run() {
	client=$1
	shift
	timeout 60 "$@" "$port" || fail "$client is unhappy"
}

if need python3 redis-py; then
	install redis-py python3 -m venv "$build/py" &&
		install redis-py "$build/py/bin/pip" install --upgrade redis &&
		run redis-py "$build/py/bin/python" "$src/client.py"
fi
if need npm "node-redis, ioredis" && need node "node-redis, ioredis"; then
	install "node-redis, ioredis" npm install --no-audit --no-fund --prefix "$build/node" redis@latest ioredis@latest && {
		export NODE_PATH="$build/node/node_modules"
		run node-redis node "$src/node-redis.js"
		run ioredis node "$src/ioredis.js"
	}
fi
if need go go-redis; then
	mkdir -p "$build/go"
	cp "$src/goredis/main.go" "$build/go/"
	cd "$build/go" || exit 1
	rm -f go.mod go.sum
	install go-redis go mod init goredis &&
		install go-redis go get github.com/redis/go-redis/v9@latest &&
		install go-redis go build -buildvcs=false -o goredis . &&
		run go-redis ./goredis
fi
if need cargo redis-rs; then
	mkdir -p "$build/rs/src"
	cp "$src/redis-rs/Cargo.toml" "$build/rs/"
	cp "$src/redis-rs/src/main.rs" "$build/rs/src/"
	cd "$build/rs" || exit 1
	install redis-rs cargo update && install redis-rs cargo build --quiet &&
		run redis-rs target/debug/redis-rs &&
		cargo tree --depth 1 | sed -n 's/.* redis v/redis-rs is of redis v/p'
fi
[ -z "$failed" ]
