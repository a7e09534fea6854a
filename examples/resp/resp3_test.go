package resp

import (
	"fmt"
	"strings"
	"testing"
)

// speak3 switches to RESP3, and returns the client's ID.
func (p *peer) speak3() (id string) {
	p.t.Helper()
	return p.hello("%7", "3")
}

func (p *peer) hello(head, proto string) (id string) {
	p.t.Helper()
	p.send(fields("HELLO " + proto + " AUTH default any SETNAME me"))
	p.expect(head + "\r\n" + bulk("server") + bulk("rouse-resp") + bulk("version") + bulk(version) + bulk("proto") + ":" + proto + "\r\n" + bulk("id") + ":")
	id, err := p.r.ReadString('\n')
	if err != nil {
		p.t.Fatal(err)
	}
	p.expect(bulk("mode") + bulk("standalone") + bulk("role") + bulk("master") + bulk("modules") + "*0\r\n")
	return strings.TrimSpace(id)
}

func TestRESP3(t *testing.T) {
	says := []string{
		fields("CLIENT GETNAME"), bulk("me"),
		fields("GET nosuch"), "_\r\n",
		fields("SET s v") + fields("MGET s nosuch"), "+OK\r\n*2\r\n" + bulk("v") + "_\r\n",
		fields("SET s w NX") + fields("SET s w GET"), "_\r\n" + bulk("v"),
		fields("LPOP nosuch 1") + fields("BLPOP nosuch 0.01"), "_\r\n_\r\n",
		fields("CONFIG GET save"), "%1\r\n" + bulk("save") + bulk(""),
		fields("COMMAND INFO get nosuch"), "*2\r\n*6\r\n" + bulk("get") + ":2\r\n~0\r\n:1\r\n:1\r\n:1\r\n_\r\n",
		fields("COMMAND DOCS get"), "%1\r\n" + bulk("get") + "%2\r\n" + bulk("summary") + bulk("the string at a key") + bulk("group") + bulk("string"),
		fields("SCAN 0 TYPE list"), "*2\r\n" + bulk("0") + "*0\r\n",
		fields("INFO nosuch"), "=4\r\ntxt:\r\n",
		// A subscriber may go on with anything; messages and confirmations are pushes.
		fields("SUBSCRIBE c"), ">3\r\n" + bulk("subscribe") + bulk("c") + ":1\r\n",
		fields("PING") + fields("GET s"), "+PONG\r\n" + bulk("w"),
		fields("DEL s") + fields("PUBLISH c m"), ":1\r\n:1\r\n>3\r\n" + bulk("message") + bulk("c") + bulk("m"),
		fields("UNSUBSCRIBE") + fields("UNSUBSCRIBE"), ">3\r\n" + bulk("unsubscribe") + bulk("c") + ":0\r\n>3\r\n" + bulk("unsubscribe") + "_\r\n:0\r\n",
	}
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		p := dial(t, s)
		p.speak3()
		for i := 0; i < len(says); i += 2 {
			p.send(says[i])
			p.expect(says[i+1])
		}
		p.send(fields("RESET") + fields("GET nosuch"))
		p.expect("+RESET\r\n$-1\r\n")
	})
}

// Each subscriber of a channel hears in its own protocol, and in another one
// once it has chosen that.
func TestPublishToBothProtocols(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		two, three, pub := dial(t, s), dial(t, s), dial(t, s)
		three.speak3()
		two.send(fields("SUBSCRIBE c"))
		two.expect("*3\r\n" + bulk("subscribe") + bulk("c") + ":1\r\n")
		three.send(fields("SUBSCRIBE c"))
		three.expect(">3\r\n" + bulk("subscribe") + bulk("c") + ":1\r\n")
		for i := range 10 {
			m := fmt.Sprint(i)
			pub.send(fields("PUBLISH c " + m))
			pub.expect(":2\r\n")
			two.expect(message("c", m))
			three.expect(">" + message("c", m)[1:])
		}
		three.hello("*14", "2")
		three.send(fields("PING"))
		three.expect("*2\r\n" + bulk("pong") + bulk(""))
		pub.send(fields("PUBLISH c last"))
		pub.expect(":2\r\n")
		three.expect(message("c", "last"))
	})
}

