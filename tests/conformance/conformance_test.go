package conformance

import (
	"context"
	"errors"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/ext"

	"moec.dev/moec/compiler/build"
	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/tests/evaluation"
	"moec.dev/moec/tests/evaluation/wire"
)

// syntax parses without expanding a macro.
func syntax(t *testing.T) *cel.Env {
	t.Helper()
	env, err := cel.NewCustomEnv(cel.OptionalTypes(), cel.ClearMacros())
	if err != nil {
		t.Fatal(err)
	}
	return env
}

// check checks a question as a policy's expression would be, but for the
// container in which a case may have names looked up.
func check(q *question) (*evaluation.Expression, error) {
	env, err := celfront.NewEnv(q.vars, nil)
	if err == nil && q.Container != "" {
		env, err = env.With(cel.Container(q.Container))
	}
	if err == nil && blocky(q.Expr) {
		env, err = env.With(blocks...)
	}
	if err != nil {
		return nil, err
	}
	return evaluation.Check(env, q.vars, q.text)
}

// refusedByCEL reports whether cel-go's checker refuses a question that reads
// nothing, with nothing of moe's around it.
func refusedByCEL(t *testing.T, q *question) bool {
	t.Helper()
	env, err := cel.NewEnv(cel.OptionalTypes(), ext.Strings(), ext.Math(), ext.Sets(), ext.Lists(), ext.Encoders(), ext.Bindings(), ext.Network(),
		ext.TwoVarComprehensions(), cel.CrossTypeNumericComparisons(true))
	if err != nil {
		t.Fatal(err)
	}
	_, iss := env.Compile(q.text)
	return len(q.vars) == 0 && iss.Err() != nil
}

// outcome is what became of a case.
type outcome struct {
	*entry
	reason  reason // why it was not run
	refusal string
	want    wire.Answer // the suite's
	cel     wire.Answer // cel-go's
	got     map[evaluation.Configuration]wire.Answer
}

// agrees reports whether compiled code did what cel-go does.
func (o *outcome) agrees(c evaluation.Configuration) bool { return o.got[c].Agrees(o.cel) }

func TestConformance(t *testing.T) {
	outcomes := judge(t, load(t))
	for _, o := range outcomes {
		for _, c := range evaluation.Configurations {
			if o.reason == run && !o.agrees(c) {
				t.Errorf("%s, %s:\n  %s\n  cel-go   %s\n  compiled %s", o.name(), c, o.Expr, o.cel, o.got[c])
			}
		}
	}
	compareDocument(t, document(outcomes))
}

// judge runs what can be run: all in one program.
func judge(t *testing.T, entries []*entry) []*outcome {
	t.Helper()
	var all, compiled []*outcome
	var expressions []*evaluation.Expression
	var questions []evaluation.Question
	sx := syntax(t)
	for _, e := range entries {
		o := &outcome{entry: e, got: map[evaluation.Configuration]wire.Answer{}}
		all = append(all, o)
		q, r := ask(sx, e)
		if o.reason = r; r != run {
			continue
		}
		o.want, _ = e.expected()
		x, err := check(q)
		if err != nil {
			o.reason, o.refusal = refused, err.Error()
			if !refusedByCEL(t, q) {
				t.Errorf("%s: cel-go takes %s, and moe does not: %v", e.name(), q.text, err)
			}
			continue
		}
		args, err := x.Select(q.values)
		if err != nil {
			t.Fatalf("%s: %v", e.name(), err)
		}
		o.cel = x.Reference(args)
		for _, c := range evaluation.Configurations {
			questions = append(questions, evaluation.Question{Expression: len(expressions), Config: c, Args: args})
		}
		expressions, compiled = append(expressions, x), append(compiled, o)
	}
	program, err := evaluation.Compile(context.Background(), expressions)
	if f := (*build.Failure)(nil); errors.As(err, &f) {
		t.Fatalf("%v\n%s", err, f.Output)
	} else if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	for _, r := range program.Refused {
		compiled[r.Index].got[r.Config] = wire.Answer{Unasked: r.Reason.Error()}
	}
	var asked []evaluation.Question
	for _, q := range questions {
		if _, out := compiled[q.Expression].got[q.Config]; !out {
			asked = append(asked, q)
		}
	}
	answers, err := program.Ask(asked)
	if err != nil {
		t.Errorf("%s: %v", compiled[asked[len(answers)].Expression].name(), err)
	}
	for i, a := range answers {
		compiled[asked[i].Expression].got[asked[i].Config] = a
	}
	return all
}
