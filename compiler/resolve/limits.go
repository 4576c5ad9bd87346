package resolve

import (
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

// allLimits lists the limits that are used, those with names first, and refuses
// what cannot be taken together.
func (r *resolver) allLimits() {
	for _, f := range r.Source.Files {
		for _, d := range f.Decls {
			d, ok := d.(*ast.LimitDecl)
			if !ok {
				continue
			}
			l := r.named[d.Name.Text]
			switch {
			case l == nil || l.Spec != d.Spec: // declared twice
			case l.used || l.shadow != nil && l.shadow.used:
				for _, l := range []*Limit{l, l.shadow} {
					if l != nil && l.used {
						r.Limits = append(r.Limits, l)
					}
				}
			default:
				r.diags.Add(diag.UnusedName, l.Place, "no block uses limit %s: its expressions are not checked", l.Name).Helpf("limit %s", l.Name)
			}
		}
	}
	var stray []*Route
	for _, o := range r.Routes {
		r.inlineLimits(o)
		blocks := []*Route{o}
		for _, s := range o.Scopes {
			blocks = append(blocks, &s.Route)
		}
		r.together(blocks, "requests of route "+o.Name)
	}
	for _, s := range r.Scopes {
		r.inlineLimits(&s.Route)
		if s.All || s.Template {
			stray = append(stray, &s.Route)
		}
	}
	r.together(stray, "requests that no route takes")
}

func (r *resolver) inlineLimits(o *Route) {
	for _, l := range o.Limits {
		if !l.Limit.Named {
			r.Limits = append(r.Limits, l.Limit)
		}
	}
}

// together refuses two uses of a limit by blocks that meet on a request, which
// would count it twice, and more requests at once than a stream can hold.
func (r *resolver) together(blocks []*Route, who string) {
	first := map[*Limit]*LimitRule{}
	held, said := 0, len("ratelimit-policy")+len("ratelimit")+2*12
	for _, block := range blocks {
		for _, l := range block.Limits {
			if old := first[l.Limit.origin()]; old != nil {
				if !r.told[[2]*LimitRule{old, l}] {
					r.told[[2]*LimitRule{old, l}] = true
					r.diags.Add(diag.LimitTwice, l.Place(), "limit %s counts %s twice", l.Limit.Name, who).
						Note(old.Place(), "first here").Helpf("remove one of them, or leave the route out of the scope")
				}
				continue
			}
			first[l.Limit.origin()] = l
			if l.Limit.Announce && !l.Shadow {
				if n := l.Limit.announced(); said <= maxAnnounce && said+n > maxAnnounce {
					r.diags.Add(diag.AnnounceSize, l.Place(), "what answers to %s announce could be longer than %d bytes", who, maxAnnounce).
						Helpf("leave announce out of some limits, or give them shorter names")
				}
				said += l.Limit.announced()
			}
			if l.Limit.Concurrency == 0 {
				continue
			}
			if held++; held == maxHeld+1 {
				r.diags.Add(diag.BadLimit, l.Place(), "%s would be held by more than %d concurrency limits", who, maxHeld).
					Helpf("count several things in one, by a key of several parts")
			}
		}
	}
}
