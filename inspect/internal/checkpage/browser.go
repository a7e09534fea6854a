package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A browser is a headless Chromium with one tab.
type browser struct {
	ctx context.Context
	end context.CancelFunc

	mu      sync.Mutex
	trouble []string // exceptions and log entries of the page
}

func startBrowser() (*browser, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, // it opens one page, of this program or of the user's
		chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-quic", true),
	)
	if path := os.Getenv("CHROMIUM"); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	all, end := context.WithTimeout(context.Background(), 3*time.Minute)
	alloc, endAlloc := chromedp.NewExecAllocator(all, options...)
	ctx, endTab := chromedp.NewContext(alloc)
	b := &browser{ctx: ctx, end: func() { endTab(); endAlloc(); end() }}
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		b.end()
		if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("no Chromium (%w): install one, or name it in CHROMIUM", err)
		}
		return nil, fmt.Errorf("starting the browser: %w", err)
	}
	return b, nil
}

func (b *browser) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		d := e.ExceptionDetails
		if d.Exception != nil {
			d.Text += " " + d.Exception.Description
		}
		b.trouble = append(b.trouble, d.Text)
	case *log.EventEntryAdded:
		b.trouble = append(b.trouble, e.Entry.Text)
	}
}

// err returns what the page complained about.
func (b *browser) err() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.trouble) == 0 {
		return nil
	}
	return fmt.Errorf("the page had trouble: %s", strings.Join(b.trouble, "; "))
}

func (b *browser) open(url string) error {
	if err := chromedp.Do(b.ctx, chromedp.Navigate(url)); err != nil {
		return fmt.Errorf("opening %s: %w", url, err)
	}
	return nil
}

// act runs JavaScript for its effect.
func (b *browser) act(js string) error {
	_, err := chromedp.Run(b.ctx, chromedp.Evaluate[any](js+"; null"))
	return err
}

// wait waits until a JavaScript expression is true.
func (b *browser) wait(js string) error {
	_, err := chromedp.Run(b.ctx, chromedp.Poll[any]("!!("+js+")", chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(20*time.Second)))
	if err != nil {
		return fmt.Errorf("waiting for %s: %w", js, err)
	}
	return nil
}

// value returns the text that a JavaScript expression has.
func (b *browser) value(js string) (string, error) {
	return chromedp.Run(b.ctx, chromedp.Evaluate[string](js))
}

// look makes the window so wide and sets its colours.
func (b *browser) look(width, height int64, scheme string) error {
	if err := chromedp.Do(b.ctx, chromedp.EmulateViewport(width, height)); err != nil {
		return err
	}
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	return err
}

func (b *browser) screenshot(file string) error {
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return err
	}
	return os.WriteFile(file, png, 0o666)
}
