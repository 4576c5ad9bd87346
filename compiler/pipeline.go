// Package compiler is the way from a directory of policies to a library for
// Envoy: the stages, as one ordered list, and the operations that the commands
// offer over them.
//
// The list below is the map of the compiler. Every product is immutable once
// its stage is done, and each that a person may want to see has a text dump.
package compiler

import (
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"

	"moec.dev/moec/compiler/analyze"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/cost"
	"moec.dev/moec/compiler/gen"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/lower"
	"moec.dev/moec/compiler/opt"
	"moec.dev/moec/compiler/reload"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/load"
	"moec.dev/moec/dsl/source"
)

// Input is where a bundle comes from.
type Input struct {
	FS fs.FS
	// File is the policy file when the bundle is one file, and "" when it is
	// all of FS.
	File string
	// Name is the bundle's name unless it gives itself another; Display is put
	// before file names in messages.
	Name, Display string
}

// Unit is one bundle on its way: the products of the stages that have run.
type Unit struct {
	Input    Input
	Tree     *ast.Bundle
	Resolved *resolve.Bundle
	Checked  *check.Bundle
	Cost     *cost.Bundle
	IR       *ir.Bundle
	Go       map[string][]byte
	Keys     *scenario.Keyring // when the unit is made for its tests

	diags diag.List
	// Times says how long each stage took.
	Times []Timing
}

// Timing is one stage's time.
type Timing struct {
	Stage string
	Took  time.Duration
}

// Stage is one step of the compiler.
type Stage struct {
	Name string
	// Run adds the stage's product to the unit, or diagnostics.
	Run func(u *Unit)
	// Dump writes the product; nil where there is nothing to show.
	Dump func(w io.Writer, u *Unit) error
}

// Stages, in order.
var Stages = []Stage{
	{"load", runLoad, nil},
	{"resolve", func(u *Unit) { u.Resolved = resolve.Resolve(u.Tree, &u.diags) }, nil},
	{"check", func(u *Unit) { u.Checked = check.Check(u.Resolved, &u.diags) }, nil},
	{"analyze", runAnalyze, nil},
	{"reload", func(u *Unit) { reload.Check(u.Checked, &u.diags) }, nil},
	{"tests", func(u *Unit) { scenario.Check(u.Checked, &u.diags) }, nil},
	{"cost", runCost, func(w io.Writer, u *Unit) error { return cost.Dump(w, u.Cost) }},
	{"lower", func(u *Unit) { u.IR = lower.Lower(u.Checked, digest(u.Tree), &u.diags) }, dumpIR},
	{"opt", func(u *Unit) { u.IR = opt.Optimize(u.IR) }, dumpIR},
	{"verify", runVerify, nil},
	{"gen", runGen, dumpGo},
}

func runAnalyze(u *Unit) {
	analyze.Analyze(u.Resolved, &u.diags)
	analyze.Switches(u.Resolved, u.Checked.ClientFalse, &u.diags)
}

func runLoad(u *Unit) {
	if u.Input.File != "" {
		u.Tree = load.File(u.Input.FS, u.Input.File, u.Input.Name, u.Input.Display, &u.diags)
	} else {
		u.Tree = load.Bundle(u.Input.FS, u.Input.Name, u.Input.Display, &u.diags)
	}
	size := 0
	for i, f := range u.Tree.Files {
		if size += len(f.Source.Text); size > maxBundle {
			u.diags.Add(diag.TooLarge, source.Span{File: f.Source}, "the policies of a bundle may have %d MiB together, and with this file they have more", maxBundle>>20).
				Helpf("split it into two bundles: each has a filter of its own")
			u.Tree.Files = u.Tree.Files[:i]
			return
		}
	}
}

// maxBundle bounds the policies of a bundle, in bytes: each expression has its
// own limits, which says nothing of how many there are.
const maxBundle = 4 << 20

func runCost(u *Unit) {
	c, err := cost.Estimate(u.Checked)
	if err != nil {
		internal(u, err)
		return
	}
	u.Cost = c
}

// OverBudget reports the rules that may cost more than a budget. The unit has
// passed the stage cost.
func (u *Unit) OverBudget(budget uint64) []*diag.Diagnostic {
	var over diag.List
	u.Cost.Over(budget, &over)
	return over.Sorted()
}

func runVerify(u *Unit) {
	if err := ir.Verify(u.IR); err != nil {
		internal(u, err)
	}
}

func runGen(u *Unit) {
	files, err := gen.Generate(u.IR)
	if err != nil {
		internal(u, err)
		return
	}
	u.Go = files
}

func internal(u *Unit, err error) {
	u.diags.Add(diag.InternalError, u.Tree.Files[0].Decls[0].Span(), "%v", err).
		Helpf("this is a mistake in moec: please report it with the policy")
}

// carriesOn are the stages after which errors do not stop the next one yet: a
// person wants to see as many of their mistakes as can be found at once.
var carriesOn = map[string]bool{"resolve": true, "check": true, "analyze": true, "reload": true}

// Run takes a bundle through the stages, up to the one named last ("" for
// all), and returns what was found. It stops where errors make going on
// pointless.
func Run(in Input, last string) (*Unit, []*diag.Diagnostic) {
	u := &Unit{Input: in}
	u.run(Stages, last)
	return u, u.found()
}

func (u *Unit) run(stages []Stage, last string) {
	for _, s := range stages {
		start := time.Now()
		s.Run(u)
		u.Times = append(u.Times, Timing{s.Name, time.Since(start)})
		if s.Name == last {
			return
		}
		if u.diags.HasErrors() && !carriesOn[s.Name] {
			if s.Name == "load" {
				u.diags.Append(further(u)...)
			}
			return
		}
	}
}

func (u *Unit) found() []*diag.Diagnostic {
	all := u.diags.Sorted()
	var out diag.List
	out.Append(diag.Silence(all)...)
	// Only who has looked for warnings knows that there are none.
	if ran := func(t Timing) bool { return t.Stage == "tests" }; u.Tree != nil && slices.ContainsFunc(u.Times, ran) {
		var files []*source.File
		for _, f := range u.Tree.Files {
			files = append(files, f.Source)
		}
		out.Append(diag.Useless(files, all, !u.diags.HasErrors())...)
	}
	return out.Sorted()
}

// ForTests returns the unit as its test blocks need it: the bundle accepts the
// credentials of the identities that they speak as, too. The unit itself stays
// as it is.
func (u *Unit) ForTests() (*Unit, []*diag.Diagnostic) {
	t := &Unit{Input: u.Input, Tree: u.Tree, Resolved: u.Resolved, Cost: u.Cost}
	t.Checked, t.Keys = scenario.Credentials(u.Checked, &t.diags)
	if !t.diags.HasErrors() {
		for i, s := range Stages {
			if s.Name == "lower" {
				t.run(Stages[i:], "")
				break
			}
		}
	}
	return t, t.found()
}

func dumpIR(w io.Writer, u *Unit) error { return ir.Dump(w, u.IR) }

func dumpGo(w io.Writer, u *Unit) error {
	for _, name := range sortedNames(u.Go) {
		if _, err := fmt.Fprintf(w, "-- %s --\n%s", name, u.Go[name]); err != nil {
			return err
		}
	}
	return nil
}
