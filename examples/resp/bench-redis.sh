#!/bin/sh
# Drives the server, its twin and, where it is installed, redis-server with
# redis-benchmark, in turns, and prints the medians and the ratios to the
# first. Usage: bench-redis.sh SERVE TWIN [CLIENTS [PIPELINE [ROUNDS [REQUESTS]]]]
set -eu
serve=$1 twin=$2 clients=${3:-500} pipeline=${4:-1} rounds=${5:-5} requests=${6:-200000}

command -v redis-benchmark >/dev/null || {
	echo "bench-redis: redis-benchmark is missing: install the package redis-tools" >&2
	exit 1
}
dir=$(mktemp -d)
pids=
trap 'kill $pids 2>/dev/null || true; rm -rf "$dir"' EXIT

port_of() {
	for _ in $(seq 100); do
		port=$(sed -n 's/^serving on .*:\([0-9]*\).*/\1/p' "$1")
		[ -n "$port" ] && { echo "$port"; return; }
		sleep 0.1
	done
	cat "$1" >&2
	exit 1
}

"$serve" -addr 127.0.0.1:0 >"$dir/rouse.log" 2>&1 &
pids="$pids $!"
"$twin" -addr 127.0.0.1:0 >"$dir/redcon.log" 2>&1 &
pids="$pids $!"
servers="rouse=$(port_of "$dir/rouse.log") redcon=$(port_of "$dir/redcon.log")"
if command -v redis-server >/dev/null; then
	port=$((20000 + $$ % 20000))
	redis-server --port $port --bind 127.0.0.1 --save '' --appendonly no --dir "$dir" >"$dir/redis.log" 2>&1 &
	pids="$pids $!"
	servers="$servers redis=$port"
	for _ in $(seq 100); do
		redis-cli -p $port ping >/dev/null 2>&1 && break
		sleep 0.1
	done
else
	echo "bench-redis: redis-server is not installed: compared with redcon only" >&2
fi

for round in $(seq "$rounds"); do
	for s in $servers; do
		redis-benchmark -p "${s#*=}" -c "$clients" -P "$pipeline" -t set,get,incr -n "$requests" --csv 2>/dev/null |
			tr -d '"' | awk -F, -v s="${s%=*}" '/^(SET|GET|INCR),/ { print s, $1, $2 }' | tee -a "$dir/results" |
			awk -v r="$round" '{ printf "round %s  %-7s %-5s %10.0f/s\n", r, $1, $2, $3 }'
	done
done

printf '\nmedian of %s rounds, -c %s -P %s, requests per second\n' "$rounds" "$clients" "$pipeline"
sort -k1,1 -k2,2 -k3,3n "$dir/results" | awk '
	{ k = $1 " " $2; if (!(k in n)) keys[++m] = k; v[k, ++n[k]] = $3 }
	END {
		for (i = 1; i <= m; i++) { k = keys[i]; med[k] = v[k, int((n[k] + 1) / 2)] }
		for (i = 1; i <= m; i++) {
			split(keys[i], p, " ")
			printf "%-7s %-5s %10.0f   rouse is %.2f of it\n", p[1], p[2], med[keys[i]], med["rouse " p[2]] / med[keys[i]]
		}
	}'
