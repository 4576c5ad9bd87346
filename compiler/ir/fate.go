package ir

import "fmt"

// Forward chooses a cluster: the first case whose condition holds, or else
// exactly one of Cluster, Choice and Split.
type Forward struct {
	Rule
	Cases   []Case
	Cluster string
	Choice  *Choice
	Split   *Split
}

// Case is a cluster for requests for which a condition holds.
type Case struct {
	When    *Expr
	Cluster string
}

// Choice is a computed cluster, one of Among; otherwise it is Else or, without
// that, the answer 503.
type Choice struct {
	Value *Expr
	Among []string
	Else  string
}

// Split shares requests out by percent. Sticky keeps equal texts at one
// cluster; nil leaves every request to chance.
type Split struct {
	Shares []Share
	Sticky *Expr
}

// Share is a cluster and its part of a hundred, never 0.
type Share struct {
	Cluster string
	Percent int
}

// Target is the text of a redirect or rewrite: its parts, or a value.
type Target struct {
	Rule
	Status   int // of a redirect
	Parts    []Part
	Fragment []Part // with its #
	Value    *Expr
	HTTPS    bool // the URL of the request, by https
}

// Part is fixed text or a value that is encoded for where it stands.
type Part struct {
	Text  string
	Value *Expr
	In    string // path, query or host
}

// Delivery are the headers that tell the host how to deliver the requests of a
// route.
type Delivery struct {
	Always []Constant
	// Retry are sent with requests of the methods, nil meaning all.
	Retry   []Constant
	Methods []string
}

// Constant is a header with a constant value.
type Constant struct{ Name, Value string }

// Answers reports whether the route answers its requests itself.
func (r *Route) Answers() bool { return r.Respond != nil || r.Redirect != nil }

// Own reports whether the host's own route decides where requests go.
func (r *Route) Own() bool { return !r.Answers() && r.Cluster == "" && r.Forward == nil }

// Clusters are all clusters that requests of the route may go to.
func (r *Route) Clusters() []string {
	var all []string
	if r.Cluster != "" {
		all = append(all, r.Cluster)
	}
	f := r.Forward
	if f == nil {
		return all
	}
	for _, c := range f.Cases {
		all = append(all, c.Cluster)
	}
	if f.Cluster != "" {
		all = append(all, f.Cluster)
	}
	if f.Choice != nil {
		all = append(all, f.Choice.Among...)
		if f.Choice.Else != "" {
			all = append(all, f.Choice.Else)
		}
	}
	if f.Split != nil {
		for _, s := range f.Split.Shares {
			all = append(all, s.Cluster)
		}
	}
	return all
}

// fates lists the rules that say where requests go, in the order of their
// numbers.
func (r *Route) fates() []*Rule {
	var all []*Rule
	for _, t := range []*Target{r.RewritePath, r.RewriteHost, r.Redirect} {
		if t != nil {
			all = append(all, &t.Rule)
		}
	}
	if r.Forward != nil {
		all = append(all, &r.Forward.Rule)
	}
	return all
}

// FateExprs calls f for every expression of those rules.
func (r *Route) FateExprs(f func(*Expr)) {
	r.MapFates(func(e *Expr) *Expr {
		f(e)
		return e
	})
}

// MapFates returns copies of the rules that say where requests go, with their
// expressions replaced; r is left as it is.
func (r *Route) MapFates(f func(*Expr) *Expr) (forward *Forward, rewritePath, rewriteHost, redirect *Target) {
	g := func(e *Expr) *Expr {
		if e == nil {
			return nil
		}
		return f(e)
	}
	target := func(t *Target) *Target {
		if t == nil {
			return nil
		}
		c := *t
		c.Value = g(t.Value)
		c.Parts, c.Fragment = nil, nil
		for _, p := range t.Parts {
			c.Parts = append(c.Parts, Part{p.Text, g(p.Value), p.In})
		}
		for _, p := range t.Fragment {
			c.Fragment = append(c.Fragment, Part{p.Text, g(p.Value), p.In})
		}
		return &c
	}
	if r.Forward != nil {
		c := *r.Forward
		c.Cases = nil
		for _, k := range r.Forward.Cases {
			c.Cases = append(c.Cases, Case{g(k.When), k.Cluster})
		}
		if c.Choice != nil {
			c.Choice = &Choice{g(c.Choice.Value), c.Choice.Among, c.Choice.Else}
		}
		if c.Split != nil {
			c.Split = &Split{c.Split.Shares, g(c.Split.Sticky)}
		}
		forward = &c
	}
	return forward, target(r.RewritePath), target(r.RewriteHost), target(r.Redirect)
}

// fate writes where requests of a route go.
func (d *dumper) fate(r *Route) {
	d.target("rewrite path", r.RewritePath)
	d.target("rewrite host", r.RewriteHost)
	switch {
	case r.Respond != nil:
		d.line("  respond %d json=%v %q", r.Respond.Status, r.Respond.JSON, r.Respond.Body)
	case r.Redirect != nil:
		d.target(fmt.Sprintf("redirect %d", r.Redirect.Status), r.Redirect)
	case r.Forward != nil:
		f := r.Forward
		for _, k := range f.Cases {
			d.line("  forward %d %q when %s", f.Number, k.Cluster, k.When)
		}
		switch {
		case f.Choice != nil:
			d.line("  forward %d %s among %q else %q keep-credential=%v", f.Number, f.Choice.Value, f.Choice.Among, f.Choice.Else, r.KeepCredential)
		case f.Split != nil:
			d.line("  forward %d split %v sticky %v keep-credential=%v", f.Number, f.Split.Shares, f.Split.Sticky != nil, r.KeepCredential)
			if f.Split.Sticky != nil {
				d.line("    by %s", f.Split.Sticky)
			}
		default:
			d.line("  forward %q keep-credential=%v", f.Cluster, r.KeepCredential)
		}
	case r.Own():
		d.line("  forward as the host does keep-credential=%v", r.KeepCredential)
	default:
		d.line("  forward %q keep-credential=%v", r.Cluster, r.KeepCredential)
	}
	if v := r.Delivery; v != nil {
		d.line("  deliver %v, again %v for %v", v.Always, v.Retry, v.Methods)
	}
}

func (d *dumper) target(what string, t *Target) {
	switch {
	case t == nil:
	case t.HTTPS:
		d.line("  %s %d https", what, t.Number)
	case t.Value != nil:
		d.line("  %s %d = %s", what, t.Number, t.Value)
	default:
		line := ""
		for _, p := range append(append([]Part{}, t.Parts...), t.Fragment...) {
			if p.Value != nil {
				line += fmt.Sprintf(" (%s %s)", p.In, p.Value)
			} else {
				line += fmt.Sprintf(" %q", p.Text)
			}
		}
		d.line("  %s %d%s", what, t.Number, line)
	}
}
