package lower

import (
	"strconv"
	"strings"
	"time"

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/types"
)

// fate says where the requests of a route go.
func (l *lowerer) fate(x *expression, r *resolve.Route, o *ir.Route) {
	if r.Respond != nil {
		body := r.Respond.Body
		if !body.Set { // the bundle's own for this status, if it has one
			body = l.check.Replies[r.Respond.Status]
		}
		o.Respond = &ir.Answer{Status: r.Respond.Status, Body: body.Text, JSON: body.JSON, HasBody: body.Set}
	}
	if d := r.Redirect; d != nil {
		o.Redirect = &ir.Target{Rule: plain(d.Rule), Status: d.Status, Value: x.of(d.Expr), HTTPS: d.HTTPS}
		x.target(o.Redirect, d.Target)
	}
	if w := r.RewritePath; w != nil {
		o.RewritePath = &ir.Target{Rule: plain(w.Rule), Value: x.of(w.Expr)}
		x.target(o.RewritePath, w.Target)
	}
	if w := r.RewriteHost; w != nil {
		o.RewriteHost = &ir.Target{Rule: plain(w.Rule)}
		x.target(o.RewriteHost, w.Target)
	}
	switch f := r.Forward; {
	case f == nil:
	case f.Plain():
		o.Cluster = f.Cluster
	default:
		o.Forward = x.forward(f)
	}
	o.Delivery = delivery(r)
}

func plain(r resolve.Rule) ir.Rule {
	return ir.Rule{Name: r.Name, Span: r.Span, Comment: comment(r.Span)}
}

func (x *expression) target(to *ir.Target, t *resolve.Target) {
	if t == nil {
		return
	}
	part := func(p resolve.TargetPart) ir.Part {
		out := ir.Part{Text: p.Text, In: string(p.In)}
		if p.Capture != "" {
			out.Value = &ir.Expr{Op: "capture", Type: types.StringType, Index: slot(&x.route.Captures, p.Capture), Name: p.Capture, Span: to.Span}
		}
		return out
	}
	to.Parts = []ir.Part{}
	for _, p := range t.Parts {
		to.Parts = append(to.Parts, part(p))
	}
	if t.HasFragment {
		to.Fragment = []ir.Part{{Text: "#", In: string(resolve.InTheQuery)}}
	}
	for _, p := range t.Fragment {
		to.Fragment = append(to.Fragment, part(p))
	}
}

func (x *expression) forward(f *resolve.Forward) *ir.Forward {
	o := &ir.Forward{Rule: plain(f.Rule), Cluster: f.Cluster}
	for _, k := range f.Cases {
		o.Cases = append(o.Cases, ir.Case{When: x.of(k.When), Cluster: k.Cluster})
	}
	if f.Choice != nil {
		o.Choice = &ir.Choice{Value: x.of(f.Choice), Among: f.Among, Else: f.Else}
	}
	if f.Split != nil {
		o.Split = &ir.Split{Sticky: x.of(f.Sticky)}
		for _, s := range f.Split {
			if s.Percent > 0 {
				o.Split.Shares = append(o.Split.Shares, ir.Share{Cluster: s.Cluster, Percent: s.Percent})
			}
		}
	}
	return o
}

// delivery writes timeout and retry as the headers by which Envoy's router is
// told of them; a client's own are removed from every request.
func delivery(r *resolve.Route) *ir.Delivery {
	if r.Timeout == nil && r.Retry == nil {
		return nil
	}
	o := &ir.Delivery{}
	ms := func(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
	if r.Timeout != nil {
		o.Always = append(o.Always, ir.Constant{Name: "x-envoy-upstream-rq-timeout-ms", Value: ms(r.Timeout.After)})
	}
	t := r.Retry
	if t == nil {
		return o
	}
	add := func(name, value string) { o.Retry = append(o.Retry, ir.Constant{Name: name, Value: value}) }
	add("x-envoy-max-retries", strconv.Itoa(t.Count))
	on := append([]string{}, t.On...)
	if len(t.Statuses) > 0 {
		on = append(on, "retriable-status-codes")
		add("x-envoy-retriable-status-codes", strings.Join(t.Statuses, ","))
	}
	if len(on) > 0 {
		add("x-envoy-retry-on", strings.Join(on, ","))
	}
	if len(t.GRPC) > 0 {
		add("x-envoy-retry-grpc-on", strings.Join(t.GRPC, ","))
	}
	if t.PerTry > 0 {
		add("x-envoy-upstream-rq-per-try-timeout-ms", ms(t.PerTry))
	}
	if t.Methods != nil {
		for _, m := range t.Methods {
			o.Methods = append(o.Methods, m)
			if m == "GET" {
				o.Methods = append(o.Methods, "HEAD")
			}
		}
	}
	return o
}
