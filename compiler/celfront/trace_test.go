package celfront

import (
	"fmt"
	"strings"
	"testing"

	celtypes "cel.dev/cel-go/common/types"

	"moec.dev/moec/compiler/types"
)

// What the branches of an expression come to, and what its parts.
func TestTrace(t *testing.T) {
	vars := map[string]any{"n": 3, "identity.id": "a:7", "path.id": "7", "identity.groups": []string{"ops", "guest", "x"},
		"request.headers": map[string]string{"x-a": "1"}}
	for _, c := range []struct{ text, branches, values string }{
		{`n > 1 && n < 2`, `n > 1:1/0/0 n < 2:0/1/0`, `n > 1 && n < 2=false n > 1=true n=3 n < 2=false n=3`},
		{`n > 1 || n < 2`, `n > 1:1/0/0 n < 2:0/0/0`, `n > 1 || n < 2=true n > 1=true n=3`},
		{`n > 1 && n > 2 && n > 3`, `n > 1:1/0/0 n > 2:1/0/0 n > 3:0/1/0`, ``},
		{`n < 1 ? path.id == "" : n == 3`, `n < 1:0/1/0`, ``},
		{`identity.id == "a:" + path.id || 1 / (n - 3) > 0`, `identity.id == "a:" + path.id:1/0/0 1 / (n - 3) > 0:0/0/0`, ``},
		{`1 / (n - 3) > 0 && n > 0`, `1 / (n - 3) > 0:0/0/1 n > 0:1/0/0`, ``},
		// Each turn of a loop counts.
		{`identity.groups.exists(g, g == "guest" && n > 1)`, `g == "guest":1/1/0 n > 1:1/0/0`, ``},
		{`identity.groups.all(g, g != "no" || n < 1)`, `g != "no":3/0/0 n < 1:0/0/0`, ``},
		{`true && n > 1`, `n > 1:1/0/0`, ``},
		{`"x-a" in request.headers && request.headers["x-a"] == "1"`, `"x-a" in request.headers:1/0/0 request.headers["x-a"] == "1":1/0/0`, ``},
	} {
		x := checked(t, names(t), c.text)
		p, err := x.Trace()
		if err != nil {
			t.Fatal(err)
		}
		_, trace, _ := p.Eval(vars)
		var got []string
		for _, b := range x.Branches() {
			n := trace.Truths(b)
			got = append(got, fmt.Sprintf("%s:%d/%d/%d", b.Span.Text(), n.True, n.False, n.Failed))
		}
		if s := strings.Join(got, " "); s != c.branches {
			t.Errorf("%s: %s, want %s", c.text, s, c.branches)
		}
		got = nil
		x.Root.Walk(func(e *Expr) bool {
			if v, ok := trace.Value(e); ok {
				got = append(got, e.Span.Text()+"="+Literal(v))
			}
			return true
		})
		if s := strings.Join(got, " "); c.values != "" && s != c.values {
			t.Errorf("%s: %s, want %s", c.text, s, c.values)
		}
	}
}

// A field that is a condition by itself is counted, too.
func TestTraceOfField(t *testing.T) {
	e, err := NewEnv([]Variable{{"flags", types.MapOf(types.StringType, types.BoolType)}, {"b", types.BoolType}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	x := checked(t, e, `flags["a"] && b && flags.c`)
	p, err := x.Trace()
	if err != nil {
		t.Fatal(err)
	}
	v, trace, err := p.Eval(map[string]any{"flags": map[string]bool{"a": true, "c": false}, "b": true})
	if err != nil || v.Value() != false {
		t.Fatal(v, err)
	}
	for i, want := range []Truths{{True: 1}, {True: 1}, {False: 1}} {
		if got := trace.Truths(x.Branches()[i]); got != want {
			t.Errorf("%s: %+v", x.Branches()[i].Span.Text(), got)
		}
	}
}

func TestLiteral(t *testing.T) {
	for text, want := range map[string]string{
		`1`: `1`, `7u`: `7u`, `2.0`: `2.0`, `1e300`: `1e+300`, `"a\n"`: `"a\n"`, `b"a"`: `b"a"`, `null`: `null`,
		`duration("90s")`: `duration("1m30s")`, `timestamp("2026-01-01T00:00:00Z")`: `timestamp("2026-01-01T00:00:00Z")`,
		`[1, 2]`: `[1, 2]`, `{"b": 1, "a": 2}`: `{"a": 2, "b": 1}`, `optional.none()`: `optional.none()`, `optional.of("x")`: `optional.of("x")`,
	} {
		program, err := checked(t, names(t), text).Program()
		if err != nil {
			t.Fatal(err)
		}
		v, _, err := program.Eval(map[string]any{})
		if err != nil {
			t.Fatal(err)
		}
		if got := Literal(v); got != want {
			t.Errorf("%s is written %s, want %s", text, got, want)
		}
	}
	if got := Literal(celtypes.String(strings.Repeat("é", 200))); !strings.HasSuffix(got, "… (402 bytes)") || len(got) > maxLiteral+20 {
		t.Errorf("%q", got)
	}
}
