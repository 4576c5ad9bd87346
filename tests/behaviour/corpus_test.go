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
		c, err := readCase(file)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", file, err))
			continue
		}
		cases = append(cases, c)
	}
	return cases, errors.Join(wrong...)
}

func caseName(file string) string { return strings.TrimSuffix(filepath.Base(file), ".txtar") }

// readCase compiles one case. Its bundle is called like its file, so that all
// of them fit into one library.
func readCase(file string) (behaviour, error) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		return behaviour{}, err
	}
	c := behaviour{name: caseName(file)}
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
	c.unit, found = unit.ForTests()
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
