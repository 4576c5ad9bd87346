package behaviour

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"moec.dev/moec/compiler"
	"moec.dev/moec/dsl/diag"
)

// behaviour is one case of the corpus.
type behaviour struct {
	name string
	unit *compiler.Unit // made for its tests
	// skipEnvoy says why a real Envoy cannot play the case; "" if it can.
	skipEnvoy string
	// skipLibrary says why nothing but the program can play the case.
	skipLibrary string
}

// skipLine stands in a case's leading comment.
var skipLine = regexp.MustCompile(`(?m)^# envoy: skip (.+)$`)

// programLine stands there, too.
var programLine = regexp.MustCompile(`(?m)^# library: skip (.+)$`)

// corpus reads and compiles all cases of testdata.
func corpus() ([]behaviour, error) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	pattern, err := regexp.Compile(*only)
	if err != nil {
		return nil, err
	}
	var cases []behaviour
	var wrong []error
	for _, file := range files {
		if !pattern.MatchString(caseName(file)) {
			continue
		}
		parts, err := readCase(file)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", file, err))
			continue
		}
		cases = append(cases, parts...)
	}
	return cases, errors.Join(wrong...)
}

func caseName(file string) string { return strings.TrimSuffix(filepath.Base(file), ".txtar") }

// readCase compiles one case. Its bundle is called like its file, so that all
// of them fit into one library. What limits count is the process's, and a real
// Envoy cannot be told to forget it: of a case with limits every test is a part
// with a bundle of its own.
func readCase(file string) ([]behaviour, error) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		return nil, err
	}
	first, err := readPart(archive, caseName(file), 0)
	if err != nil {
		return nil, err
	}
	parts := []behaviour{first}
	if n := len(first.unit.Checked.Tests); n > 1 && len(first.unit.Checked.Limits) > 0 {
		for i := range n {
			name := caseName(file)
			if i > 0 {
				name = fmt.Sprintf("%s_%d", name, i+1)
			}
			part, err := readPart(archive, name, i+1)
			if err != nil {
				return nil, err
			}
			parts = append(parts, part)
		}
		parts = parts[1:]
	}
	return parts, nil
}

// readPart compiles a case as a bundle of a name, with one of its tests, counted
// from 1, or with all.
func readPart(archive *txtar.Archive, name string, test int) (behaviour, error) {
	c := behaviour{name: name}
	if m := skipLine.FindSubmatch(archive.Comment); m != nil {
		c.skipEnvoy = string(m[1])
	}
	if m := programLine.FindSubmatch(archive.Comment); m != nil {
		c.skipLibrary, c.skipEnvoy = string(m[1]), string(m[1])
	}
	files := fstest.MapFS{}
	for _, f := range archive.Files {
		files[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	unit, found := compiler.Run(compiler.Input{FS: files, Name: c.name, Display: c.name}, "")
	if err := refusals(found); err != nil {
		return behaviour{}, err
	}
	if len(unit.Checked.Tests) == 0 {
		return behaviour{}, fmt.Errorf("the case has no test block")
	}
	if test > 0 {
		unit.Checked.Tests = unit.Checked.Tests[test-1 : test]
	}
	if c.unit, found = unit.ForTests(); len(unit.Checked.Limits) > 0 && c.skipEnvoy == "" {
		c.skipEnvoy = tooSlow(unit.Checked.Tests)
	}
	return c, refusals(found)
}

// refusals turns diagnostics that are errors into one.
func refusals(found []*diag.Diagnostic) error {
	var wrong []*diag.Diagnostic
	for _, d := range found {
		if d.Code.Severity == diag.Error {
			wrong = append(wrong, d)
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	var text strings.Builder
	if err := diag.WriteText(&text, wrong, false); err != nil {
		return err
	}
	return fmt.Errorf("the policy does not compile:\n%s", text.String())
}
