package resp

// There are no transactions. A client that begins one mostly sends all of it at
// once, and some cannot cope with a MULTI that fails; so MULTI is answered, and
// all that follows is refused, with an error where QUEUED would be, up to EXEC,
// which says that the transaction is discarded: nothing of it is executed.
var multiCommands = []command{
	{name: "multi", run: beginMulti, arity: 1,
		doc: "begins what is refused as a whole: there are no transactions, and nothing up to EXEC or DISCARD is executed"},
	{name: "exec", run: endMulti("EXECABORT Transaction discarded because of previous errors.", "ERR EXEC without MULTI"), arity: 1, ends: true,
		doc: "ends what MULTI began; always an error"},
	{name: "discard", run: endMulti("", "ERR DISCARD without MULTI"), arity: 1, ends: true,
		doc: "ends what MULTI began"},
	{name: "watch", run: func(c *conn, _ [][]byte) { c.fail(noTransactions + "there is no WATCH") }, arity: -2, keys: allKeys,
		doc: "refused: there are no transactions"},
	{name: "unwatch", run: func(c *conn, _ [][]byte) { c.ok() }, arity: 1,
		doc: "does nothing: nothing is watched"},
}

const noTransactions = "ERR transactions are not supported: "

func beginMulti(c *conn, _ [][]byte) {
	c.flags |= multi
	c.ok()
}

func endMulti(inside, outside string) func(*conn, [][]byte) {
	return func(c *conn, _ [][]byte) {
		answer := outside
		if c.is(multi) {
			answer = inside
		}
		c.flags &^= multi
		if answer == "" {
			c.ok()
			return
		}
		c.fail(answer)
	}
}
