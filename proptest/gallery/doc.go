// Package gallery is a collection of bugs that wakers, mailboxes and schedulers have had: each
// as a small program in the tests, next to rouse's way to write the same. The interleaving
// explorer finds each bug within a stated number of schedules, and passes each right program
// through all of them. README.md describes them. The tests need the build tag rouse_explore:
//
//	go test -tags rouse_explore -v ./proptest/gallery
package gallery
