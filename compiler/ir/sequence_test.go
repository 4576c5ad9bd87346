package ir_test

import (
	"testing"

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

func TestSequencesOfOneTextFormAreOne(t *testing.T) {
	seen := map[string]int{}
	for i, text := range []string{"az", "aa--zz", "--", "]]", "\\\\", "aaz{", "\x00\xff", "\"\"", "aa-z", "]a"} {
		q := ir.Sequence{{Kind: ir.StepRun, Text: text, Min: 1, Max: -1}, {Kind: ir.StepEnd}}.String()
		if other, ok := seen[q]; ok {
			t.Errorf("%d and %d are both %s", i, other, q)
		}
		seen[q] = i
	}
	q := ir.Sequence{{Kind: ir.StepText, Text: "/a\n"}, {Kind: ir.StepFork, Text: "09", Jump: 2}, {Kind: ir.StepRun, Text: "09..", Min: 0, Max: 3}, {Kind: ir.StepJump, Jump: -3}}
	if got, want := q.String(), `<"/a\n" [0-9]?+2 [0-9.]{0,3} -3>`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestVerifySequences(t *testing.T) {
	verify := func(q ir.Sequence) error {
		return ir.Verify(&ir.Bundle{Lets: []*ir.Let{{Name: "l", Value: &ir.Expr{Op: "match-sequence", Type: types.BoolType, Value: q,
			Args: []*ir.Expr{{Op: "path", Type: types.StringType}}}}}})
	}
	run := ir.Step{Kind: ir.StepRun, Text: "09", Min: 1, Max: -1}
	if err := verify(ir.Sequence{{Kind: ir.StepFork, Text: "09", Jump: 2}, run, {Kind: ir.StepJump, Jump: -3}, {Kind: ir.StepEnd}}); err != nil {
		t.Error(err)
	}
	for name, q := range map[string]ir.Sequence{
		"nothing":            {},
		"unknown step":       {{Kind: "StepBack"}},
		"no text":            {{Kind: ir.StepText}},
		"half a range":       {{Kind: ir.StepRun, Text: "0", Max: -1}},
		"no class":           {{Kind: ir.StepRun, Max: -1}},
		"none at most":       {{Kind: ir.StepRun, Text: "09"}},
		"more than at most":  {{Kind: ir.StepRun, Text: "09", Min: 2, Max: 1}},
		"less than none":     {{Kind: ir.StepRun, Text: "09", Min: -1, Max: 1}},
		"fork out":           {{Kind: ir.StepFork, Text: "09", Jump: 2}, run},
		"fork back":          {run, {Kind: ir.StepFork, Text: "09", Jump: -2}},
		"jump out":           {run, {Kind: ir.StepJump, Jump: 1}},
		"jump before":        {run, {Kind: ir.StepJump, Jump: -3}},
		"jump to itself":     {run, {Kind: ir.StepJump, Jump: -1}},
		"end with something": {{Kind: ir.StepEnd, Text: "09"}},
	} {
		if verify(q) == nil {
			t.Errorf("%s passes", name)
		}
	}
}
