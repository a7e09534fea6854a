package resp

import (
	"fmt"
	"strings"
	"sync"
)

// A clientList is the connections that a loop serves, for CLIENT LIST and for
// the bound on what they hold, which look at those of all loops.
type clientList struct {
	mu  sync.Mutex
	all []*conn
}

func (cs *clientList) add(c *conn) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	c.slot = int32(len(cs.all))
	cs.all = append(cs.all, c)
}

func (cs *clientList) remove(c *conn) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	var last *conn
	if cs.all, last = popLast(cs.all); last != c {
		cs.all[c.slot], last.slot = last, c.slot
	}
}

// clients calls visit for the connections of every loop, with its list locked:
// none of them is closed meanwhile.
func (s *Server) clients(visit func(*conn)) {
	for _, l := range s.loops {
		l.clients.mu.Lock()
		for _, c := range l.clients.all {
			visit(c)
		}
		l.clients.mu.Unlock()
	}
}

// A clientInfo is what a client has told of itself, and what others may know of
// it. It is never changed: the connection replaces it.
type clientInfo struct {
	name, libName, libVer string
	db, proto             int
	sub                   *subscriber
	subs                  int // channels
}

var newcomer = clientInfo{proto: 2}

// known returns what is known of the client. Any goroutine may call it.
func (c *conn) known() *clientInfo {
	if i := c.info.Load(); i != nil {
		return i
	}
	return &newcomer
}

// tell changes what is known of the client.
func (c *conn) tell(change func(*clientInfo)) {
	i := *c.known()
	change(&i)
	if i == newcomer {
		c.info.Store(nil)
		return
	}
	c.info.Store(&i)
}

// describe appends the line that stands for the client in CLIENT LIST.
func (c *conn) describe(b *strings.Builder) {
	i, flags := c.known(), "N"
	if i.sub != nil {
		flags = "P"
	}
	addr, laddr := c.loop.reactor.addrs(c)
	fmt.Fprintf(b, "id=%d addr=%s laddr=%s name=%s flags=%s db=%d sub=%d psub=0 multi=-1 tot-mem=%d user=default resp=%d lib-name=%s lib-ver=%s\n",
		c.id, addr, laddr, i.name, flags, i.db, i.subs, c.holds(), i.proto, i.libName, i.libVer)
}

// clientList answers CLIENT LIST, of all clients, of those of a type, or of
// those with an ID.
func (c *conn) clientList(options [][]byte) {
	want := func(*conn) bool { return true }
	switch {
	case len(options) == 0:
	case len(options) == 2 && strings.EqualFold(string(options[0]), "type"):
		pubsub := strings.EqualFold(string(options[1]), "pubsub")
		if !pubsub && !strings.EqualFold(string(options[1]), "normal") {
			c.fail("ERR Unknown client type '" + string(options[1]) + "'")
			return
		}
		want = func(o *conn) bool { return (o.known().sub != nil) == pubsub }
	case len(options) > 1 && strings.EqualFold(string(options[0]), "id"):
		ids := make(map[int64]bool)
		for _, o := range options[1:] {
			id, ok := number(o)
			if !ok || id < 1 {
				c.fail("ERR Invalid client ID")
				return
			}
			ids[id] = true
		}
		want = func(o *conn) bool { return ids[o.id] }
	default:
		c.fail(syntax)
		return
	}
	var b strings.Builder
	c.loop.srv.clients(func(o *conn) {
		if want(o) && b.Len() <= c.loop.lim.OutHard {
			o.describe(&b)
		}
	})
	c.page(b.String())
}

// clientSetInfo answers CLIENT SETINFO, which client libraries send unasked.
func (c *conn) clientSetInfo(attr string, value []byte) {
	switch {
	case attr != "LIB-NAME" && attr != "LIB-VER":
		c.fail("ERR Unrecognized option '" + attr + "'")
	case !printable(value):
		c.fail("ERR " + strings.ToLower(attr) + " cannot contain spaces, newlines or special characters.")
	default:
		v := string(value)
		c.tell(func(i *clientInfo) {
			if attr == "LIB-NAME" {
				i.libName = v
			} else {
				i.libVer = v
			}
		})
		c.ok()
	}
}

func (c *conn) setName(name []byte) bool {
	if !printable(name) {
		c.fail("ERR Client names cannot contain spaces, newlines or special characters.")
		return false
	}
	n := string(name)
	c.tell(func(i *clientInfo) { i.name = n })
	return true
}

func printable(b []byte) bool {
	for _, x := range b {
		if x < '!' || x > '~' {
			return false
		}
	}
	return len(b) <= 256
}

func (c *conn) setProto(v int) {
	c.flags &^= resp3
	if v == 3 {
		c.flags |= resp3
	}
	if c.sub != nil {
		c.sub.speak(v == 3)
	}
	if c.known().proto != v {
		c.tell(func(i *clientInfo) { i.proto = v })
	}
}

func (c *conn) setDB(n int) {
	if c.dbi != uint8(n) {
		c.dbi = uint8(n)
		c.tell(func(i *clientInfo) { i.db = n })
	}
}

// longestKey is how much of a key a label tells.
const longestKey = 64

// label has the page of the tasks tell what the client waits for besides its
// next request.
func (c *conn) label() {
	if !c.loop.srv.cfg.Describe {
		return
	}
	label := ""
	switch {
	case c.pop != nil:
		name, key := "BRPOP", c.pop.keys[0]
		if c.pop.left {
			name = "BLPOP"
		}
		label = fmt.Sprintf("blocked on %s %s", name, key[:min(len(key), longestKey)])
		if n := len(c.pop.keys) - 1; n > 0 {
			label += fmt.Sprintf(" and %d more", n)
		}
	case c.sub != nil:
		label = fmt.Sprintf("subscribed to %d channel", c.sub.channels.len())
		if c.sub.channels.len() > 1 {
			label += "s"
		}
	}
	c.WakerRef().SetLabel(label)
}

// toldSubs makes known what the client is subscribed to.
func (c *conn) toldSubs() {
	n := 0
	if c.sub != nil {
		n = c.sub.channels.len()
	}
	if i := c.known(); i.sub != c.sub || i.subs != n {
		c.tell(func(i *clientInfo) { i.sub, i.subs = c.sub, n })
		c.label()
	}
}
