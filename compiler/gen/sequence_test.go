package gen_test

import (
	"strings"
	"testing"

	"moec.dev/moec/compiler/gen"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// A sequence becomes a variable of its package with every step; the same
// sequence is the same variable.
func TestSequencesAreMadeOnce(t *testing.T) {
	matches := func(q ir.Sequence) *ir.Expr {
		return &ir.Expr{Op: "match-sequence", Type: types.BoolType, Value: q, Args: []*ir.Expr{{Op: "var", Type: types.StringType, Name: "s"}}}
	}
	both := ir.Sequence{{Kind: ir.StepText, Text: "é"}, {Kind: ir.StepFork, Text: "09\x80\xff", Jump: 2}, {Kind: ir.StepRun, Text: "09", Min: 2, Max: -1}, {Kind: ir.StepJump, Jump: -3}, {Kind: ir.StepEnd}}
	var lets []*ir.Let
	for name, q := range map[string]ir.Sequence{"one": both, "same": both, "other": {{Kind: ir.StepRun, Text: "az", Min: 1, Max: 1}}} {
		lets = append(lets, &ir.Let{Name: name, Call: true, Params: []ir.Param{{Name: "s", Type: types.StringType}}, Value: matches(q)})
	}
	files, err := gen.Functions("texts", lets)
	if err != nil {
		t.Fatal(err)
	}
	text := string(files["functions.go"])
	if n := strings.Count(text, "eval.NewSequence("); n != 2 {
		t.Errorf("%d sequences", n)
	}
	squeezed := strings.Join(strings.Fields(text), "")
	if want := `eval.NewSequence(eval.StepText("é"),eval.StepFork("09\x80\xff",2),eval.StepRun("09",2,-1),eval.StepJump(-3),eval.StepEnd(),)`; !strings.Contains(squeezed, want) {
		t.Errorf("the code lacks %s:\n%s", want, text)
	}
	if n := strings.Count(text, ".Match("); n != 3 {
		t.Errorf("%d matches", n)
	}
}
