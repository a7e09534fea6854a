package resp

// There are no transactions. A client that begins one mostly sends all of it
// at once; so MULTI is refused, and so is everything up to EXEC or DISCARD:
// nothing of it is executed outside of the transaction that was meant.
var multiCommands = []command{
	{name: "multi", run: beginMulti, arity: 1, ends: true,
		doc: "refused, with all that follows up to EXEC or DISCARD: there are no transactions"},
	{name: "exec", run: endMulti("EXECABORT Transaction discarded because of previous errors.", "ERR EXEC without MULTI"), arity: 1, ends: true,
		doc: "ends what MULTI began, of which nothing was executed"},
	{name: "discard", run: endMulti("", "ERR DISCARD without MULTI"), arity: 1, ends: true,
		doc: "ends what MULTI began, of which nothing was executed"},
	{name: "watch", run: func(c *conn, _ [][]byte) { c.fail("ERR WATCH is not supported: there are no transactions") }, arity: -2, keys: allKeys,
		doc: "refused: there are no transactions"},
	{name: "unwatch", run: func(c *conn, _ [][]byte) { c.ok() }, arity: 1,
		doc: "does nothing: nothing is watched"},
}

func beginMulti(c *conn, _ [][]byte) {
	c.flags |= multi
	c.fail("ERR MULTI is not supported: there are no transactions, and nothing up to EXEC or DISCARD is executed")
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
