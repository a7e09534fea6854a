package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
)

// A message is what the driver sends to an actor. A message that is sent again has
// the same ID.
type message struct{ ID, Text string }

// errFenced is what a journal returns once the actor has been activated elsewhere.
var errFenced = errors.New("the actor was activated again")

// A journal is the memory of an actor, which every activation of the actor opens
// anew, on whatever member. Each has a file of its own, whose name is its epoch: 1,
// 2, 3 and so on. An activation appends to its own file and reads all older ones.
//
// A cluster that has lost sight of a member activates its actors elsewhere. If that
// member is alive after all, there are two activations of one actor for a while. So
// an activation trusts nobody, and orders itself by the files:
//
//   - open creates the file of the next epoch, and then reads the older ones.
//   - append writes a record, and then looks whether a next epoch has been created.
//     If so, the record counts as not written, and the journal as fenced.
//
// If append saw no next epoch, then whoever creates it does so later, and reads the
// record. So what append has accepted is in every later activation, and the older
// of two activations accepts nothing. What a fenced append has written may have
// been read or not: the sender gets an error, sends the message again to the new
// activation, and its ID tells whether it is there.
type journal struct {
	dir      string // of the actor
	epoch    int
	file     *os.File
	messages []message
	known    map[string]bool // their IDs
}

// open makes the caller the newest activation of an actor.
func open(dir string) (*journal, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	j := &journal{dir: dir, known: make(map[string]bool)}
	for j.file == nil {
		j.epoch++
		f, err := os.OpenFile(j.path(j.epoch), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		j.file = f
	}
	if err := j.load(); err != nil {
		j.close()
		return nil, err
	}
	return j, nil
}

func (j *journal) load() error {
	if err := syncDir(j.dir); err != nil {
		return err
	}
	for epoch := 1; epoch < j.epoch; epoch++ {
		if err := j.replay(j.path(epoch)); err != nil {
			return err
		}
	}
	return nil
}

// replay reads the records of an older epoch. A last record that is incomplete was
// not accepted: its writer was killed, or had no room. A whole one may not have been
// either, and is from now on: so it has to be on the disk.
func (j *journal) replay(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	for d := json.NewDecoder(f); ; {
		var m message
		switch err := d.Decode(&m); {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return f.Sync()
		case err != nil:
			return fmt.Errorf("%s: %w", path, err)
		}
		j.add(m)
	}
}

func (j *journal) add(m message) (added bool) {
	if j.known[m.ID] {
		return false
	}
	j.known[m.ID] = true
	j.messages = append(j.messages, m)
	return true
}

// append writes a message, unless it is there, which known tells. When append
// returns no error the message is on the disk. After an error the journal must not
// be used again: what follows half a record could not be read.
func (j *journal) append(m message) (known bool, err error) {
	if known = j.known[m.ID]; !known {
		if err := j.write(m); err != nil {
			return false, err
		}
		j.add(m)
	}
	return known, j.current()
}

func (j *journal) write(m message) error {
	record, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if _, err := j.file.Write(append(record, '\n')); err != nil {
		return err
	}
	return j.file.Sync()
}

// current returns errFenced if the actor has been activated again. If it returns
// nil, messages has all that any activation has accepted.
func (j *journal) current() error {
	_, err := os.Stat(j.path(j.epoch + 1))
	switch {
	case err == nil:
		return errFenced
	case errors.Is(err, fs.ErrNotExist):
		return nil
	}
	return err
}

func (j *journal) close() error { return j.file.Close() }

func (j *journal) path(epoch int) string { return filepath.Join(j.dir, strconv.Itoa(epoch)) }

// syncDir makes sure that the name of a new file is on the disk too.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // which has no such call
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
