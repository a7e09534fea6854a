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
	{"counting", []string{
		fields("INCRBY c 5"), ":5\r\n",
		fields("DECR c"), ":4\r\n",
		fields("DECRBY c -6"), ":10\r\n",
		fields("INCRBY c 9223372036854775807"), "-ERR increment or decrement would overflow\r\n",
		fields("DECRBY c -9223372036854775808"), "-ERR decrement would overflow\r\n",
		fields("SET c -9223372036854775808"), "+OK\r\n",
		fields("DECR c"), "-ERR increment or decrement would overflow\r\n",
		fields("INCRBY c +1"), "-ERR value is not an integer or out of range\r\n",
		fields("INCRBY c 01"), "-ERR value is not an integer or out of range\r\n",
		cmd("INCRBY", "c", " 1"), "-ERR value is not an integer or out of range\r\n",
		fields("INCRBY nosuch x"), "-ERR value is not an integer or out of range\r\n",
		fields("EXISTS nosuch"), ":0\r\n",
		fields("SET c 007"), "+OK\r\n",
		fields("INCR c"), "-ERR value is not an integer or out of range\r\n",
		fields("SET c -0"), "+OK\r\n",
		fields("INCR c"), "-ERR value is not an integer or out of range\r\n",
		fields("SELECT 01"), "-ERR value is not an integer or out of range\r\n",
		fields("LPOP nosuch +1"), "-ERR value is out of range, must be positive\r\n",
		fields("LRANGE nosuch 00 1"), "-ERR value is not an integer or out of range\r\n",
		fields("EXPIRE c +1"), "-ERR value is not an integer or out of range\r\n",
	}},
	{"more strings", []string{
		fields("GETSET g one"), "$-1\r\n",
		fields("GETSET g two"), bulk("one"),
		fields("SETNX g three") + fields("SETNX g2 three"), ":0\r\n:1\r\n",
		fields("STRLEN g") + fields("STRLEN nosuch"), ":3\r\n:0\r\n",
		fields("APPEND g -more") + fields("GET g"), ":8\r\n" + bulk("two-more"),
		fields("APPEND g3 new"), ":3\r\n",
		fields("UNLINK g2 g3 nosuch"), ":2\r\n",
		fields("SETEX g 100 v") + fields("TTL g"), "+OK\r\n:100\r\n",
		fields("PSETEX g 200000 v") + fields("TTL g"), "+OK\r\n:200\r\n",
		fields("SETEX g 0 v"), "-ERR invalid expire time in 'setex' command\r\n",
		fields("PSETEX g x v"), "-ERR value is not an integer or out of range\r\n",
		fields("GETSET g w") + fields("TTL g"), bulk("v") + ":-1\r\n",
		fields("SET g x GET") + fields("SET g y NX GET") + fields("GET g"), bulk("w") + bulk("x") + bulk("x"),
		fields("SET g4 x XX GET") + fields("EXISTS g4"), "$-1\r\n:0\r\n",
		fields("RPUSH gl a") + fields("SET gl v GET") + fields("GETSET gl v") + fields("STRLEN gl") + fields("APPEND gl v") + fields("SETNX gl v"),
		":1\r\n" + strings.Repeat("-WRONGTYPE Operation against a key holding the wrong kind of value\r\n", 4) + ":0\r\n",
		fields("DEL g gl"), ":2\r\n",
	}},
	{"expire options", []string{
		fields("SET x v"), "+OK\r\n",
		fields("EXPIRE x 100 XX") + fields("EXPIRE x 100 GT") + fields("EXPIRE x 100 NX") + fields("EXPIRE x 100 NX"), ":0\r\n:0\r\n:1\r\n:0\r\n",
		fields("EXPIRE x 50 GT") + fields("EXPIRE x 150 GT") + fields("EXPIRE x 200 LT") + fields("EXPIRE x 120 LT XX") + fields("TTL x"), ":0\r\n:1\r\n:0\r\n:1\r\n:120\r\n",
		fields("PEXPIRE x 100 NX GT"), "-ERR NX and XX, GT or LT options at the same time are not compatible\r\n",
		fields("EXPIRE x 100 GT LT"), "-ERR GT and LT options at the same time are not compatible\r\n",
		fields("EXPIRE x 100 SOON"), "-ERR Unsupported option SOON\r\n",
		fields("SET x v") + fields("EXPIRE x 100 LT") + fields("EXPIRE x -1 LT") + fields("EXISTS x"), "+OK\r\n:1\r\n:1\r\n:0\r\n",
	}},
	{"scan", []string{
		fields("SELECT 5") + fields("SCAN 0"), "+OK\r\n*2\r\n" + bulk("0") + "*0\r\n",
		fields("SET key:1 v") + fields("RPUSH list a") + fields("SETEX key:2 100 v"), "+OK\r\n:1\r\n+OK\r\n",
		fields("SCAN 0 TYPE list COUNT 1000"), "*2\r\n" + bulk("0") + "*1\r\n" + bulk("list"),
		fields("SCAN 0 MATCH *:1 COUNT 1000"), "*2\r\n" + bulk("0") + "*1\r\n" + bulk("key:1"),
		fields("SCAN x") + fields("SCAN 0 COUNT") + fields("SCAN 0 COUNT 0") + fields("SCAN 0 COUNT x") + fields("SCAN 0 FOO 1"),
		"-ERR invalid cursor\r\n-ERR syntax error\r\n-ERR syntax error\r\n-ERR value is not an integer or out of range\r\n-ERR syntax error\r\n",
		cmd("KEYS", strings.Repeat("*", 1025)) + cmd("SCAN", "0", "MATCH", strings.Repeat("*", 1025)), strings.Repeat("-ERR the pattern is longer than 1024 bytes\r\n", 2),
		cmd("KEYS", strings.Repeat("*", 1020)+"key:1"[:4]), "*0\r\n",
		fields("FLUSHDB later"), "-ERR syntax error\r\n",
		fields("FLUSHALL sync async"), "-ERR syntax error\r\n",
		fields("DBSIZE"), ":3\r\n",
		fields("FLUSHDB async") + fields("DBSIZE"), "+OK\r\n:0\r\n",
		fields("SCAN 9223372036854775807"), "*2\r\n" + bulk("0") + "*0\r\n",
	}},
	{"no transactions", []string{
		fields("SET t before"), "+OK\r\n",
		fields("WATCH t"), "-ERR transactions are not supported: there is no WATCH\r\n",
		fields("MULTI") + fields("SET t inside") + fields("NOSUCH") + fields("GET") + fields("EXEC"),
		"+OK\r\n" +
			"-ERR transactions are not supported: 'set' is not executed\r\n" +
			"-ERR unknown command 'NOSUCH', with args beginning with: \r\n" +
			"-ERR transactions are not supported: 'get' is not executed\r\n" +
			"-EXECABORT Transaction discarded because of previous errors.\r\n",
		fields("GET t"), bulk("before"),
		fields("EXEC") + fields("DISCARD"), "-ERR EXEC without MULTI\r\n-ERR DISCARD without MULTI\r\n",
		fields("MULTI"), "+OK\r\n",
		fields("FLUSHALL"), "-ERR transactions are not supported: 'flushall' is not executed\r\n",
		fields("DISCARD") + fields("GET t"), "+OK\r\n" + bulk("before"),
		fields("MULTI"), "+OK\r\n",
		fields("RESET") + fields("GET t"), "+RESET\r\n" + bulk("before"),
	}},
	{"auth", []string{
		fields("AUTH x"), "-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?\r\n",
		fields("AUTH default x"), "+OK\r\n",
		fields("AUTH other x"), "-WRONGPASS invalid username-password pair or user is disabled.\r\n",
		fields("AUTH a b c"), "-ERR syntax error\r\n",
		fields("HELLO 3 AUTH other x"), "-WRONGPASS invalid username-password pair or user is disabled.\r\n",
		fields("HELLO 4"), "-NOPROTO unsupported protocol version\r\n",
		fields("HELLO three"), "-ERR Protocol version is not an integer or out of range\r\n",
		fields("HELLO 3 SETNAME"), "-ERR Syntax error in HELLO option 'SETNAME'\r\n",
		cmd("HELLO", "3", "SETNAME", "a b"), "-ERR Client names cannot contain spaces, newlines or special characters.\r\n",
		fields("GET nosuch"), "$-1\r\n", // still RESP2
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
		fields("COMMAND INFO get nosuch"), "*2\r\n*6\r\n" + bulk("get") + ":2\r\n*0\r\n:1\r\n:1\r\n:1\r\n$-1\r\n",
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
