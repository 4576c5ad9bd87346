package check

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"cel.dev/cel-go/cel"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
)

// What a decision's help says differs from what was written only where that
// fails: there a deny denies and an allow does not allow.
func TestHelpsOfDecisionsFailClosed(t *testing.T) {
	s := unplaced(t)
	conditions, helped, failed, held := 0, 0, 0, 0
	for end := time.Now().Add(*soundnessTime); time.Now().Before(end) && !t.Failed(); {
		rapid.Check(t, func(r *rapid.T) {
			text := fill(r, "BOOL", rapid.IntRange(1, most).Draw(r, "depth"))
			if rapid.Bool().Draw(r, "listed") {
				text = rapid.SampledFrom(unguarded).Draw(r, "text")
			}
			x := s.expression(text)
			if x == nil || x.Type.Kind != types.Bool || s.unordered(x) {
				return
			}
			fs := s.failures(x.Root)
			if len(fs) == 0 {
				return
			}
			conditions++
			program, err := x.Program()
			if err != nil {
				r.Fatal(err)
			}
			for _, at := range []place{inDeny, inAllow} {
				help, ok := s.guarded(x, fs, at)
				if !ok {
					continue
				}
				helped++
				mended := s.expression(help)
				if mended == nil {
					r.Fatalf("%s: the help does not check: %s", text, help)
				}
				other, err := mended.Program()
				if err != nil {
					r.Fatal(err)
				}
				for range 20 {
					vars := inputs(r)
					want, fails := truth(program, vars)
					if fails {
						failed++
						want = at == inDeny
					} else {
						held++
					}
					if got, fails := truth(other, vars); fails || got != want {
						r.Fatalf("%s\n-> %s\nis %v (fails: %v), not %v\n%s", text, help, got, fails, want, written(x, vars))
					}
				}
			}
		})
	}
	t.Logf("%d conditions, %d helps; %d inputs failed, %d did not", conditions, helped, failed, held)
	if helped*4 < conditions || failed < 100 || held < 100 {
		t.Error("too few: this tells little")
	}
}

// truth is the value of a condition, and whether it fails.
func truth(p cel.Program, vars map[string]any) (value, fails bool) {
	v, _, err := p.Eval(vars)
	if err != nil {
		return false, true
	}
	b, ok := v.Value().(bool)
	return b, !ok
}

// unordered reports whether an expression may have another value each time.
func (s *scope) unordered(x *celfront.Checked) bool {
	f := flow{analysis: &analysis{checker: s.checker}, facts: &facts{}}
	found := false
	x.Root.Walk(func(n *celfront.Expr) bool {
		found = found || f.unordered(n)
		return true
	})
	return found
}
