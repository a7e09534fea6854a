"""redis-py with default options against the server on the port given."""

import sys

import redis

r = redis.Redis(port=int(sys.argv[1]), decode_responses=True)


def check(what, got, want):
    if got != want:
        sys.exit(f"redis-py: {what}: got {got!r}, want {want!r}")


r.flushall()
check("PING", r.ping(), True)
check("SET", r.set("k", "v", ex=100), True)
check("GET", r.get("k"), "v")
check("SET GET", r.set("k", "w", get=True, keepttl=True), "v")
check("TTL", r.ttl("k"), 100)
check("EXPIRE GT", r.expire("k", 50, gt=True), False)
check("GET of nothing", r.get("nothing"), None)
check("INCRBY", r.incr("n", 5), 5)
check("DECRBY", r.decr("n", 2), 3)
check("APPEND", r.append("k", "!"), 2)
check("STRLEN", r.strlen("k"), 2)
check("SETNX", r.setnx("k", "x"), False)
check("SETEX", r.execute_command("SETEX", "e", 100, "v"), True)
check("GETSET", r.getset("e", "w"), "v")
check("TYPE", r.type("k"), "string")
check("MGET", r.mget("k", "nothing"), ["w!", None])
check("RPUSH", r.rpush("l", "a", "b"), 2)
check("LRANGE", r.lrange("l", 0, -1), ["a", "b"])
check("BLPOP", tuple(r.blpop(["none", "l"], timeout=5)), ("l", "a"))
check("BLPOP of nothing", r.blpop("none", timeout=0.01), None)
check("SCAN", sorted(r.scan_iter(count=2)), ["e", "k", "l", "n"])
check("UNLINK", r.unlink("e", "nothing"), 1)
check("CLIENT LIST", "redis-py" in r.client_list()[0]["lib-name"], True)
check("CONFIG GET", r.config_get("save"), {"save": ""})
check("COMMAND DOCS", "get" in str(r.execute_command("COMMAND DOCS", "get")), True)
check("INFO", r.info("server")["loops"] > 0, True)
check("pipeline", r.pipeline(transaction=False).set("p", "1").incr("p").execute(), [True, 2])
try:
    r.pipeline().set("in a transaction", "1").execute()
    sys.exit("redis-py: a transaction was not refused")
except redis.ResponseError as e:
    check("refusal", "transactions are not supported" in str(e), True)
check("what was in the transaction", r.get("in a transaction"), None)
try:
    r.get("l")
    sys.exit("redis-py: GET of a list was not refused")
except redis.ResponseError as e:
    check("GET of a list", str(e).startswith("WRONGTYPE"), True)
sub = r.pubsub()
sub.subscribe("c")
check("SUBSCRIBE", sub.get_message(timeout=5)["type"], "subscribe")
check("PUBLISH", r.publish("c", "hello"), 1)
check("message", sub.get_message(timeout=5)["data"], "hello")
sub.close()
print("redis-py", redis.__version__)
