package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// packages have the tests that run everywhere.
var packages = []string{".", "./proptest", "./proptest/internal/soak"}

// A target is a system and an architecture.
type target struct {
	os, arch string
	emulator func() (program string, env []string, err error) // nil: this machine
	compiles bool                                             // and is not run
}

func (t target) name() string { return t.os + "/" + t.arch }

var targets = []target{
	native(),
	linux("386", "i386"),
	linux("arm64", "aarch64"),
	linux("arm", "arm"),
	linux("s390x", "s390x"), // big endian
	linux("riscv64", "riscv64"),
	{os: "js", arch: "wasm", emulator: node},
	{os: "wasip1", arch: "wasm", emulator: wazero},
	{os: "darwin", arch: "arm64", compiles: true},
	{os: "darwin", arch: "amd64", compiles: true},
	{os: "windows", arch: "amd64", compiles: true},
	{os: "windows", arch: "arm64", compiles: true},
}

func native() target { return target{os: runtime.GOOS, arch: runtime.GOARCH} }

// linux is an architecture under qemu's emulation of processes, but for the
// 32-bit mode that amd64 has.
func linux(arch, qemu string) target {
	t := target{os: "linux", arch: arch}
	if t.name() == native().name() || arch == "386" && runtime.GOOS == "linux" && runtime.GOARCH == "amd64" {
		return t
	}
	t.emulator = func() (string, []string, error) {
		for _, name := range []string{"qemu-" + qemu + "-static", "qemu-" + qemu} {
			if path, err := exec.LookPath(name); err == nil {
				return path, nil, nil
			}
		}
		return "", nil, lack{"qemu-" + qemu, "apt-get install qemu-user-static"}
	}
	return t
}

func node() (string, []string, error) {
	if _, err := exec.LookPath("node"); err != nil {
		return "", nil, lack{"node", "apt-get install nodejs"}
	}
	return wasmExec("go_js_wasm_exec")
}

const wazeroModule = "github.com/tetratelabs/wazero/cmd/wazero@v1.12.0"

func wazero() (string, []string, error) {
	path := os.Getenv("PATH")
	if _, err := exec.LookPath("wazero"); err != nil {
		path = bin() + string(os.PathListSeparator) + path
		if _, err := os.Stat(filepath.Join(bin(), "wazero")); err != nil {
			if _, err := command(append(os.Environ(), "GOBIN="+bin()), "go", "install", wazeroModule); err != nil {
				return "", nil, lack{"wazero", "go install " + wazeroModule}
			}
		}
	}
	program, env, err := wasmExec("go_wasip1_wasm_exec")
	return program, append(env, "GOWASIRUNTIME=wazero", "PATH="+path), err
}

// wasmExec finds the script of Go's that runs a WebAssembly module.
func wasmExec(name string) (string, []string, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", nil, err
	}
	path := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", name)
	if _, err := os.Stat(path); err != nil {
		return "", nil, lack{path, "a Go distribution that has it"}
	}
	return path, nil, nil
}

// A lack is what the machine does not have.
type lack struct{ what, remedy string }

func (l lack) Error() string { return fmt.Sprintf("%s is missing: %s", l.what, l.remedy) }
