package main

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/asynkron/protoactor-go/actor"
	"github.com/asynkron/protoactor-go/cluster"
	"github.com/asynkron/protoactor-go/cluster/clusterproviders/automanaged"
	"github.com/asynkron/protoactor-go/cluster/identitylookup/disthash"
	"github.com/asynkron/protoactor-go/remote"
	"github.com/labstack/echo"

	"github.com/rouse-go/rouse/examples/executor"
	"github.com/rouse-go/rouse/examples/protoactor"
)

const (
	clusterName = "ledgers"
	kind        = "ledger"

	// lookEvery is how often each process asks all members whether they are there.
	lookEvery = 500 * time.Millisecond
)

// member is the process of a member. It writes the address where it says that it is
// alive, reads those of all members, and writes a line when it has started. It ends
// with its standard input, so with the driver.
func member(name, dir string) error {
	in := bufio.NewReader(os.Stdin)
	alive, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(alive.Addr())
	members, err := in.ReadString('\n')
	if err != nil {
		return fmt.Errorf("the addresses of the members: %w", err)
	}

	// A ledger waits for the disk, and its worker with it: so there are more workers
	// than processors.
	workers := protoactor.NewDispatcher(executor.New(16), 300)
	ledgers := actor.PropsFromProducer(func() actor.Actor { return &ledger{member: name, dir: dir} },
		actor.WithMailbox(protoactor.Unbounded()), actor.WithDispatcher(workers))

	system := newSystem()
	system.Root.WithSpawnMiddleware(kitMailboxes)
	provider := automanaged.NewWithTesting(lookEvery, 0, health(system, alive), strings.Fields(members)...)
	start(system, provider, cluster.NewKind(kind, ledgers)).StartMember()
	fmt.Println("started")

	_, err = io.Copy(io.Discard, in)
	return err
}

func newSystem() *actor.ActorSystem {
	return actor.NewActorSystem(actor.WithLoggerFactory(func(*actor.ActorSystem) *slog.Logger {
		return slog.New(slog.DiscardHandler) // that a member is lost is an error in the log
	}))
}

func start(system *actor.ActorSystem, provider cluster.ClusterProvider, kinds ...*cluster.Kind) *cluster.Cluster {
	return cluster.New(system, cluster.Configure(clusterName, provider, disthash.New(),
		remote.Configure("127.0.0.1", 0), cluster.WithKinds(kinds...)))
}

// kitMailboxes gives the actors that proto.actor itself starts mailboxes of the kit:
// the activator, the supervisor of endpoints, the placement actor, gossip, delivery
// for subscribers.
func kitMailboxes(actor.SpawnFunc) actor.SpawnFunc {
	mailboxes := actor.WithMailbox(protoactor.Unbounded())
	return func(system *actor.ActorSystem, id string, props *actor.Props, parent actor.SpawnerContext) (*actor.PID, error) {
		return actor.DefaultSpawner(system, id, props.Clone(mailboxes), parent)
	}
}

// health is the server that the automanaged provider has in every member. Its own
// would listen on all interfaces, on a port that was agreed upon before.
func health(system *actor.ActorSystem, l net.Listener) *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort, e.Listener = true, true, l
	e.GET("/_health", func(c echo.Context) error {
		host, port, err := system.GetHostPort()
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, automanaged.NewNode(clusterName, system.ID, host, port, 0, []string{kind}))
	})
	return e
}
