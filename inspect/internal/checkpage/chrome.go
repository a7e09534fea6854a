package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// A browser is a headless Chromium that is driven by its DevTools protocol over
// a pair of pipes: JSON messages, each ended by a zero byte.
type browser struct {
	cmd     *exec.Cmd
	to      *os.File
	from    *bufio.Reader
	profile string
	session string
	last    int
	trouble []string // exceptions and console errors of the page
}

// names of the browser, as distributions install it.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}

func findBrowser() (string, error) {
	if b := os.Getenv("CHROMIUM"); b != "" {
		return exec.LookPath(b)
	}
	for _, n := range names {
		if p, err := exec.LookPath(n); err == nil {
			return p, nil
		}
	}
	return "", fmt.Errorf("no Chromium: none of %s is in PATH; install one, or name it in CHROMIUM", strings.Join(names, ", "))
}

func startBrowser() (b *browser, err error) {
	path, err := findBrowser()
	if err != nil {
		return nil, err
	}
	b = new(browser)
	if b.profile, err = os.MkdirTemp("", "checkpage"); err != nil {
		return nil, err
	}
	theirs, to, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	from, answers, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	b.cmd = exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
		"--no-first-run", "--window-size=1400,900", "--user-data-dir="+b.profile, "--remote-debugging-pipe", "about:blank")
	b.cmd.ExtraFiles = []*os.File{theirs, answers} // its descriptors 3 and 4
	if err = b.cmd.Start(); err != nil {
		return nil, err
	}
	theirs.Close()
	answers.Close()
	b.to, b.from = to, bufio.NewReader(from)
	from.SetReadDeadline(time.Now().Add(2 * time.Minute))
	return b, b.attach()
}

func (b *browser) attach() error {
	var target struct{ TargetID string }
	if err := b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target); err != nil {
		return err
	}
	var session struct{ SessionID string }
	if err := b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &session); err != nil {
		return err
	}
	b.session = session.SessionID
	return errors.Join(b.call("Runtime.enable", nil, nil), b.call("Log.enable", nil, nil), b.call("Page.enable", nil, nil))
}

type message struct {
	ID     int
	Method string
	Params json.RawMessage
	Result json.RawMessage
	Error  *struct{ Message string }
}

// call sends a command and waits for its result.
func (b *browser) call(method string, params map[string]any, result any) error {
	b.last++
	cmd := map[string]any{"id": b.last, "method": method}
	if params != nil {
		cmd["params"] = params
	}
	if b.session != "" {
		cmd["sessionId"] = b.session
	}
	out, err := json.Marshal(cmd)
	if err != nil {
		return err
	}
	if _, err = b.to.Write(append(out, 0)); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	for {
		in, err := b.from.ReadBytes(0)
		if err != nil {
			return fmt.Errorf("%s: %w", method, err)
		}
		var m message
		if err = json.Unmarshal(in[:len(in)-1], &m); err != nil {
			return fmt.Errorf("%s: %w", method, err)
		}
		switch {
		case m.Method == "Runtime.exceptionThrown", m.Method == "Log.entryAdded":
			b.trouble = append(b.trouble, string(m.Params))
		case m.ID != b.last:
		case m.Error != nil:
			return fmt.Errorf("%s: %s", method, m.Error.Message)
		case result != nil:
			return json.Unmarshal(m.Result, result)
		default:
			return nil
		}
	}
}

// eval returns the value of a JavaScript expression, which may be a promise.
func (b *browser) eval(js string, value any) error {
	var r struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct{ Exception struct{ Description string } }
	}
	if err := b.call("Runtime.evaluate", map[string]any{"expression": js, "awaitPromise": true, "returnByValue": true}, &r); err != nil {
		return err
	}
	if r.ExceptionDetails != nil {
		return fmt.Errorf("%s: %s", js, r.ExceptionDetails.Exception.Description)
	}
	if len(r.Result.Value) == 0 {
		return nil
	}
	return json.Unmarshal(r.Result.Value, value)
}

// wait waits until a JavaScript expression is true.
func (b *browser) wait(what, js string) error {
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var ok bool
		if err := b.eval("!!("+js+")", &ok); err == nil && ok {
			return nil
		}
	}
	return fmt.Errorf("it did not come to %s: %s", what, js)
}

func (b *browser) open(url string) error {
	if err := b.call("Page.navigate", map[string]any{"url": url}, nil); err != nil {
		return err
	}
	return b.wait("load "+url, `document.readyState === "complete" && location.href !== "about:blank"`)
}

func (b *browser) screenshot(file, scheme string) error {
	if err := b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil); err != nil {
		return err
	}
	var shot struct{ Data string }
	if err := b.call("Page.captureScreenshot", map[string]any{"format": "png"}, &shot); err != nil {
		return err
	}
	png, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil {
		return err
	}
	return os.WriteFile(file, png, 0o666)
}

func (b *browser) close() {
	b.session = ""
	if b.call("Browser.close", nil, nil) != nil {
		b.cmd.Process.Kill()
	}
	b.cmd.Wait()
	os.RemoveAll(b.profile)
}
