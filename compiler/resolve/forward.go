package resolve

import (
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// Forward says to which cluster a request goes: the first case whose condition
// holds, and else what stands without one: Cluster, Choice or Split.
type Forward struct {
	Rule  // ROUTE.forward
	Cases []*ForwardCase
	// Cluster is the one of forward to "c".
	Cluster string
	// Choice is forward to E among Among, or else Else; without that 503.
	Choice *ast.Expr
	Among  []string
	Else   string
	// Split has the shares, in percent, of forward to split; Sticky is what
	// keeps a caller at one of them, or nil.
	Split  []Share
	Sticky *ast.Expr
}

// ForwardCase is forward to "c" when E.
type ForwardCase struct {
	Rule
	Cluster string
}

// Share is one cluster of a split.
type Share struct {
	Cluster string
	Percent int
}

// Clusters are all clusters that a request may go to, each once.
func (f *Forward) Clusters() []string {
	var all []string
	seen := map[string]bool{"": true}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			all = append(all, name)
		}
	}
	for _, k := range f.Cases {
		add(k.Cluster)
	}
	add(f.Cluster)
	for _, name := range f.Among {
		add(name)
	}
	add(f.Else)
	for _, s := range f.Split {
		add(s.Cluster)
	}
	return all
}

// Plain reports whether there is one cluster for every request.
func (f *Forward) Plain() bool { return len(f.Cases) == 0 && f.Cluster != "" }

// Answers reports whether the route answers its requests itself.
func (r *Route) Answers() bool { return r.Respond != nil || r.Redirect != nil }

// fates are the lines that say what becomes of requests: they are checked
// together, when the whole route is known.
type fates struct {
	forward   *Forward
	last      ast.Rule // the forward without a condition
	first     source.Span
	redirect  *ast.Redirect
	rewrites  []*ast.Rewrite
	needs     []source.Span // lines that mean something for forwarded requests only
	needsWhat []string
}

// fateError takes on error from a rule that may fail but not be left out.
func (b *block) fateError(rule ast.Rule) {
	if e := rule.OnErrorWord(); e.Text == "skip" {
		b.diags.Add(diag.SkipNotAllowed, e.Span(), "on error skip would leave the request without a way to go").Helpf("on error deny")
	}
}

func (b *block) forward(n *ast.Forward) {
	f := b.fates.forward
	if f == nil {
		f = &Forward{Rule: b.base(n, b.route.FullName+".forward", nil)}
		b.fates.forward, b.fates.first = f, n.Span()
	}
	if n.Cluster != nil && n.When != nil {
		if b.fates.last != nil {
			b.diags.Add(diag.NoLastForward, n.Span(), "this forward is never reached: the one before it has no condition").
				Note(b.fates.last.Span(), "the one before").Helpf("put it before that one")
		}
		f.Cases = append(f.Cases, &ForwardCase{Rule: b.base(n, f.Name, n.When), Cluster: b.cluster(*n.Cluster)})
		return
	}
	b.setEnding(n)
	if b.fates.last != nil {
		return // setEnding has said so
	}
	b.fates.last = n
	f.Rule = b.base(n, f.Name, nil)
	switch {
	case n.Cluster != nil:
		f.Cluster = b.cluster(*n.Cluster)
	case n.Choice != nil:
		f.Choice = n.Choice
		seen := map[string]bool{}
		for _, c := range n.Among {
			name := b.cluster(c)
			if seen[name] {
				b.diags.Add(diag.DuplicateSetting, c.Span(), "cluster %q stands twice", name)
			}
			seen[name] = true
			f.Among = append(f.Among, name)
		}
		if n.Else != nil {
			f.Else = b.cluster(*n.Else)
		}
	default:
		b.split(n, f)
	}
}

func (b *block) split(n *ast.Forward, f *Forward) {
	f.Sticky = n.Sticky
	sum := 0
	seen := map[string]bool{}
	for _, s := range n.Split {
		k := Share{Cluster: b.cluster(s.Cluster), Percent: int(s.Percent.Value)}
		if seen[k.Cluster] {
			b.diags.Add(diag.DuplicateSetting, s.Cluster.Span(), "cluster %q stands twice", k.Cluster)
		}
		seen[k.Cluster] = true
		sum += k.Percent
		f.Split = append(f.Split, k)
	}
	switch {
	case len(f.Split) > 16:
		b.diags.Add(diag.BadShares, n.Span(), "a split has at most 16 clusters; this one has %d", len(f.Split))
	case sum != 100:
		b.diags.Add(diag.BadShares, n.Span(), "the shares sum to %d%%, not to 100%%", sum)
	}
}

// cluster is the name of a cluster.
func (b *block) cluster(t ast.Text) string {
	if c := t.Value; c == "" || len(c) > 200 || badHeaderValue(c) {
		b.diags.Add(diag.BadLiteral, t.Span(), "%q cannot name a cluster", c)
	}
	return t.Value
}

// finishFates checks what needs the whole route: captures, and the lines that
// only mean something beside others.
func (b *block) finishFates() {
	o, f := b.route, b.fates.forward
	switch {
	case f == nil:
	case b.fates.last == nil && b.ending == nil:
		b.diags.Add(diag.NoLastForward, b.fates.first, "route %s does not say where a request goes for which no condition holds", o.Name).
			Helpf("forward to %q", o.Name)
	case b.fates.last == nil:
		b.diags.Add(diag.TwoEndings, b.fates.first, "route %s answers itself: there is nothing to forward", o.Name).Note(b.ending.Span(), "the answer")
	}
	o.Forward = f
	b.resolveTargets()
	if o.Timeout != nil && o.Retry != nil && o.Retry.PerTry > o.Timeout.After && o.Timeout.After > 0 {
		b.diags.Add(diag.BadDelivery, o.Retry.Span, "one try may take longer than all of them together").Note(o.Timeout.Span, "the time of all")
	}
	if o.MaxBody != nil && o.Answers() {
		b.diags.Add(diag.NothingForwarded, o.MaxBody.Span, "route %s answers itself: no body is read", o.Name)
	}
	for i, at := range b.fates.needs {
		what := b.fates.needsWhat[i]
		if o.Answers() {
			b.diags.Add(diag.NothingForwarded, at, "route %s answers itself: there is no forwarded request to %s", o.Name, what)
		} else if f == nil && what != "rewrite" {
			b.diags.Add(diag.NothingForwarded, at, "route %s leaves the choice to Envoy's own route, which has its own timeout and retries", o.Name).
				Helpf("forward to %q", o.Name)
		}
	}
}

// needsForward notes a line that means something for forwarded requests only.
func (b *block) needsForward(at source.Span, what string) {
	b.fates.needs = append(b.fates.needs, at)
	b.fates.needsWhat = append(b.fates.needsWhat, what)
}
