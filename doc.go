// Package rouse is a kit of lock-free primitives for people who write runtimes.
package rouse
