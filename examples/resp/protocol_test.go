package resp

import (
	"strings"
	"testing"
)

// Each conversation is a new connection; the key space is theirs in turn.
var conversations = []struct {
	name string
	says []string // what the client says, and what it must hear, in turn
}{
	{"ping", []string{
		fields("PING"), "+PONG\r\n",
		fields("ping"), "+PONG\r\n",
		fields("PING hello"), bulk("hello"),
		fields("PING a b"), "-ERR wrong number of arguments for 'ping' command\r\n",
		"PING\r\n", "+PONG\r\n",
		"PING\n", "+PONG\r\n",
		"  ECHO \"a b\"\r\n", bulk("a b"),
		"\r\n\r\nPING\r\n", "+PONG\r\n",
		"*0\r\n" + fields("PING"), "+PONG\r\n",
	}},
	{"echo", []string{
		cmd("ECHO", ""), bulk(""),
		cmd("ECHO", "a\r\nb\x00"), bulk("a\r\nb\x00"),
		fields("ECHO"), "-ERR wrong number of arguments for 'echo' command\r\n",
	}},
	{"unknown", []string{
		fields("NOSUCH a b"), "-ERR unknown command 'NOSUCH', with args beginning with: 'a' 'b' \r\n",
		cmd("averyverylongcommandname"), "-ERR unknown command 'averyverylongcommandname', with args beginning with: \r\n",
		cmd(""), "-ERR unknown command '', with args beginning with: \r\n",
		cmd("a\r\nb"), "-ERR unknown command 'a  b', with args beginning with: \r\n",
	}},
	{"strings", []string{
		fields("GET s"), "$-1\r\n",
		fields("SET s one"), "+OK\r\n",
		fields("GET s"), bulk("one"),
		fields("SET s a-longer-value"), "+OK\r\n",
		fields("GET s"), bulk("a-longer-value"),
		cmd("SET", "s", ""), "+OK\r\n",
		fields("GET s"), bulk(""),
		fields("SET s x NX"), "$-1\r\n",
		fields("SET s y XX"), "+OK\r\n",
		fields("SET s2 y XX"), "$-1\r\n",
		fields("SET s2 z NX"), "+OK\r\n",
		fields("SET s z NX XX"), "-ERR syntax error\r\n",
		fields("SET s z EX"), "-ERR syntax error\r\n",
		fields("SET s z EX abc"), "-ERR value is not an integer or out of range\r\n",
		fields("SET s z EX 0"), "-ERR invalid expire time in 'set' command\r\n",
		fields("SET s z EX 9223372036854775807"), "-ERR invalid expire time in 'set' command\r\n",
		fields("SET s z BOGUS"), "-ERR syntax error\r\n",
		fields("TYPE s"), "+string\r\n",
		fields("EXISTS s s2 s nosuch"), ":3\r\n",
		fields("DEL s s2 nosuch"), ":2\r\n",
	}},
	{"incr", []string{
		fields("INCR n"), ":1\r\n",
		fields("INCR n"), ":2\r\n",
		fields("SET n 9223372036854775806"), "+OK\r\n",
		fields("INCR n"), ":9223372036854775807\r\n",
		fields("INCR n"), "-ERR increment or decrement would overflow\r\n",
		fields("SET n abc"), "+OK\r\n",
		fields("INCR n"), "-ERR value is not an integer or out of range\r\n",
	}},
	{"many", []string{
		fields("MSET a 1 b 2 c 3"), "+OK\r\n",
		fields("MGET a nosuch c"), "*3\r\n" + bulk("1") + "$-1\r\n" + bulk("3"),
		fields("MSET a 1 b"), "-ERR wrong number of arguments for 'mset' command\r\n",
	}},
	{"expiry", []string{
		// Requests of one turn see one time.
		fields("SET e v EX 100") + fields("TTL e") + fields("SET e v KEEPTTL") + fields("TTL e"), "+OK\r\n:100\r\n+OK\r\n:100\r\n",
		fields("SET e v"), "+OK\r\n",
		fields("TTL e"), ":-1\r\n",
		fields("EXPIRE e 200") + fields("TTL e"), ":1\r\n:200\r\n",
		fields("EXPIRE e -1"), ":1\r\n",
		fields("TTL e"), ":-2\r\n",
		fields("EXPIRE e 10"), ":0\r\n",
		fields("EXPIRE e abc"), "-ERR value is not an integer or out of range\r\n",
		fields("EXPIRE e 9223372036854775807"), "-ERR invalid expire time in 'expire' command\r\n",
		fields("EXPIRE e -9223372036854775808"), "-ERR invalid expire time in 'expire' command\r\n",
		fields("PEXPIRE e 9223372036854775807"), "-ERR invalid expire time in 'pexpire' command\r\n",
		fields("SET e v PX 9223372036854775807"), "-ERR invalid expire time in 'set' command\r\n",
		fields("SET e v PX 9000000000000000000") + fields("TTL e"), "+OK\r\n:9000000000000000\r\n",
		fields("PEXPIRE e -9000000000000000000") + fields("EXISTS e"), ":1\r\n:0\r\n",
	}},
	{"keys", []string{
		fields("FLUSHALL"), "+OK\r\n",
		fields("DBSIZE"), ":0\r\n",
		fields("SET key:1 v"), "+OK\r\n",
		fields("SET other v"), "+OK\r\n",
		fields("KEYS key:*"), "*1\r\n" + bulk("key:1"),
		fields("KEYS [^k]*"), "*1\r\n" + bulk("other"),
		fields("DBSIZE"), ":2\r\n",
		fields("SELECT 1"), "+OK\r\n",
		fields("DBSIZE"), ":0\r\n",
		fields("SET key:1 elsewhere"), "+OK\r\n",
		fields("SELECT 0"), "+OK\r\n",
		fields("GET key:1"), bulk("v"),
		fields("SELECT 16"), "-ERR DB index is out of range\r\n",
		fields("SELECT 9223372036854775807"), "-ERR DB index is out of range\r\n",
		fields("SELECT -9223372036854775808"), "-ERR DB index is out of range\r\n",
		fields("SELECT x"), "-ERR value is not an integer or out of range\r\n",
		fields("FLUSHALL"), "+OK\r\n",
		fields("KEYS *"), "*0\r\n",
	}},
	{"lists", []string{
		fields("LLEN l"), ":0\r\n",
		fields("LPOP l"), "$-1\r\n",
		fields("LPOP l 2"), "*-1\r\n",
		fields("RPUSH l b c"), ":2\r\n",
		fields("LPUSH l a z"), ":4\r\n",
		fields("LRANGE l 0 -1"), "*4\r\n" + bulk("z") + bulk("a") + bulk("b") + bulk("c"),
		fields("LRANGE l -2 100"), "*2\r\n" + bulk("b") + bulk("c"),
		fields("LRANGE l 3 1"), "*0\r\n",
		fields("LRANGE l 9223372036854775807 -9223372036854775808"), "*0\r\n",
		fields("LRANGE l -9223372036854775808 9223372036854775807"), "*4\r\n" + bulk("z") + bulk("a") + bulk("b") + bulk("c"),
		fields("LRANGE l 9223372036854775807 9223372036854775807"), "*0\r\n",
		fields("LRANGE l -9223372036854775808 -9223372036854775808"), "*0\r\n",
		fields("LRANGE l 9223372036854775808 0"), "-ERR value is not an integer or out of range\r\n",
		fields("LRANGE nosuch 9223372036854775807 -9223372036854775808"), "*0\r\n",
		fields("LRANGE l x 1"), "-ERR value is not an integer or out of range\r\n",
		fields("LPOP l"), bulk("z"),
		fields("RPOP l"), bulk("c"),
		fields("TYPE l"), "+list\r\n",
		fields("LPOP l 0"), "*0\r\n",
		fields("LPOP l 9223372036854775807"), "*2\r\n" + bulk("a") + bulk("b"),
		fields("EXISTS l"), ":0\r\n",
		fields("LPOP l 9223372036854775808"), "-ERR value is out of range, must be positive\r\n",
		fields("LPOP l -9223372036854775808"), "-ERR value is out of range, must be positive\r\n",
		fields("LPOP l -1"), "-ERR value is out of range, must be positive\r\n",
	}},
	{"wrong type", []string{
		fields("RPUSH w a"), ":1\r\n",
		fields("GET w"), "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n",
		fields("INCR w"), "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n",
		fields("MGET w"), "*1\r\n$-1\r\n",
		fields("SET w s"), "+OK\r\n",
		fields("LPUSH w a"), "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n",
		fields("LLEN w"), "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n",
		fields("LRANGE w 0 1"), "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n",
		fields("BLPOP w 0"), "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n",
		fields("DEL w"), ":1\r\n",
	}},
	{"blocking pops that need not wait", []string{
		fields("RPUSH q2 a b"), ":2\r\n",
		fields("BLPOP q1 q2 0"), "*2\r\n" + bulk("q2") + bulk("a"),
		fields("BRPOP q1 q2 0"), "*2\r\n" + bulk("q2") + bulk("b"),
		fields("BLPOP q1 0.01"), "*-1\r\n",
		fields("BLPOP q1 -1"), "-ERR timeout is negative\r\n",
		fields("BLPOP q1 x"), "-ERR timeout is not a float or out of range\r\n",
		fields("BLPOP q1 1e300"), "-ERR timeout is out of range\r\n",
		fields("BLPOP q1 9223372036.854775807"), "-ERR timeout is out of range\r\n",
		fields("BLPOP q1 inf"), "-ERR timeout is out of range\r\n",
		fields("BLPOP q1 nan"), "-ERR timeout is not a float or out of range\r\n",
	}},
	{"pipeline", []string{
		fields("SET p 1") + fields("INCR p") + fields("GET p") + fields("BLPOP nothing 0.01") + fields("PING"),
		"+OK\r\n:2\r\n" + bulk("2") + "*-1\r\n+PONG\r\n",
		strings.Repeat(fields("PING"), 10_000), strings.Repeat("+PONG\r\n", 10_000),
	}},
	{"publish and subscribe", []string{
		fields("PUBLISH c m"), ":0\r\n",
		fields("SUBSCRIBE c d"), "*3\r\n" + bulk("subscribe") + bulk("c") + ":1\r\n*3\r\n" + bulk("subscribe") + bulk("d") + ":2\r\n",
		fields("SUBSCRIBE c"), "*3\r\n" + bulk("subscribe") + bulk("c") + ":2\r\n",
		fields("PING"), "*2\r\n" + bulk("pong") + bulk(""),
		fields("GET x"), "-ERR Can't execute 'get': only SUBSCRIBE / UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context\r\n",
		fields("UNSUBSCRIBE d"), "*3\r\n" + bulk("unsubscribe") + bulk("d") + ":1\r\n",
		fields("UNSUBSCRIBE"), "*3\r\n" + bulk("unsubscribe") + bulk("c") + ":0\r\n",
		fields("UNSUBSCRIBE"), "*3\r\n" + bulk("unsubscribe") + "$-1\r\n:0\r\n",
		fields("PING"), "+PONG\r\n",
	}},
	{"what clients ask first", []string{
		fields("CLIENT SETNAME me"), "+OK\r\n",
		fields("CLIENT GETNAME"), bulk("me"),
		cmd("CLIENT", "SETNAME", "a b"), "-ERR Client names cannot contain spaces, newlines or special characters.\r\n",
		fields("CLIENT SETINFO LIB-NAME x"), "+OK\r\n",
		fields("CLIENT NOSUCH"), "-ERR unknown subcommand or wrong number of arguments for 'NOSUCH'\r\n",
		fields("CONFIG GET save"), "*2\r\n" + bulk("save") + bulk(""),
		fields("CONFIG GET nosuch"), "*0\r\n",
		fields("COMMAND DOCS get nosuch"), "*2\r\n" + bulk("get") + "*4\r\n" + bulk("summary") + bulk("the string at a key") + bulk("group") + bulk("string"),
		fields("COMMAND INFO get nosuch"), "*2\r\n*6\r\n" + bulk("get") + ":2\r\n*0\r\n:1\r\n:1\r\n:1\r\n*-1\r\n",
	}},
}

