package compiler

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Open finds the bundle that a path on the command line names: a directory or
// one .moe file. Nothing but the kind of the path is looked at. The error is
// one line and says what was expected.
func Open(path string) (Input, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Input{}, fmt.Errorf("%q does not exist: name a directory that holds .moe files, or one .moe file", path)
	case err != nil:
		return Input{}, fmt.Errorf("%q cannot be read: %w", path, errors.Unwrap(err))
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return Input{}, err
	}
	shown := filepath.ToSlash(filepath.Clean(path))
	if info.IsDir() {
		return Input{FS: os.DirFS(path), Name: filepath.Base(whole), Display: shown}, nil
	}
	name, policy := strings.CutSuffix(filepath.Base(whole), ".moe")
	if !policy || !info.Mode().IsRegular() {
		return Input{}, fmt.Errorf("%q is no policy: name a directory that holds .moe files, or one .moe file", path)
	}
	dir := filepath.Dir(path)
	return Input{FS: os.DirFS(dir), File: filepath.Base(path), Name: name, Display: filepath.ToSlash(dir)}, nil
}
