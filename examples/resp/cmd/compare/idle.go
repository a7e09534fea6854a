package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"sync"
)

type idleResult struct {
	conns int
	bytes int64 // of the server's resident memory, for each
}

// measureIdle opens n raw connections to a fresh server, has each served once,
// and leaves them idle. What the server's resident memory has grown by, after
// a garbage collection before and after, is theirs.
func (c *contender) measureIdle(ctx context.Context, n int) error {
	p, err := c.start(ctx)
	if err != nil {
		return err
	}
	defer p.kill()
	warm, err := dialIdle(p.addr, 50)
	closeAll(warm)
	if err != nil {
		return err
	}
	before, err := p.resident(ctx)
	if err != nil {
		return err
	}
	conns, err := dialIdle(p.addr, n)
	defer closeAll(conns)
	if err != nil && len(conns) < min(n, 100) {
		return err
	}
	if err != nil {
		fmt.Printf("%s: only %d idle connections: %v\n", c.name, len(conns), err)
		closeAll(conns[len(conns)-10:]) // descriptors to ask with
		conns = conns[:len(conns)-10]
	}
	after, err := p.resident(ctx)
	if err != nil {
		return err
	}
	c.idle = idleResult{len(conns), (after - before) / int64(len(conns))}
	fmt.Printf("%-10s  %d idle connections: resident memory %.1f MB, before them %.1f MB\n",
		c.name, len(conns), float64(after)/1e6, float64(before)/1e6)
	return nil
}

// dialIdle opens n connections, and has PING answered on each. It returns what
// it opened also when it fails.
func dialIdle(addr string, n int) ([]net.Conn, error) {
	var (
		mu    sync.Mutex
		conns []net.Conn
		first error
		wg    sync.WaitGroup
	)
	const dialers = 16
	for i := range dialers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range (n + dialers - 1 - i) / dialers {
				c, err := dialPing(addr)
				mu.Lock()
				if err == nil {
					conns = append(conns, c)
				} else if first == nil {
					first = err
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		}()
	}
	wg.Wait()
	return conns, first
}

func dialPing(addr string) (net.Conn, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	if _, err = io.WriteString(c, "PING\r\n"); err == nil {
		var line string
		if line, err = bufio.NewReaderSize(c, 16).ReadString('\n'); err == nil && line != "+PONG\r\n" {
			err = fmt.Errorf("PING was answered with %q", line)
		}
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func closeAll(conns []net.Conn) {
	for _, c := range conns {
		c.Close()
	}
}
