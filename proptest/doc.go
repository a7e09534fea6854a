// Package proptest helps to test what is built on rouse: a Scheduler, with
// TestScheduler; that no handle is forgotten, with NoLeaks. The package explore
// below it runs a program on rouse through every interleaving of its operations.
//
// Its own tests are the properties of the kit: state machines that make random
// steps on a State, on tasks with all their handles, and on the queues, next to
// plain models of them.
package proptest
