package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// A process is a server under test, by itself so that its memory is.
type process struct {
	cmd  *exec.Cmd
	addr string
	last chan string // the last line it printed, once it has ended
}

var serving = regexp.MustCompile(`^serving on (\S+?),?( |$)`)

// start runs a server and waits for it to name its address.
func (c *contender) start(ctx context.Context) (*process, error) {
	cmd := exec.CommandContext(ctx, c.args[0], c.args[1:]...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, last: make(chan string, 1)}
	lines := bufio.NewScanner(out)
	for p.addr == "" && lines.Scan() {
		if m := serving.FindStringSubmatch(lines.Text()); m != nil {
			p.addr = m[1]
		}
	}
	if p.addr == "" {
		p.kill()
		return nil, fmt.Errorf("%s did not start", c.args[0])
	}
	go func() {
		last := ""
		for lines.Scan() {
			last = lines.Text()
		}
		p.last <- last
	}()
	return p, nil
}

// stop interrupts the server, and returns the last line that it printed.
func (p *process) stop() (string, error) {
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		p.kill() // not every system can interrupt
		return "", nil
	}
	timeout := time.AfterFunc(30*time.Second, func() { p.cmd.Process.Kill() })
	defer timeout.Stop()
	last := <-p.last
	if err := p.cmd.Wait(); err != nil {
		return last, fmt.Errorf("the server ended by %w", err)
	}
	return last, nil
}

func (p *process) kill() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// client returns a client with a pool of n connections.
func (p *process) client(n int) *redis.Client {
	return redis.NewClient(&redis.Options{
		Addr:            p.addr,
		Protocol:        2,
		PoolSize:        n,
		DisableIdentity: true,
		MaxRetries:      -1,
		DialTimeout:     30 * time.Second,
		ReadTimeout:     30 * time.Second,
		PoolTimeout:     30 * time.Second,
	})
}

// resident makes the server collect its garbage, give back what is free, and
// tell its resident memory.
func (p *process) resident(ctx context.Context) (int64, error) {
	cl := p.client(1)
	defer cl.Close()
	for range 2 { // the second finds what finalizers and pools let go of in the first
		if err := cl.Do(ctx, "MEMORY", "PURGE").Err(); err != nil {
			return 0, err
		}
	}
	text, err := cl.Info(ctx, "memory").Result()
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(text) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(line), "used_memory_rss:"); ok {
			return strconv.ParseInt(v, 10, 64)
		}
	}
	return 0, errors.New("INFO has no used_memory_rss")
}
