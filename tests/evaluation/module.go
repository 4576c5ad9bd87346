package evaluation

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"moec.dev/moec/compiler/build"
	"moec.dev/moec/compiler/gen"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/opt"
)

// perPackage is how many functions stand in one package: the Go compiler takes
// packages side by side.
const perPackage = 200

//go:embed wire/*.go
var wireSource embed.FS

// executable builds the program's module. A function that the generator or the
// Go toolchain does not take is refused, and the rest is built without it.
func executable(ctx context.Context, functions []function) (path string, refused []Refusal, err error) {
	t, err := build.FindToolchain(ctx, false)
	if err != nil {
		return "", nil, err
	}
	for {
		src, bad, err := module(functions)
		if err != nil {
			return "", nil, err
		}
		if len(bad) == 0 {
			if path, err = build.Executable(ctx, src, t); err == nil {
				return path, refused, nil
			}
			var failure *build.Failure
			if !errors.As(err, &failure) {
				return "", nil, err
			}
			if bad = blamed(functions, src, failure.Output); len(bad) == 0 {
				return "", nil, err // of no function's doing
			}
		}
		refused = append(refused, bad...)
		functions = slices.DeleteFunc(functions, func(f function) bool {
			return slices.ContainsFunc(bad, func(r Refusal) bool { return r.Index == f.index && r.Config == f.config })
		})
	}
}

// module lays out the program. Functions that cannot be generated are bad.
func module(functions []function) (src build.Source, bad []Refusal, err error) {
	bundles := map[string]map[string][]byte{}
	var names []string
	for _, c := range Configurations {
		of := slices.DeleteFunc(slices.Clone(functions), func(f function) bool { return f.config != c })
		for part := range slices.Chunk(of, perPackage) {
			name := fmt.Sprintf("expressions%d", len(names))
			names = append(names, name)
			files, err := generate(name, part)
			if err != nil {
				bad = append(bad, ungenerated(part)...)
				continue
			}
			for file, text := range files {
				files[file] = lineDirective.ReplaceAll(text, nil)
			}
			bundles[name] = files
		}
	}
	if len(bad) > 0 {
		return nil, bad, nil
	}
	if src, err = build.Module("pipe", bundles, mainSource(names)); err != nil {
		return nil, nil, err
	}
	return src, nil, fs.WalkDir(wireSource, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src["tests/evaluation/"+path], err = wireSource.ReadFile(path)
		return err
	})
}

// generate writes the package of functions of one configuration. A panic of a
// stage is its error.
func generate(name string, functions []function) (files map[string][]byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	b := &ir.Bundle{Name: name}
	for _, f := range functions {
		b.Lets = append(b.Lets, f.Let)
	}
	if functions[0].config == Optimized {
		b = opt.Optimize(b) // which may add lets: parts that several functions share
	}
	if err := ir.Verify(b); err != nil {
		return nil, err
	}
	return gen.Functions(name, b.Lets)
}

// lineDirective is taken out of generated code, so that what the toolchain says
// is about the function it stands in.
var lineDirective = regexp.MustCompile(`(?m)^//line .*$`)

// ungenerated finds the functions that the compiler does not take.
func ungenerated(functions []function) (bad []Refusal) {
	for _, f := range functions {
		if _, err := generate("expressions", []function{f}); err != nil {
			bad = append(bad, Refusal{f.index, f.config, fmt.Errorf("the compiler: %s", head(err.Error()))})
		}
	}
	return bad
}

var complaint = regexp.MustCompile(`(?m)^(?:\./)?(bundles/[^:\s]+\.go):(\d+):(?:\d+:)? (.*)$`)

// blamed finds the functions that the Go toolchain complains about.
func blamed(functions []function, src build.Source, output string) (bad []Refusal) {
	known := map[string]function{}
	for _, f := range functions {
		known[strings.ToLower(functionName(f.index, f.config))] = f
	}
	seen := map[string]bool{}
	blame := func(name, why string) {
		if f, ok := known[name]; ok && !seen[name] {
			seen[name] = true
			bad = append(bad, Refusal{f.index, f.config, fmt.Errorf("the Go compiler: %s", why)})
		}
	}
	for _, m := range complaint.FindAllStringSubmatch(output, -1) {
		number, _ := strconv.Atoi(m[2])
		lines := strings.Split(string(src[m[1]]), "\n")
		number = min(number, len(lines)) - 1
		why := m[3] + ": " + strings.TrimSpace(lines[number])
		name := enclosing(lines, number)
		if _, ok := known[name]; ok {
			blame(name, why)
			continue
		}
		// A part that several share: whoever calls it.
		for i, l := range lines {
			if name != "" && strings.Contains(strings.ToLower(l), ".let"+name+"(") {
				blame(enclosing(lines, i), why)
			}
		}
	}
	return bad
}

// enclosing is the name of the let, in small letters, that a line stands in.
func enclosing(lines []string, number int) string {
	for i := number; i >= 0; i-- {
		if _, name, found := strings.Cut(lines[i], ") let"); found && strings.HasPrefix(lines[i], "func ") {
			name, _, _ = strings.Cut(strings.ToLower(name), "(")
			return name
		}
	}
	return ""
}

// mainSource is the program's main.go: it knows which package an expression is
// in.
func mainSource(packages []string) []byte {
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n\t\"moec.dev/moec/runtime/core\"\n\t\"moec.dev/moec/runtime/eval\"\n\t\"moec.dev/moec/tests/evaluation/wire\"\n")
	for i, p := range packages {
		fmt.Fprintf(&b, "\tp%d %q\n", i, gen.BundlePath(p))
	}
	b.WriteString(")\n\nfunc main() { wire.Serve(call) }\n\n" +
		"func call(f *core.Frame, s *core.Spec, name string, args []eval.Value) (v eval.Value, err eval.Err, ok bool) {\n")
	for i := range packages {
		fmt.Fprintf(&b, "\tif fn := p%d.Functions[name]; fn != nil {\n\t\tvar r p%d.Request\n\t\tif !r.Open(f, s) {\n\t\t\tpanic(\"the request does not open\")\n\t\t}\n"+
			"\t\tv, err = fn(&r, args)\n\t\treturn v, err, true\n\t}\n", i, i)
	}
	b.WriteString("\treturn v, err, false\n}\n")
	return []byte(b.String())
}
