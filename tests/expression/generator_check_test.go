package expression

import (
	"testing"

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/lower"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/tests/evaluation"
)

// unreached are functions that no expression of the generator calls, with the
// reason.
var unreached = map[string]string{
	"size_bytes":               "an operation of the IR",
	"bytes_size":               "an operation of the IR",
	"@mapInsert_map_key_value": "inside transformMap, which is an operation of the IR",
	"@mapInsert_map_map":       "inside transformMapEntry, which is an operation of the IR",
	"math_@max_int":            "of one number: the number",
	"math_@max_uint":           "of one number: the number",
	"math_@max_double":         "of one number: the number",
	"math_@min_int":            "of one number: the number",
	"math_@min_uint":           "of one number: the number",
	"math_@min_double":         "of one number: the number",
	"dyn_field_optional":       "lowered as an index by a text",
}

// What the generator writes must be accepted, must have values often enough to
// tell anything, and must call every function that the compiler knows.
func TestGenerator(t *testing.T) {
	env, vars := environment(t)
	tried, taken, failed, valued := 3000, 0, 0, 0
	called := map[string]bool{}
	for seed := range tried {
		n := expressions.Example(seed)
		x, err := evaluation.Check(env, vars, n.String())
		if err != nil {
			t.Logf("%s\n\t%v", n, err)
			continue
		}
		taken++
		var diags diag.List
		lower.Function("f", x.Params, x.Checked.Root, &diags).Value.Walk(func(e *ir.Expr) {
			if e.Op == "call" {
				called[e.Name] = true
			}
		})
		for _, d := range diags.Sorted() {
			if !tolerated(d.Message) {
				t.Errorf("%s is refused: %v", n, d)
			}
		}
		for i := range 2 {
			args, err := x.Select(inputs.Example(i))
			if err != nil {
				t.Fatal(err)
			}
			switch a := x.Reference(args); {
			case a.Value != nil:
				valued++
			case a.Error != "":
				failed++
			case a.Panic == "":
				t.Errorf("%s: %s", n, a)
			}
		}
	}
	t.Logf("%d of %d accepted; %d values, %d errors", taken, tried, valued, failed)
	for id := range ir.Functions {
		if called[id] == (unreached[id] != "") {
			t.Errorf("%s: called is %v, and that it is unreached because %q", id, called[id], unreached[id])
		}
	}
	if float64(taken) < accepted*float64(tried) {
		t.Errorf("%d of %d are accepted", taken, tried)
	}
}
