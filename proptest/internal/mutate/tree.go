package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// copyModule copies the module in the current directory, without the modules
// nested in it, to tree.
func copyModule(tree string) error {
	if err := os.RemoveAll(tree); err != nil {
		return err
	}
	return filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			_, nested := os.Stat(filepath.Join(path, "go.mod"))
			if path != "." && (nested == nil || strings.HasPrefix(d.Name(), ".") || d.Name() == "build" || d.Name() == "bin") {
				return filepath.SkipDir
			}
			return os.MkdirAll(filepath.Join(tree, path), 0o755)
		}
		switch filepath.Ext(path) {
		case ".go", ".mod", ".sum", ".md", ".html", ".txt": // what is compiled, embedded, or compared
		default:
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(tree, path), text, 0o644)
	})
}
