package build

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

func TestInstall(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "built"), filepath.Join(dir, "out", "shop.so")
	if err := os.WriteFile(from, []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Install(from, to); err == nil {
		t.Error("installed into a directory that is not there")
	}
	if err := os.Mkdir(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	old, err := os.Open(to) // as a process that has it mapped
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	if err := Install(from, to); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(to); string(text) != "new" {
		t.Errorf("installed %q", text)
	}
	if text, _ := io.ReadAll(old); string(text) != "old" {
		t.Errorf("the old file was overwritten in place: %q", text)
	}
	if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := Install(from, filepath.Dir(to)); err == nil {
		t.Error("installed over a directory")
	}
	if err := Install(filepath.Join(dir, "gone"), to); err == nil {
		t.Error("installed nothing")
	}
	for _, d := range []string{dir, filepath.Dir(to)} {
		if names := entries(t, d); len(names) > 2 {
			t.Errorf("left behind: %v", names)
		}
	}
}

// A program that runs can be replaced.
func TestInstallOverARunningProgram(t *testing.T) {
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Skip("no sleep")
	}
	to := filepath.Join(t.TempDir(), "sleep")
	if err := Install(sleep, to); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(to, "10")
	if err := cmd.Start(); err != nil {
		t.Skip(err) // a sleep that goes by its name
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	time.Sleep(10 * time.Millisecond)
	if err := Install(sleep, to); err != nil {
		t.Error(err)
	}
}

// A file that could not be written whole is not there at all.
func TestAtomically(t *testing.T) {
	name := filepath.Join(t.TempDir(), "shop.json")
	err := atomically(name, 0o644, func(w io.Writer) error {
		if _, err := io.WriteString(w, "half"); err != nil {
			return err
		}
		return errors.New("disk full")
	})
	if err == nil {
		t.Error("no error")
	}
	if names := entries(t, filepath.Dir(name)); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
}