func TestConversations(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		for _, conv := range conversations {
			t.Run(conv.name, func(t *testing.T) {
				p := dial(t, s)
				for i := 0; i < len(conv.says); i += 2 {
					p.send(conv.says[i])
					p.expect(conv.says[i+1])
				}
				p.send(fields("QUIT"))
				p.expect("+OK\r\n")
				p.expectEnd()
			})
		}
	})
}

// A request may come in any number of pieces.
func TestFragments(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		p := dial(t, s)
		p.SetNoDelay(true)
		says := fields("SET frag value") + "GET frag\r\n" + fields("MGET frag frag")
		for i := range says {
			p.send(says[i : i+1])
		}
		p.expect("+OK\r\n" + bulk("value") + "*2\r\n" + bulk("value") + bulk("value"))
	})
}

// Values larger than every buffer go in and out whole.
func TestLargeValues(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		p := dial(t, s)
		for _, size := range []int{60 << 10, 64 << 10, 65<<10 + 1, 1 << 20, 5 << 20} {
			v := strings.Repeat("0123456789abcdef", size/16+1)[:size]
			go p.send(cmd("SET", "large", v) + fields("GET large") + fields("PING"))
			p.expect("+OK\r\n" + bulk(v) + "+PONG\r\n")
		}
	})
}
