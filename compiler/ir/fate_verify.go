package ir

import "moec.dev/moec/compiler/types"

// fate checks where requests of a route go.
func (v *verifier) fate(r *Route) {
	endings := 0
	for _, has := range []bool{r.Respond != nil, r.Redirect != nil, r.Cluster != "", r.Forward != nil} {
		if has {
			endings++
		}
	}
	if endings > 1 {
		v.fail("route %s has %d endings", r.Name, endings)
	}
	if r.Answers() && (r.RewritePath != nil || r.RewriteHost != nil || r.Delivery != nil) {
		v.fail("route %s answers and forwards", r.Name)
	}
	if r.Own() && r.Delivery != nil {
		v.fail("route %s leaves the host's route alone and changes it", r.Name)
	}
	v.target(r.Redirect, r)
	v.target(r.RewritePath, r)
	v.target(r.RewriteHost, r)
	if t := r.Redirect; t != nil && (t.Status < 300 || t.Status > 399) {
		v.fail("rule %s redirects with %d", t.Name, t.Status)
	}
	if r.Forward != nil {
		v.forward(r.Forward)
	}
}

func (v *verifier) target(t *Target, r *Route) {
	if t == nil {
		return
	}
	forms := 0
	for _, has := range []bool{t.Parts != nil, t.Value != nil, t.HTTPS} {
		if has {
			forms++
		}
	}
	if forms != 1 || t.HTTPS && t != r.Redirect {
		v.fail("rule %s has %d targets", t.Name, forms)
	}
	v.expr(t.Value, types.StringType)
	for _, p := range append(append([]Part{}, t.Parts...), t.Fragment...) {
		if (p.Value == nil) == (p.Text == "") || p.In != "path" && p.In != "query" && p.In != "host" {
			v.fail("rule %s: part %q in %q", t.Name, p.Text, p.In)
		}
		v.expr(p.Value, types.StringType)
	}
}

func (v *verifier) forward(f *Forward) {
	for _, k := range f.Cases {
		if k.When == nil || k.Cluster == "" {
			v.fail("rule %s has a case without condition or cluster", f.Name)
		}
		v.expr(k.When, types.BoolType)
	}
	switch {
	case f.Choice != nil && f.Split == nil && f.Cluster == "":
		if f.Choice.Value == nil || len(f.Choice.Among) == 0 {
			v.fail("rule %s chooses among nothing", f.Name)
		}
		v.expr(f.Choice.Value, types.StringType)
	case f.Split != nil && f.Choice == nil && f.Cluster == "":
		sum := 0
		for _, s := range f.Split.Shares {
			sum += s.Percent
			if s.Percent <= 0 || s.Cluster == "" {
				v.fail("rule %s: share %v", f.Name, s)
			}
		}
		if sum != 100 {
			v.fail("rule %s shares out %d%%", f.Name, sum)
		}
		v.expr(f.Split.Sticky, types.StringType)
	case f.Cluster != "" && f.Choice == nil && f.Split == nil:
	default:
		v.fail("rule %s needs exactly one way without a condition", f.Name)
	}
}