// A client of RESP3 may block while it is subscribed: it hears both.
func TestBlockedSubscriber(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		p, q := dial(t, s), dial(t, s)
		p.speak3()
		p.send(fields("SUBSCRIBE c") + fields("BLPOP l 0"))
		p.expect(">3\r\n" + bulk("subscribe") + bulk("c") + ":1\r\n")
		awaitBlocked(t, s, 1)
		q.send(fields("PUBLISH c m"))
		q.expect(":1\r\n")
		p.expect(">" + message("c", "m")[1:])
		q.send(fields("RPUSH l v"))
		q.expect(":1\r\n")
		p.expect("*2\r\n" + bulk("l") + bulk("v"))
	})
}

// CLIENT LIST knows the clients of all loops, and what they have told.
func TestClientList(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		p, q, r := dial(t, s), dial(t, s), dial(t, s)
		id := p.speak3()
		p.send(fields("SELECT 3") + fields("CLIENT SETINFO LIB-NAME lib") + fields("CLIENT SETINFO lib-ver 1.2"))
		p.expect("+OK\r\n+OK\r\n+OK\r\n")
		q.send(fields("SUBSCRIBE a b"))
		q.expect("*3\r\n")
		await(t, s, "channels", func(st Stats) bool { return st.Channels == 2 })
		r.send(fields("CLIENT LIST") + fields("CLIENT LIST TYPE PUBSUB") + cmd("CLIENT", "LIST", "ID", id))
		all, pubsub, mine := r.bulk(), r.bulk(), r.bulk()
		if n := strings.Count(all, "\n"); n != 3 {
			t.Errorf("%d lines for 3 clients:\n%s", n, all)
		}
		for _, want := range []string{"id=" + id + " ", "addr=" + p.LocalAddr().String() + " ", "laddr=" + s.Addr().String() + " ",
			"name=me ", "flags=N ", "db=3 ", "resp=3 ", "lib-name=lib ", "lib-ver=1.2\n"} {
			if !strings.Contains(mine, want) || !strings.Contains(all, mine) {
				t.Errorf("no %q in %q", want, mine)
			}
		}
		if strings.Count(pubsub, "\n") != 1 || !strings.Contains(pubsub, "flags=P db=0 sub=2 ") || !strings.Contains(pubsub, "addr="+q.LocalAddr().String()) {
			t.Errorf("the subscriber is %q", pubsub)
		}
		p.send(fields("CLIENT INFO"))
		p.expect(fmt.Sprintf("=%d\r\ntxt:%s\r\n", len(mine)+4, mine))
		p.Close()
		q.Close()
		awaitGone(t, s, 1)
		r.send(fields("CLIENT LIST"))
		if all := r.bulk(); strings.Count(all, "\n") != 1 {
			t.Errorf("%q", all)
		}
		r.send(fields("CLIENT LIST ID 0") + fields("CLIENT LIST TYPE x") + fields("CLIENT LIST x") + cmd("CLIENT", "SETINFO", "LIB-NAME", "a b") + fields("CLIENT SETINFO x y"))
		r.expect("-ERR Invalid client ID\r\n-ERR Unknown client type 'x'\r\n-ERR syntax error\r\n" +
			"-ERR lib-name cannot contain spaces, newlines or special characters.\r\n-ERR Unrecognized option 'X'\r\n")
	})
}

// APPEND makes no string that could not be fetched.
func TestAppendIsBounded(t *testing.T) {
	eachVariant(t, small, func(t *testing.T, s *Server) {
		p := dial(t, s)
		half := strings.Repeat("x", small.MaxBulk/2)
		for range 2 {
			p.send(cmd("APPEND", "k", half))
		}
		p.send(cmd("APPEND", "k", "x") + fields("STRLEN k"))
		p.expect(fmt.Sprintf(":%d\r\n:%d\r\n-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n:%d\r\n", small.MaxBulk/2, small.MaxBulk, small.MaxBulk))
	})
}

// A SCAN takes as many calls as it takes, and finds every key, on however many
// shards.
func TestScanServed(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		p := dial(t, s)
		const n = 500
		args := []string{"MSET"}
		for i := range n {
			args = append(args, fmt.Sprint("key:", i), "v")
		}
		p.send(cmd(args...))
		p.expect("+OK\r\n")
		cl := newClient(t, s)
		seen := map[string]bool{}
		calls := 0
		for it := cl.Scan(ctx, 0, "key:*", 7).Iterator(); it.Next(ctx); calls++ {
			seen[it.Val()] = true
		}
		if len(seen) != n {
			t.Errorf("%d keys of %d", len(seen), n)
		}
	})
}
