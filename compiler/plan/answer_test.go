package plan

import (
	"strings"
	"testing"
)

// Only what reads the answer costs a call for it; what a stream keeps is told
// where it keeps something.
func TestAnswers(t *testing.T) {
	route := func(rule string) string {
		return "route a {\n  match \"/{id}\"\n  public\n  max_body 64KiB\n  forward to \"a\"\n  " + rule + "\n}\n"
	}
	for rule, want := range map[string]struct{ calls, kept int }{
		`set response.headers["x-a"] = "1"`:                               {0, 0},
		`set response.headers["x-a"] = path.id`:                           {0, 5120},
		`remove response.headers["x-a"] when header("x-b") == ""`:         {0, 5120},
		`set response.headers["x-a"] = string(response.code)`:             {1, 0},
		`set response.headers["x-a"] = path.id when response.code == 200`: {1, 5120},
		`remove response.headers["x-*"]`:                                  {1, 0},
	} {
		p, _ := planned(t, route(rule))
		if got := p.Routes[0].Crossings; got != (Crossings{1, want.calls}) || p.Memory.Captured != want.kept {
			t.Errorf("%s: %+v, %d kept", rule, got, p.Memory.Captured)
		}
		var out strings.Builder
		if err := p.WriteText(&out, func(_, text string) string { return text }); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "  body      at most 64 KiB\n") || strings.Contains(out.String(), "kept by a stream") != (want.kept > 0) {
			t.Errorf("%s: %s", rule, out.String())
		}
	}
}
