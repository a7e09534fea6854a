// Redcon serves SET, GET, PING and CONFIG on a map behind a mutex, with a
// goroutine for each connection: what the RESP example is compared with.
package main

import (
	"flag"
	"log"
	"strings"
	"sync"

	"github.com/tidwall/redcon"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:6381", "address to listen on")
	flag.Parse()
	var mu sync.RWMutex
	items := make(map[string][]byte)
	handle := func(conn redcon.Conn, cmd redcon.Command) {
		switch name := strings.ToLower(string(cmd.Args[0])); {
		case name == "ping":
			conn.WriteString("PONG")
		case name == "set" && len(cmd.Args) == 3:
			mu.Lock()
			items[string(cmd.Args[1])] = append([]byte(nil), cmd.Args[2]...)
			mu.Unlock()
			conn.WriteString("OK")
		case name == "get" && len(cmd.Args) == 2:
			mu.RLock()
			v, ok := items[string(cmd.Args[1])]
			mu.RUnlock()
			if ok {
				conn.WriteBulk(v)
			} else {
				conn.WriteNull()
			}
		case name == "config": // redis-benchmark asks
			conn.WriteArray(0)
		default:
			conn.WriteError("ERR unknown command or wrong number of arguments for '" + name + "'")
		}
	}
	accept := func(redcon.Conn) bool { return true }
	log.Fatal(redcon.ListenAndServe(*addr, handle, accept, nil))
}
