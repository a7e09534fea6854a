// Command twin is what resp is measured against: the same commands on
// tidwall/redcon's own server, which has a goroutine for each connection.
package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"

	"github.com/tidwall/redcon"

	"github.com/rouse-go/rouse/examples/resp/internal/rss"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:6381", "listen on this address; port 0 picks a free one")
	flag.Parse()
	if err := run(*addr); err != nil {
		fmt.Fprintln(os.Stderr, "twin:", err)
		os.Exit(1)
	}
}

func run(addr string) error {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Printf("serving on %s\n", ln.Addr())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	go func() {
		<-signals
		ln.Close()
	}()
	st := newStore()
	return redcon.Serve(ln, st.handle, nil, nil)
}

func (st *store) handle(c redcon.Conn, cmd redcon.Command) {
	args := cmd.Args
	name := strings.ToUpper(string(args[0]))
	if want := arity[name]; want == 0 {
		c.WriteError("ERR unknown command '" + name + "'")
		return
	} else if len(args) < want {
		c.WriteError("ERR wrong number of arguments for '" + name + "' command")
		return
	}
	switch name {
	case "PING":
		c.WriteString("PONG")
	case "ECHO":
		c.WriteBulk(args[1])
	case "SET":
		st.set(args[1], args[2])
		c.WriteString("OK")
	case "GET":
		st.get(c, args[1])
	case "INCR":
		st.incr(c, args[1])
	case "LPUSH":
		st.push(c, args[1], args[2:])
	case "LPOP":
		st.pop(c, args[1])
	case "CLIENT", "SELECT":
		c.WriteString("OK")
	case "MEMORY":
		debug.FreeOSMemory()
		c.WriteString("OK")
	case "INFO":
		c.WriteBulkString(fmt.Sprintf("# Memory\r\nused_memory_rss:%d\r\n", rss.Bytes()))
	case "QUIT":
		c.WriteString("OK")
		c.Close()
	}
}

var arity = map[string]int{
	"PING": 1, "ECHO": 2, "SET": 3, "GET": 2, "INCR": 2, "LPUSH": 3, "LPOP": 2,
	"CLIENT": 2, "SELECT": 2, "MEMORY": 2, "INFO": 1, "QUIT": 1,
}
