package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// A process is a member as the driver sees it.
type process struct {
	name  string
	cmd   *exec.Cmd
	in    io.WriteCloser // the process ends with it, also if the driver is killed
	out   *bufio.Reader
	alive string // the address where it says that it is alive
}

// launch starts the members, tells each where the others are, and waits until all
// have started. They are killed when ctx ends.
func launch(ctx context.Context, members int, dir string) (all []*process, err error) {
	defer func() {
		if err != nil {
			end(all)
		}
		if err != nil && ctx.Err() != nil { // that is why
			err = fmt.Errorf("%w: %w", context.Cause(ctx), err)
		}
	}()
	var addresses []string
	for i := range members {
		p, err := newProcess(ctx, strconv.Itoa(i+1), dir)
		if err != nil {
			return all, err
		}
		all = append(all, p)
		if p.alive, err = p.line(); err != nil {
			return all, err
		}
		addresses = append(addresses, p.alive)
	}
	for _, p := range all {
		if _, err := fmt.Fprintln(p.in, strings.Join(addresses, " ")); err != nil {
			return all, fmt.Errorf("member %s: %w", p.name, err)
		}
	}
	for _, p := range all {
		if _, err := p.line(); err != nil {
			return all, err
		}
	}
	return all, nil
}

func newProcess(ctx context.Context, name, dir string) (*process, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program, "member", name, dir)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &process{name: name, cmd: cmd, in: in, out: bufio.NewReader(out)}, nil
}

func (p *process) line() (string, error) {
	s, err := p.out.ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("member %s: %w", p.name, err)
	}
	return strings.TrimSpace(s), nil
}

// kill ends the process as a crash would: by SIGKILL, where there are signals.
func (p *process) kill() error {
	if err := p.cmd.Process.Kill(); err != nil {
		return fmt.Errorf("member %s: %w", p.name, err)
	}
	p.cmd.Wait() // which says that it was killed
	return nil
}

func (p *process) suspend() error {
	if err := suspend(p.cmd.Process); err != nil {
		return fmt.Errorf("member %s cannot be suspended: %w", p.name, err)
	}
	return nil
}

func (p *process) resume() error {
	if err := resume(p.cmd.Process); err != nil {
		return fmt.Errorf("member %s cannot go on: %w", p.name, err)
	}
	return nil
}

// end ends all that are left.
func end(all []*process) {
	for _, p := range all {
		p.kill()
	}
}
