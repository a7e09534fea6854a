package main

import (
	"context"
	"os"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"
)

// The test binary is the program that the driver starts.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "member" {
		main()
		return
	}
	os.Exit(m.Run())
}

// A member is killed in the middle, and nothing that was acknowledged is lost.
func TestKill(t *testing.T) { lose(t, plan{members: 3, actors: 12, messages: 11}) }

func lose(t *testing.T, p plan) {
	ctx, stop := context.WithTimeout(context.Background(), 4*time.Minute)
	defer stop()
	var out strings.Builder
	res, err := p.run(ctx, &out)
	t.Log(out.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Log(res)
	if res.acknowledged != p.actors*p.messages {
		t.Errorf("%d messages were acknowledged", res.acknowledged)
	}
	if res.moved == 0 || res.kept == 0 {
		t.Errorf("the lost member had %d actors with %d messages", res.moved, res.kept)
	}
	if res.known < p.actors*2 {
		t.Errorf("%d messages were known when they were sent again", res.known)
	}
}

// A driver that is killed leaves no members behind: they end with their input.
func TestMemberEnds(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	members, err := launch(ctx, 1, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	members[0].in.Close()
	if err := members[0].cmd.Wait(); err != nil {
		t.Error(err) // it was killed when ctx ended, or failed
	}
}

// What proto.actor spawns itself has the kit's mailboxes too.
func TestKitMailboxes(t *testing.T) {
	system := newSystem()
	system.Root.WithSpawnMiddleware(kitMailboxes)
	pid := system.Root.Spawn(actor.PropsFromFunc(func(c actor.Context) {
		if c.Message() == "who calls?" {
			c.Respond(string(debug.Stack()))
		}
	}))
	stack, err := system.Root.RequestFuture(pid, "who calls?", time.Minute).Result()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(stack.(string), "protoactor.(*mailbox)") {
		t.Errorf("no mailbox of the kit calls the actor:\n%s", stack)
	}
}

func TestCompare(t *testing.T) {
	a, b, c := message{ID: "a"}, message{ID: "b"}, message{ID: "c"}
	other := message{ID: "b", Text: "another"}
	for _, test := range []struct {
		has  []message
		want string // in the error
	}{
		{[]message{a, b}, ""},
		{[]message{a}, "b was acknowledged, and is there 0 times"},
		{nil, "a was acknowledged, and is there 0 times"},
		{[]message{a, b, a}, "a was acknowledged, and is there 2 times"},
		{[]message{a, other}, "b was acknowledged, and is there 0 times"},
		{[]message{b, a}, "another order"},
		{[]message{a, b, c}, "other messages"},
	} {
		err := compare("x", []message{a, b}, test.has)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%v: %v, want %q", test.has, err, test.want)
		}
	}
}
