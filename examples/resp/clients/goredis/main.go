// Command goredis is go-redis with default options against the server on the
// port given.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: goredis PORT")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "go-redis:", err)
		os.Exit(1)
	}
	fmt.Println("go-redis", redis.Version())
}

func run(port string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	r := redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + port})
	defer r.Close()
	var errs []error
	check := func(what string, got any, err error, want any) {
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			errs = append(errs, fmt.Errorf("%s: got %v, %v; want %v", what, got, err, want))
		}
	}
	s, err := r.FlushAll(ctx).Result()
	check("FLUSHALL", s, err, "OK")
	s, err = r.Set(ctx, "k", "v", 100*time.Second).Result()
	check("SET", s, err, "OK")
	s, err = r.SetArgs(ctx, "k", "w", redis.SetArgs{Get: true, KeepTTL: true}).Result()
	check("SET GET", s, err, "v")
	d, err := r.TTL(ctx, "k").Result()
	check("TTL", d, err, "1m40s")
	b, err := r.ExpireGT(ctx, "k", time.Second).Result()
	check("EXPIRE GT", b, err, false)
	_, err = r.Get(ctx, "nothing").Result()
	check("GET of nothing", errors.Is(err, redis.Nil), nil, true)
	n, err := r.IncrBy(ctx, "n", 5).Result()
	check("INCRBY", n, err, 5)
	n, err = r.DecrBy(ctx, "n", 2).Result()
	check("DECRBY", n, err, 3)
	n, err = r.Append(ctx, "k", "!").Result()
	check("APPEND", n, err, 2)
	vals, err := r.MGet(ctx, "k", "nothing").Result()
	check("MGET", vals, err, "[w! <nil>]")
	n, err = r.RPush(ctx, "l", "a", "b").Result()
	check("RPUSH", n, err, 2)
	kv, err := r.BLPop(ctx, 5*time.Second, "none", "l").Result()
	check("BLPOP", kv, err, "[l a]")
	var keys []string
	for it := r.Scan(ctx, 0, "", 2).Iterator(); it.Next(ctx); {
		keys = append(keys, it.Val())
	}
	slices.Sort(keys)
	check("SCAN", keys, nil, "[k l n]")
	list, err := r.ClientList(ctx).Result()
	check("CLIENT LIST", strings.Contains(list, "lib-name=go-redis"), err, true)
	docs, err := r.Do(ctx, "COMMAND", "DOCS", "get").Result()
	check("COMMAND DOCS", strings.Contains(fmt.Sprint(docs), "summary"), err, true)
	table, err := r.Command(ctx).Result()
	check("COMMAND", table["get"] != nil, err, true)
	_, err = r.TxPipelined(ctx, func(p redis.Pipeliner) error { return p.Set(ctx, "in a transaction", 1, 0).Err() })
	check("transaction", err != nil && strings.HasPrefix(err.Error(), "EXECABORT"), nil, true)
	n, err = r.Exists(ctx, "in a transaction").Result()
	check("what was in the transaction", n, err, 0)
	_, err = r.Get(ctx, "l").Result()
	check("GET of a list", err != nil && strings.HasPrefix(err.Error(), "WRONGTYPE"), nil, true)
	sub := r.Subscribe(ctx, "c")
	defer sub.Close()
	_, err = sub.Receive(ctx)
	check("SUBSCRIBE", nil, err, nil)
	n, err = r.Publish(ctx, "c", "hello").Result()
	check("PUBLISH", n, err, 1)
	msg, err := sub.ReceiveMessage(ctx)
	if err != nil {
		return errors.Join(append(errs, err)...)
	}
	check("message", msg.Payload, nil, "hello")
	return errors.Join(errs...)
}
