#!/bin/sh
# Runs Debian's redis-cli and redis-benchmark, unmodified, against the server
# given as the first argument, and fails if either is unhappy.
set -eu
serve=$1

for tool in redis-cli redis-benchmark; do
	if ! command -v $tool >/dev/null; then
		echo "check-redis: $tool is missing: install the package redis-tools (Debian: apt-get install redis-tools)" >&2
		exit 1
	fi
done

log=$(mktemp)
"$serve" -addr 127.0.0.1:0 >"$log" 2>&1 &
pid=$!
trap 'kill -INT $pid 2>/dev/null || true; rm -f "$log" "$log".*' EXIT

port=
for _ in $(seq 100); do
	port=$(sed -n 's/^serving on .*:\([0-9]*\),.*/\1/p' "$log")
	[ -n "$port" ] && break
	sleep 0.1
done
[ -n "$port" ] || { cat "$log" >&2; exit 1; }

expect() {
	want=$1
	shift
	got=$(timeout 10 redis-cli -p "$port" "$@" | tr '\n' ' ')
	if [ "$got" != "$want " ]; then
		echo "check-redis: redis-cli $*: got '$got', want '$want '" >&2
		exit 1
	fi
}

expect PONG ping
expect OK set greeting hello EX 100
expect hello get greeting
expect "3" rpush list a b c
expect "a b c" lrange list 0 -1
expect "list a" blpop list 1
expect "0" publish channel message
expect "2" exists greeting list
expect OK flushall
echo "redis-cli: right"

timeout 120 redis-benchmark -p "$port" -t ping,set,get,incr,lpush,lpop,mset -P 16 -c 200 -n 200000 -q 2>"$log.err" |
	tr '\r' '\n' | grep 'requests per second'
if [ -s "$log.err" ]; then
	cat "$log.err" >&2
	exit 1
fi
echo "redis-benchmark: clean"

kill -INT $pid
wait $pid
grep 'shut down' "$log"
