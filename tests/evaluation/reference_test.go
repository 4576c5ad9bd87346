package evaluation

import (
	"context"
	"math"
	"strings"
	"testing"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/tests/evaluation/wire"
)

// What goes through cel-go comes out as it went in.
func TestToCEL(t *testing.T) {
	for _, v := range []wire.Value{
		{Kind: wire.Null}, wire.OfBool(true), wire.OfInt(math.MinInt64), wire.OfUint(math.MaxUint64), wire.OfDouble(math.NaN()), wire.OfDouble(math.Inf(1)),
		wire.OfDouble(math.Copysign(0, -1)), wire.OfString("\xffé"), wire.OfBytes("\x00"), wire.OfDuration(math.MaxInt64), wire.OfTimestamp(-62135596800, 7),
		wire.Of(wire.Type, "google.protobuf.Duration"), wire.Of(wire.Type, "optional_type"), wire.Of(wire.IP, "::1"), wire.Of(wire.CIDR, "10.1.2.3/8"), {Kind: wire.Optional},
		{Kind: wire.Optional, Items: []wire.Value{wire.OfInt(1)}}, {Kind: wire.List, Items: []wire.Value{wire.OfInt(1), {Kind: wire.List}}},
		{Kind: wire.Map, Items: []wire.Value{wire.OfString("a"), {Kind: wire.Map}, wire.OfInt(1), {Kind: wire.Null}}},
	} {
		c, err := ToCEL(v)
		if err != nil {
			t.Errorf("%s: %v", v, err)
			continue
		}
		if got, err := FromCEL(c); err != nil || got.String() != v.String() {
			t.Errorf("%s came back as %s, %v", v, got, err)
		}
	}
	if v, err := ToCEL(wire.Of(wire.Type, "no.such.Type")); err == nil {
		t.Errorf("a type that there is not: %v", v)
	}
}

// A program is as good as its bad cases: what fails, what has no value, what
// the compiler refuses.
func TestProgram(t *testing.T) {
	vars := []celfront.Variable{{Name: "x", Type: types.DynType}, {Name: "n.i", Type: types.IntType}, {Name: "s", Type: types.StringType}}
	env, err := celfront.NewEnv(vars, nil)
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		text string
		args []wire.Value
		want string
	}{
		{"n.i / 2 + 1", []wire.Value{wire.OfInt(8)}, "int(5)"},
		{"1 / n.i", []wire.Value{wire.OfInt(0)}, "error"},
		{"[x, 1u + 1u]", []wire.Value{wire.OfDouble(0.5)}, "list[double(0.5), uint(2)]"},
		{"'a' + s", []wire.Value{wire.OfString("é")}, "string(\"aé\")"},
	}
	var all []*Expression
	for _, c := range cases {
		x, err := Check(env, vars, c.text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, x)
	}
	p, err := Compile(context.Background(), all)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	var questions []Question
	for i, c := range cases {
		for _, config := range Configurations {
			questions = append(questions, Question{i, config, c.args})
		}
	}
	answers, err := p.Ask(questions)
	if err != nil || len(answers) != len(questions) {
		t.Fatalf("%d answers, %v", len(answers), err)
	}
	for i, a := range answers {
		c := cases[i/len(Configurations)]
		if want := all[i/len(Configurations)].Reference(c.args); !strings.HasPrefix(a.String(), c.want) || !a.Agrees(want) {
			t.Errorf("%s, %s: %s, want %s, cel-go %s", c.text, questions[i].Config, a, c.want, want)
		}
	}
	if a, err := p.Ask([]Question{{Expression: 99, Config: Plain}}); err != nil || a[0].Unasked == "" {
		t.Errorf("an expression that there is not: %v, %v", a, err)
	}
	if _, err := Check(env, vars, "n.i +"); err == nil {
		t.Error("half an expression is accepted")
	}
}
