package dynmod

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"moec.dev/moec/runtime/core"
	"moec.dev/moec/runtime/obs"
)

// reading is a bundle that reads one file, and what it was given.
func reading() (*core.Bundle, map[uint32]string) {
	got := map[uint32]string{}
	return &core.Bundle{Name: "reading", Files: &core.Files{
		Sources: []core.Source{{Name: "table t", File: "t.json", Reload: true}, {Name: "table fixed", File: "fixed.json"}},
		Open:    func(i uint32) { got[i] = "built in" },
		Replace: func(i uint32, source int, text string, _ bool) error {
			if text == "boom" {
				panic("boom")
			}
			if source != 0 || strings.Contains(text, "bad") {
				return errors.New("line 1: bad")
			}
			got[i] = text
			return nil
		},
	}}, got
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOpen(t *testing.T) {
	b, got := reading()
	dir, other := t.TempDir(), t.TempDir()
	write(t, filepath.Join(dir, "t.json"), "one")
	write(t, filepath.Join(other, "x"), "two")
	s := settings{number: 7, bundle: b, places: places{root: dir}}
	first, err := open(s, true)
	if err != nil || first == 0 || got[first] != "one" {
		t.Fatalf("%d %v %v", first, err, got)
	}
	if again, err := open(s, true); err != nil || again != first {
		t.Errorf("the same places: %d %v", again, err)
	}
	s.places = places{files: map[string]string{"t.json": filepath.Join(other, "x")}}
	second, err := open(s, true)
	if err != nil || second == first || got[second] != "two" || got[first] != "one" {
		t.Errorf("%d %v %v", second, err, got)
	}
	release(7, first)
	release(7, second)
	if len(inPlace) != 1 {
		t.Errorf("%d placements are left", len(inPlace))
	}
	release(7, first)
	if len(inPlace) != 0 {
		t.Errorf("%d placements are left", len(inPlace))
	}
	for _, p := range []places{{}, {root: filepath.Join(dir, "none")}} {
		s.places = p
		if _, err := open(s, true); err == nil || len(inPlace) != 0 {
			t.Errorf("%+v: %v", p, err)
		}
	}
	plain := &core.Bundle{Name: "plain"}
	if i, err := open(settings{bundle: plain}, false); i != 0 || err != nil {
		t.Errorf("a bundle without files: %d %v", i, err)
	}
	if err := (places{files: map[string]string{"fixed.json": "/x"}}).fit(b.Files); err == nil {
		t.Error("a file that is compiled in can be placed")
	}
}

func TestLook(t *testing.T) {
	var lines []string
	obs.SetSink(func(_ obs.Level, line string) { lines = append(lines, line) })
	defer obs.SetSink(log)
	b, got := reading()
	path := filepath.Join(t.TempDir(), "t.json")
	w := &watched{name: "table t", path: path, replace: func(text string) error { return b.Files.Replace(1, 0, text, false) }}
	if w.first("b") == nil {
		t.Error("a file that is not there is read")
	}
	step := func(text, want string, logged int) {
		t.Helper()
		lines = nil
		switch text {
		case "":
			os.Remove(path)
		default:
			write(t, path, text)
		}
		w.look("b")
		w.look("b")
		if got[1] != want || len(lines) != logged {
			t.Errorf("%q: has %q, want %q; logged %q", text, got[1], want, lines)
		}
	}
	write(t, path, "one")
	if err := w.first("b"); err != nil {
		t.Fatal(err)
	}
	step("one", "one", 0)
	step("two", "two", 1)
	before := refusedFiles.Load()
	step("bad", "two", 1)
	step("", "two", 1)
	step("bad!", "two", 1)
	if n := refusedFiles.Load() - before; n != 3 {
		t.Errorf("%d refusals are counted, want 3", n)
	}
	step("two", "two", 0)
	step("\xff", "two", 1)
	step("boom", "two", 1)
	step("three", "three", 1)
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
	step("fours", "fours", 1)
}

// A file of keys without keys is taken up, and does not go unnoticed.
func TestNoKeys(t *testing.T) {
	var warned []string
	obs.SetSink(func(l obs.Level, line string) {
		if l == obs.Warn {
			warned = append(warned, line)
		}
	})
	defer obs.SetSink(log)
	b, got := reading()
	path := filepath.Join(t.TempDir(), "t.keys")
	w := &watched{name: "auth a", path: path, keys: true, replace: func(text string) error { return b.Files.Replace(1, 0, text, false) }}
	for i, text := range []string{"# none\n", "sha256:x a # b\n", "\ufeff\r\n \t# none", "x\n#"} {
		write(t, path, text)
		if i == 0 {
			if err := w.first("b"); err != nil {
				t.Fatal(err)
			}
		}
		w.look("b")
		if got[1] != text || len(warned) != 1+i/2 || !strings.Contains(warned[i/2], `bundle "b": auth a from `+path+" holds no keys: everybody is refused") {
			t.Errorf("%q: %q, %q", text, got[1], warned)
		}
	}
}

func TestValidates(t *testing.T) {
	for line, want := range map[string]bool{
		"envoy\x00--mode\x00validate\x00":            true,
		"envoy\x00--mode=validate\x00-c\x00x":        true,
		"envoy\x00-c\x00validate\x00--mode\x00serve": false,
		"": false,
	} {
		if got := validates([]byte(line)); got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
}
