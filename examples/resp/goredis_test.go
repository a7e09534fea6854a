package resp

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

func check[T comparable](t *testing.T, what string, got T, err error, want T) {
	t.Helper()
	if err != nil || got != want {
		t.Errorf("%s: %v, %v; want %v", what, got, err, want)
	}
}

// A real client library, with all it sends on its own, is content.
func TestGoRedis(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		for _, proto := range []int{2, 3} {
			cl := redis.NewClient(&redis.Options{Addr: s.Addr().String(), Protocol: proto, ClientName: "test", DB: proto, ReadTimeout: patience})
			t.Cleanup(func() { cl.Close() })
			commandsOf(t, cl)
		}
	})
}

func commandsOf(t *testing.T, cl *redis.Client) {
	pong, err := cl.Ping(ctx).Result()
	check(t, "PING", pong, err, "PONG")
	ok, err := cl.Set(ctx, "k", "v", time.Hour).Result()
	check(t, "SET", ok, err, "OK")
	set, err := cl.SetNX(ctx, "k", "w", time.Hour).Result()
	check(t, "SETNX", set, err, false)
	v, err := cl.Get(ctx, "k").Result()
	check(t, "GET", v, err, "v")
	ttl, err := cl.TTL(ctx, "k").Result()
	check(t, "TTL", ttl > 0 && ttl <= time.Hour, err, true)
	if _, err := cl.Get(ctx, "nosuch").Result(); !errors.Is(err, redis.Nil) {
		t.Errorf("GET nosuch: %v", err)
	}
	n, err := cl.Incr(ctx, "n").Result()
	check(t, "INCR", n, err, 1)
	ok, err = cl.MSet(ctx, "a", 1, "b", 2).Result()
	check(t, "MSET", ok, err, "OK")
	vals, err := cl.MGet(ctx, "a", "nosuch", "b").Result()
	check(t, "MGET", fmt.Sprint(vals), err, "[1 <nil> 2]")
	n, err = cl.RPush(ctx, "l", "x", "y", "z").Result()
	check(t, "RPUSH", n, err, 3)
	l, err := cl.LRange(ctx, "l", 0, -1).Result()
	check(t, "LRANGE", fmt.Sprint(l), err, "[x y z]")
	kv, err := cl.BLPop(ctx, patience, "nosuch", "l").Result()
	check(t, "BLPOP", fmt.Sprint(kv), err, "[l x]")
	keys, err := cl.Keys(ctx, "*").Result()
	slices.Sort(keys)
	check(t, "KEYS", fmt.Sprint(keys), err, "[a b k l n]")
	size, err := cl.DBSize(ctx).Result()
	check(t, "DBSIZE", size, err, 5)
	expired, err := cl.Expire(ctx, "k", -time.Second).Result()
	check(t, "EXPIRE", expired, err, true)
	n, err = cl.Exists(ctx, "k", "a").Result()
	check(t, "EXISTS", n, err, 1)
	n, err = cl.Del(ctx, "a", "b", "k").Result()
	check(t, "DEL", n, err, 2)
	name, err := cl.ClientGetName(ctx).Result()
	check(t, "CLIENT GETNAME", name, err, "test")
	table, err := cl.Command(ctx).Result()
	check(t, "COMMAND", table["get"] != nil && table["get"].Arity == 2, err, true)
	info, err := cl.InfoMap(ctx).Result()
	check(t, "INFO", info["Server"]["redis_version"], err, version)

	pipe := cl.Pipeline()
	var incrs []*redis.IntCmd
	for range 1000 {
		incrs = append(incrs, pipe.Incr(ctx, "n"))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		t.Error(err)
	}
	for i, c := range incrs {
		check(t, "pipelined INCR", c.Val(), c.Err(), int64(i+2))
	}

	_, err = cl.TxPipelined(ctx, func(p redis.Pipeliner) error { return p.Set(ctx, "tx", 1, 0).Err() })
	check(t, "transaction", fmt.Sprint(err), nil, "EXECABORT Transaction discarded because of previous errors.")
	n, err = cl.Exists(ctx, "tx").Result()
	check(t, "what was in the transaction", n, err, 0)

	sub := cl.Subscribe(ctx, "news")
	defer sub.Close()
	if _, err := sub.Receive(ctx); err != nil {
		t.Fatal(err)
	}
	n, err = cl.Publish(ctx, "news", "hello").Result()
	check(t, "PUBLISH", n, err, 1)
	msg, err := sub.ReceiveMessage(ctx)
	check(t, "message", msg.Payload, err, "hello")
}
