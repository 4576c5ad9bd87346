package resolve

import (
	"slices"
	"strings"
	"time"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// Redirect is redirect STATUS "..." | = E | https. Exactly one of Target, Expr
// and HTTPS is set.
type Redirect struct {
	Rule   // ROUTE.redirect
	Status int
	Target *Target
	Expr   *ast.Expr
	HTTPS  bool
}

// Rewrite is rewrite path or rewrite host. Exactly one of Target and Expr is
// set.
type Rewrite struct {
	Rule   // ROUTE.rewrite.path
	Target *Target
	Expr   *ast.Expr
}

// Timeout is how long the upstream may take for its whole answer.
type Timeout struct {
	Span  source.Span
	After time.Duration // whole milliseconds
}

// Retry says when a request is sent again.
type Retry struct {
	Span  source.Span
	Count int
	// PerTry bounds each try, in whole milliseconds; 0 leaves it to Timeout.
	PerTry time.Duration
	// On are Envoy's conditions for HTTP, GRPC those for gRPC, Statuses the
	// answers that are tried again.
	On, GRPC, Statuses []string
	// Methods are those of the requests that are tried again; nil means all.
	Methods []string
}

func (b *block) redirect(n *ast.Redirect) {
	b.setEnding(n)
	switch n.Status.Value {
	case 0, 301, 302, 303, 307, 308: // 0: the parser has said so
	default:
		b.diags.Add(diag.BadStatus, n.Status.Span(), "a redirect has status 301, 302, 303, 307 or 308, not %d", n.Status.Value)
	}
	b.fates.redirect = n
	// Captures are resolved when all match lines are known.
	b.route.Redirect = &Redirect{Rule: b.base(n, b.route.FullName+".redirect", nil), Status: int(n.Status.Value), Expr: n.Expr, HTTPS: n.HTTPS}
}

func (b *block) rewrite(n *ast.Rewrite) {
	if n.Part == "host" && n.Expr != nil {
		return // the parser has said so
	}
	if b.single("rewrite "+n.Part, n.Span()) {
		b.fates.rewrites = append(b.fates.rewrites, n)
		b.needsForward(n.Span(), "rewrite")
	}
}

// resolveTargets parses the texts of redirect and rewrite.
func (b *block) resolveTargets() {
	if n := b.fates.redirect; n != nil && n.Target != nil {
		b.route.Redirect.Target = b.target(*n.Target, forRedirect)
	}
	for _, n := range b.fates.rewrites {
		w := &Rewrite{Rule: b.base(n, b.route.FullName+".rewrite."+n.Part, nil), Expr: n.Expr}
		kind := forPath
		if n.Part == "host" {
			kind = forHost
		}
		if n.Target != nil {
			if w.Target = b.target(*n.Target, kind); w.Target == nil {
				continue
			}
		}
		if n.Part == "host" {
			b.route.RewriteHost = w
		} else {
			b.route.RewritePath = w
		}
	}
}

// maxTimeout is what fits Envoy's header with room to spare.
const maxTimeout = 24 * time.Hour

func (b *block) delay(d ast.Duration) time.Duration {
	if d.Value < time.Millisecond || d.Value > maxTimeout || d.Value%time.Millisecond != 0 {
		b.diags.Add(diag.BadDelivery, d.Span(), "Envoy keeps times of whole milliseconds, from 1ms to 24h").Helpf("5s")
	}
	return d.Value
}

func (b *block) timeout(n *ast.Timeout) {
	if b.single("timeout", n.Span()) {
		b.needsForward(n.Span(), "bound")
		b.route.Timeout = &Timeout{Span: n.Span(), After: b.delay(n.After)}
	}
}

// The conditions under which Envoy can send a request again, by the header
// that asks for them.
var (
	retryOn   = []string{"5xx", "connect-failure", "gateway-error", "refused-stream", "reset", "reset-before-request", "retriable-4xx"}
	retryGRPC = []string{"cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable"}
)

func (b *block) retry(n *ast.Retry) {
	if !b.single("retry", n.Span()) {
		return
	}
	b.needsForward(n.Span(), "send again")
	o := &Retry{Span: n.Span(), Count: int(n.Count.Value)}
	if o.Count < 1 || o.Count > 10 {
		b.diags.Add(diag.BadDelivery, n.Count.Span(), "a request is sent again 1 to 10 times, not %d", o.Count)
	}
	if n.PerTry != nil {
		o.PerTry = b.delay(*n.PerTry)
	}
	seen := map[string]bool{}
	for _, t := range n.On {
		if seen[t.Value] {
			b.diags.Add(diag.DuplicateSetting, t.Span(), "%q stands twice", t.Value)
			continue
		}
		seen[t.Value] = true
		switch {
		case slices.Contains(retryOn, t.Value):
			o.On = append(o.On, t.Value)
		case slices.Contains(retryGRPC, t.Value):
			o.GRPC = append(o.GRPC, t.Value)
		case len(t.Value) == 3 && t.Value >= "400" && t.Value <= "599" && strings.Trim(t.Value, "0123456789") == "":
			o.Statuses = append(o.Statuses, t.Value)
		default:
			b.diags.Add(diag.BadDelivery, t.Span(), "%q is nothing after which Envoy sends a request again", t.Value).
				Helpf("a status such as \"503\", %s; for gRPC %s", quotedList(retryOn), quotedList(retryGRPC))
		}
	}
	for _, m := range n.Methods {
		if why := badMethod(m.Text); why != "" {
			b.diags.Add(diag.BadMethod, m.Span(), "%s is not a method that can be sent again: %s", m.Text, why)
			continue
		}
		if slices.Contains(o.Methods, m.Text) {
			b.diags.Add(diag.DuplicateSetting, m.Span(), "%s stands twice", m.Text)
			continue
		}
		o.Methods = append(o.Methods, m.Text)
	}
	b.route.Retry = o
}

func quotedList(names []string) string {
	return `"` + strings.Join(names, `", "`) + `"`
}
