package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// A library is files of words in a temporary directory, and what a count of them
// has to find.
type library struct {
	dir   string
	files []string
	words map[string]int
	total int
	bytes int64
}

// vocabulary is what the files are written with.
var vocabulary = []string{
	"the", "of", "and", "a", "to", "in", "is", "task", "waker", "poll", "queue", "worker",
	"channel", "sleeps", "wakes", "runs", "waits", "ready", "pending", "future",
}

// newLibrary writes n files of so many words each. They are the same in each run.
func newLibrary(n, words int) (*library, error) {
	dir, err := os.MkdirTemp("", "wordcount")
	if err != nil {
		return nil, err
	}
	l := &library{dir: dir, words: map[string]int{}}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		if err := l.write(filepath.Join(dir, fmt.Sprintf("%06d.txt", i)), words, random); err != nil {
			l.remove()
			return nil, err
		}
	}
	return l, nil
}

func (l *library) write(name string, words int, random *rand.Rand) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	for i := range words {
		word := vocabulary[random.IntN(len(vocabulary))]
		sep := byte(' ')
		if i%12 == 11 {
			sep = '\n'
		}
		w.WriteString(word)
		w.WriteByte(sep)
		l.words[word]++
		l.total++
		l.bytes += int64(len(word) + 1)
	}
	l.files = append(l.files, name)
	return w.Flush()
}

func (l *library) remove() { os.RemoveAll(l.dir) }

// check compares a count with what was written.
func (l *library) check(counted map[string]int) error {
	if len(counted) != len(l.words) {
		return fmt.Errorf("%d different words were counted, %d were written", len(counted), len(l.words))
	}
	for word, n := range l.words {
		if counted[word] != n {
			return fmt.Errorf("the word %q was counted %d times, and written %d times", word, counted[word], n)
		}
	}
	return nil
}
