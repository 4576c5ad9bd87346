package check

import (
	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// limit checks a limit where it stands. What a named one says belongs to the
// bundle: it knows the names of the block, and not the parameters of a policy
// that uses it.
func (s *scope) limit(l *resolve.LimitRule) {
	var when *celfront.Checked
	s.in(l.Use, func(s *scope) {
		if l.When == nil {
			return
		}
		if when = s.boolean(l.When, "limit ... when"); when != nil {
			s.decision(when, inDeny)
			s.mayFail(when, l.OnError, inDeny)
		}
	})
	if !l.Limit.Named {
		s.in(l.Use, func(s *scope) { s.takes(l, when) })
		return
	}
	var found diag.List
	c := *s.checker
	c.diags = &found
	inner := *s
	inner.checker = &c
	inner.takes(l, when)
	for _, d := range found.Sorted() {
		if key := (toldAt{d.Code, d.Span, d.Message}); !s.told[key] {
			s.told[key] = true
			d.Note(l.Place(), "the limit is used here")
			s.diags.Append(d)
		}
	}
}

// toldAt is a message about a named limit, which is told once however many
// blocks use the limit.
type toldAt struct {
	code    diag.Code
	at      source.Span
	message string
}

// takes checks what a limit counts by and takes, under a condition or nil.
func (s *scope) takes(l *resolve.LimitRule, when *celfront.Checked) {
	var parts []*celfront.Checked
	for _, e := range l.Key {
		x := s.taken(l, e, when, nil, "")
		if x == nil {
			continue
		}
		s.keyPart(x, e)
		parts = append(parts, x)
	}
	cost := s.taken(l, l.Cost, when, types.IntType, "a cost")
	rate := s.taken(l, l.Rate, when, types.IntType, "a rate")
	burst := s.taken(l, l.BurstOf, when, types.IntType, "a burst")
	if len(parts) == len(l.Key) {
		s.keySubject(parts)
		s.clientKey(l, append(parts, cost, rate, burst, when))
	}
	s.constantCost(l.Limit, cost)
	for _, x := range []*celfront.Checked{rate, burst} {
		if n, ok := constantInt(x); ok && n < 1 {
			s.diags.Add(diag.BadCost, x.Root.Span, "a bucket of %d refuses everything", n).Helpf("say on what it depends, or deny")
		}
	}
}

// taken checks one of a limit's expressions.
func (s *scope) taken(l *resolve.LimitRule, e *ast.Expr, when *celfront.Checked, want *types.Type, place string) *celfront.Checked {
	if e == nil {
		return nil
	}
	x := s.expr(s.env, e, want, place)
	if x == nil {
		return nil
	}
	s.names(x)
	rd := s.read(x.Root)
	if len(rd.Response) > 0 {
		s.diags.Add(diag.WrongPhase, rd.Response[0], "the response is not known when a request is decided")
	}
	switch {
	case s.route.Public && len(rd.Identity) > 0:
		s.diags.Add(diag.WrongPhase, rd.Identity[0], "identity is not known here: %s", s.nobody()).Helpf("%s", s.somebody())
	case s.route.Optional:
		var guard *celfront.Expr
		if when != nil {
			guard = when.Root
		}
		s.anonymous(x.Root, guard, inLimit)
	}
	s.anchors(x.Root)
	s.warnings(x.Root)
	s.mayFail(x, l.OnError, inHeader)
	return x
}

// keyPart refuses what is no part of a key: what has no one way to be written,
// and what is always empty.
func (s *scope) keyPart(x *celfront.Checked, e *ast.Expr) {
	t := bare(x.Type)
	switch t.Kind {
	case types.String, types.Bytes, types.Int, types.Uint, types.Double, types.Bool, types.Timestamp, types.Duration:
	default:
		s.diags.Add(diag.BadKey, e.Span(), "a limit cannot count by a value of type %s", x.Type).
			Helpf("key takes strings, bytes, numbers, truth values, times and durations, and optional ones; several with commas between them")
		return
	}
	switch v, _ := x.Constant(); v := v.(type) {
	case string:
		if v == "" {
			s.emptyKey(e)
		}
	case []byte:
		if len(v) == 0 {
			s.emptyKey(e)
		}
	}
}

func (s *scope) emptyKey(e *ast.Expr) {
	s.diags.Add(diag.BadKey, e.Span(), "this part of the key is always empty: every request would be refused").
		Helpf(`key "all" counts all requests together`)
}

// keySubject refuses a key with a subject that two auths may have given out,
// unless another part says which of them it was.
func (s *scope) keySubject(parts []*celfront.Checked) {
	for _, x := range parts {
		method := false
		x.Root.Walk(func(n *celfront.Expr) bool {
			_, told := s.identifies(n)
			method = method || told
			return true
		})
		if method {
			return
		}
	}
	for _, x := range parts {
		s.subject(x.Root)
	}
}

// clientKey warns where whoever sends a request chooses its bucket, and nobody
// has authenticated the request yet.
func (s *scope) clientKey(l *resolve.LimitRule, all []*celfront.Checked) {
	client, other := 0, 0
	for i, x := range all {
		if x == nil {
			continue
		}
		rd := s.read(x.Root)
		if len(rd.Identity) > 0 {
			return // what it says is known to be true by then
		}
		if i < len(l.Key) {
			client += len(rd.Client)
			other += len(rd.Other)
		}
	}
	if client > 0 && other == 0 {
		s.diags.Add(diag.ClientKey, l.Key[0].Span().To(l.Key[len(l.Key)-1].Span()), "whoever sends the request chooses the key: a new one each time is never limited").
			Helpf("key source.net, or identity.id where the route has an auth")
	}
}

// constantCost refuses a cost that no bucket can have.
func (s *scope) constantCost(l *resolve.Limit, cost *celfront.Checked) {
	n, ok := constantInt(cost)
	if !ok || l.Concurrency != 0 {
		return
	}
	most := l.Burst
	if most == 0 {
		most = max(l.Count, l.AtMost)
	}
	if n < 0 || n > most {
		s.diags.Add(diag.BadCost, cost.Root.Span, "a cost of %d lies outside 0 to %d, what a bucket holds: every request would be refused", n, most).
			Helpf("cost %d", min(max(n, 0), most))
	}
}

func constantInt(x *celfront.Checked) (int64, bool) {
	if x == nil {
		return 0, false
	}
	v, _ := x.Constant()
	n, ok := v.(int64)
	return n, ok
}
