// Package executor is a runtime for asynchronous tasks, made of the parts of
// package rouse: an Executor with workers that steal from one another, Sleep and
// Timeout, Race and JoinAll, Group, Oneshot and Channel, values of tasks, a graceful
// Shutdown and a page that shows the tasks. It is there to be read, copied and changed.
//
// A task is a rouse.Future: a value whose Poll is called again each time the task
// was woken, until it is ready. rouse.BlockOn polls one outside of tasks. A poll
// must not block for long, since its worker runs nothing else meanwhile.
package executor
