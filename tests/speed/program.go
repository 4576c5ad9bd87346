package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"moec.dev/moec/tests/speed/contest"
)

const module = "moec.dev/moec"

// link builds the program of generated files. They are laid over the project's
// own module: so they have its runtime, which is what a library has, and cel-go
// in the version that the compiler has, and nothing is written into it.
func link(dir string, files map[string][]byte, binary string) error {
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return fmt.Errorf("the source of %s is not here: %w", module, err)
	}
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
		overlay.Replace[filepath.Join(strings.TrimSpace(string(root)), filepath.FromSlash(name))] = file
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		return err
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, text, 0o644); err != nil {
		return err
	}
	if out, err := exec.Command("go", "build", "-overlay", list, "-o", binary, module+"/bundles/contest").CombinedOutput(); err != nil {
		return fmt.Errorf("the generated program does not build: %w\n%s", err, out)
	}
	return nil
}

// run runs the program and returns what it has found of each row.
func run(binary string, args ...string) (map[string]contest.Result, error) {
	command := exec.Command(binary, args...)
	var errors strings.Builder
	command.Stderr = &errors
	out, failed := command.Output()
	results := map[string]contest.Result{}
	for lines := json.NewDecoder(bytes.NewReader(out)); lines.More(); {
		var r contest.Result
		if err := lines.Decode(&r); err != nil {
			return nil, err
		}
		results[r.Name] = r
	}
	if failed != nil {
		return results, fmt.Errorf("%w\n%s", failed, errors.String())
	}
	return results, nil
}
