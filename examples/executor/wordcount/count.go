package main

import (
	"io"
	"os"
)

// A counter counts the words of one file, a piece at a time. Both programs use it.
type counter struct {
	file  *os.File
	buf   []byte
	rest  []byte // the beginning of a word that goes on in the next piece
	words map[string]int
}

// pieceSize is how much of a file is counted before others get their turn.
const pieceSize = 16 << 10

func open(name string) (*counter, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	return &counter{file: f, buf: make([]byte, pieceSize), words: map[string]int{}}, nil
}

// piece counts the next piece. It reports true at the end of the file.
func (c *counter) piece() (end bool, err error) {
	n, err := c.file.Read(c.buf)
	word := c.rest
	for _, b := range c.buf[:n] {
		if b != ' ' && b != '\n' {
			word = append(word, b)
		} else if len(word) > 0 {
			c.words[string(word)]++
			word = word[:0]
		}
	}
	c.rest = word
	if err == io.EOF {
		if len(word) > 0 {
			c.words[string(word)]++
		}
		return true, nil
	}
	return false, err
}

func (c *counter) close() {
	if c != nil {
		c.file.Close()
	}
}

// add adds the counts of one file to the total.
func add(total, words map[string]int) (n int) {
	for word, count := range words {
		total[word] += count
		n += count
	}
	return n
}
