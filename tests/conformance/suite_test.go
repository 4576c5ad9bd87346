package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	// The messages that cases are about, so that their texts can be read.
	_ "cel.dev/expr/conformance/proto2"
	_ "cel.dev/expr/conformance/proto3"
	suite "cel.dev/expr/conformance/test"
	"google.golang.org/protobuf/encoding/prototext"
)

// module holds the suite.
const module = "cel.dev/expr"

// entry is one case of the suite.
type entry struct {
	file, section string
	*suite.SimpleTest
}

// name is the case's name as other implementations list it.
func (e *entry) name() string { return e.file + "/" + e.section + "/" + e.Name }

// load reads all files of the suite, in order.
func load(t *testing.T) []*entry {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		t.Fatalf("%s is a module of this project: %v", module, err)
	}
	paths, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "tests", "simple", "testdata", "*.textproto"))
	if err != nil {
		t.Fatal(err)
	}
	var all []*entry
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		var f suite.SimpleTestFile
		if err := prototext.Unmarshal(text, &f); err != nil {
			t.Fatalf("%s: %v", p, err)
		}
		// Not the name that the file gives itself: two of them differ from it.
		file := strings.TrimSuffix(filepath.Base(p), ".textproto")
		for _, s := range f.Section {
			for _, c := range s.Test {
				all = append(all, &entry{file, s.Name, c})
			}
		}
	}
	return all
}

// The suite is whole: a file that is not found must not look like success.
func TestSuite(t *testing.T) {
	all := load(t)
	files, names := map[string]bool{}, map[string]int{}
	for _, e := range all {
		files[e.file] = true
		names[e.name()]++
	}
	if len(files) != 30 || len(all) != 2508 {
		t.Errorf("%d files with cases, %d cases; v0.25.3 has 30 (unknowns is empty) and 2508", len(files), len(all))
	}
}
