package behaviour

import (
	"fmt"
	"testing"

	"moec.dev/moec/compiler/account"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/interp"
	"moec.dev/moec/compiler/scenario"
)

// teller is an executor whose accounts must be whole: one step decides, and no
// expression is evaluated that belongs to no rule.
type teller struct {
	watch   *interp.Watch
	bundles map[string]*check.Bundle
}

func (x *teller) Name() string { return "account" }

func (x *teller) Begin() error { return x.watch.Begin() }

func (x *teller) Release() error { return x.watch.Release() }

func (x *teller) Close() error { return x.watch.Close() }

func (x *teller) Send(bundle string, r scenario.Request) (scenario.Outcome, error) {
	a, err := account.Tell(x.watch, &scenario.Asked{Bundle: x.bundles[bundle], Request: r, Written: r})
	if err != nil {
		return scenario.Outcome{}, err
	}
	deciding := 0
	for _, s := range a.Steps {
		if s.Decides {
			deciding++
		}
		if s.Kind == "evaluated" {
			return a.Outcome, fmt.Errorf("%s:%d: %s belongs to no rule", s.File, s.Line, s.Text)
		}
	}
	if deciding != 1 {
		return a.Outcome, fmt.Errorf("%d steps decide %s %s, by %s", deciding, r.Method, r.Path, a.Outcome.By)
	}
	return a.Outcome, nil
}

// TestAccounts tells every request of the corpus: who watches the interpreter
// changes nothing, and the account of a decision names what decided.
func TestAccounts(t *testing.T) {
	cases, err := corpus()
	if err != nil {
		t.Fatal(err)
	}
	x := &teller{bundles: map[string]*check.Bundle{}}
	var checked []*check.Bundle
	for _, c := range cases {
		checked = append(checked, c.unit.Checked)
		x.bundles[c.unit.Checked.Name] = c.unit.Checked
	}
	x.watch = interp.Watching(checked...)
	play(t, cases, scenario.Options{}, interp.New(checked...), x)
}
