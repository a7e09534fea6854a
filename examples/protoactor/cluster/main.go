// Command cluster runs actors on a cluster of proto.actor, with mailboxes and
// dispatchers of rouse in every member, kills a member, and checks that no
// acknowledged message is lost.
//
//	go run ./cluster
//
// The members are processes of their own: the program starts itself again. The
// README says what is promised and how.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "member" {
		if err := member(os.Args[2], os.Args[3]); err != nil {
			fmt.Fprintf(os.Stderr, "member %s: %v\n", os.Args[2], err)
			os.Exit(1)
		}
		return
	}
	var p plan
	flag.IntVar(&p.members, "members", 3, "how many `processes` the cluster has, 2 at the least")
	flag.IntVar(&p.actors, "actors", 64, "how many `actors` get messages")
	flag.IntVar(&p.messages, "messages", 50, "how many `messages` each actor gets")
	flag.BoolVar(&p.pause, "pause", false, "suspend a member instead of killing it, and let it go on at the end")
	limit := flag.Duration("limit", time.Minute, "the `time` that the run may take")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, *limit)
	defer cancel()
	res, err := p.run(ctx, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
	fmt.Println(res)
}
