// Package resp is a Redis-protocol server with one task for each connection,
// on level 1 of package rouse: the struct of a connection embeds a
// rouse.Header, and that is all that an idle connection is. It has no
// goroutine, no stack and no buffers.
//
//	          ready socket                      Notified.Run
//	reactor ───────────────▶ RunQueue of the ─────────────────▶ conn.poll: read, execute,
//	          conn.Wake         loop    ▲                        write, or block
//	                                    │
//	  other connections, timers ────────┘
//	          Waker.Wake
//
// A loop is a goroutine with a reactor (epoll; elsewhere package net), a
// rouse.RunQueue, timers, and a rouse.OwnedTasks that owns the connections. The
// reactor wakes the task of a socket that is ready; the loop runs its queue. A
// connection that waits for another one, in BLPOP or as a subscriber, leaves an
// owned rouse.Waker where that one will find it, on whichever loop it is.
//
// What one client, and all of them together, can make the server hold is
// bounded: see Limits. A client that does not read is not read from; one that is
// refused gets an error and is closed; one that goes away takes its task, its
// buffers, its blocked pop and its subscriptions with it.
//
// TOUR.md leads through the code, README.md lists the commands.
package resp
