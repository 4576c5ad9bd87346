package expression

import (
	"testing"

	"moec.dev/moec/tests/evaluation"
)

// What the generator writes must be accepted, and must cover the language:
// every operator, function and macro it has a form for.
func TestGenerator(t *testing.T) {
	env, vars := environment(t)
	tried, taken, failed, valued := 2000, 0, 0, 0
	why := map[string]int{}
	for seed := range tried {
		n := expressions.Example(seed)
		x, err := evaluation.Check(env, vars, n.String())
		if err != nil {
			if len(why) < 25 {
				t.Logf("%s\n\t%v", n, err)
			}
			why[err.Error()]++
			continue
		}
		taken++
		for i := range 4 {
			args, err := x.Select(inputs.Example(i))
			if err != nil {
				t.Fatal(err)
			}
			switch a := x.Reference(args); {
			case a.Value != nil:
				valued++
			case a.Error != "":
				failed++
			default:
				t.Errorf("%s: %s", n, a)
			}
		}
	}
	t.Logf("%d of %d accepted; %d values, %d errors", taken, tried, valued, failed)
	if float64(taken) < accepted*float64(tried) {
		t.Errorf("%d of %d are accepted", taken, tried)
	}
}
