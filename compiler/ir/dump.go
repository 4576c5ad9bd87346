package ir

import (
	"fmt"
	"io"
	"strings"
	"time"

	"moec.dev/moec/compiler/types"
)

// Dump writes the text form of a bundle. It is stable: the same bundle gives
// the same bytes.
func Dump(w io.Writer, b *Bundle) error {
	d := &dumper{}
	d.line("bundle %s digest %s", b.Name, b.Digest)
	d.line("  unmatched %d, envoy >= %s", b.Unmatched, b.MinEnvoy)
	if b.Normalize {
		d.line("  normalize paths")
	}
	for _, r := range b.Replies {
		d.line("  reply %d json=%v %q", r.Status, r.JSON, r.Body)
	}
	if b.MaxBody >= 0 {
		d.line("  body at most %d", b.MaxBody)
	}
	if b.Decisions != "" {
		d.line("  decisions %s", b.Decisions)
	}
	for i, a := range b.Attributes {
		d.line("  attribute %d = %s (host %d)", i, a.Name, a.Host)
	}
	d.list("header", b.Headers)
	d.list("query", b.Queries)
	d.list("cookie", b.Cookies)
	d.list("list", b.Lists)
	d.list("removed", b.Removed)
	if b.NeedsNow {
		d.line("  now")
	}
	for _, o := range b.Owned {
		d.line("  owned %s", o)
	}
	for i, c := range b.Claims {
		d.line("  claim %d = %s: %s", i, c.Name, c.Type)
	}
	for i, a := range b.Auths {
		d.line("auth %d %s = api_key from %s %q (slot %d), %d keys, reload=%v", i, a.Name, a.Place, a.Field, a.Slot, len(a.Keys), a.Reload)
	}
	for _, l := range b.Lets {
		var ps []string
		for _, p := range l.Params {
			ps = append(ps, p.Name+": "+p.Type.String())
		}
		d.line("let %s(%s): %s = %s", l.Name, strings.Join(ps, ", "), l.Value.Type, l.Value)
	}
	for i, t := range b.Tables {
		d.line("table %d %s: %s = %s from %s %q reload=%v", i, t.Name, t.Type, t.Data, t.Format, t.File, t.Reload)
	}
	for i, l := range b.Limits {
		d.limit(i, l)
	}
	d.cors(b)
	for i, r := range b.Routes {
		d.route(i, r)
	}
	d.scopes(b)
	_, err := io.WriteString(w, d.String())
	return err
}

type dumper struct{ strings.Builder }

func (d *dumper) line(format string, args ...any) { fmt.Fprintf(d, format+"\n", args...) }

func (d *dumper) list(what string, names []string) {
	for i, n := range names {
		d.line("  %s %d = %s", what, i, n)
	}
}

func (d *dumper) route(i int, r *Route) {
	d.line("route %d %s", i, r.FullName)
	for _, p := range r.Patterns {
		methods := "any"
		if p.Methods != nil {
			methods = strings.Join(p.Methods, ",")
		}
		d.line("  match %s host %q %q captures %v", methods, p.Host, p.Template, p.Captures)
	}
	if r.When != nil {
		d.line("  when %s", r.When)
	}
	d.rules("deny-early", r.EarlyDenies)
	d.limits("limit-early", r.EarlyLimits)
	switch {
	case r.Public:
		d.line("  public")
	default:
		d.line("  authenticate any of %v optional=%v", r.Auths, r.Optional)
	}
	d.rules("deny", r.LateDenies)
	d.groups(r.Groups)
	d.limits("limit", r.LateLimits)
	if len(r.Scopes) > 0 {
		d.line("  scopes %v", r.Scopes)
	}
	if r.MaxBody >= 0 {
		d.line("  body at most %d", r.MaxBody)
	}
	d.fate(r)
	d.sharing(r.Sharing)
	d.headers("request", r.Request)
	d.kept(r.Kept)
	d.headers("response", r.Response)
}

func (d *dumper) rules(what string, rules []*Rule) {
	for _, k := range rules {
		answer := ""
		if k.Answer.Status != 0 {
			answer = fmt.Sprintf(" -> %d json=%v %q", k.Answer.Status, k.Answer.JSON, k.Answer.Body)
		}
		if k.Shadow {
			answer += " in shadow"
		}
		if k.OnSkip {
			answer += " on error skip"
		}
		d.line("  %s %d %s when %s%s", what, k.Number, k.Name, k.When, answer)
	}
}

func (d *dumper) headers(what string, rules []*HeaderRule) {
	for _, h := range rules {
		line := fmt.Sprintf("  %s %d %s %q", what, h.Number, h.Op, h.Header)
		if h.Value != nil {
			line += " = " + h.Value.String()
		}
		if h.When != nil {
			line += " when " + h.When.String()
		}
		if h.Scope >= 0 {
			line += fmt.Sprintf(" in scope %d", h.Scope)
		}
		if h.Slot >= 0 {
			line += fmt.Sprintf(" unless header %d", h.Slot)
		}
		if h.OnSkip {
			line += " on error skip"
		}
		d.line("%s", line)
	}
}

// String writes an expression as an s-expression.
func (e *Expr) String() string {
	if e == nil {
		return "true"
	}
	head := string(e.Op)
	switch e.Op {
	case "const":
		return e.constant()
	case "var", "var-lazy":
		return e.Name
	case "header", "header-has", "header-at", "header-optional", "header-values", "query", "cookie",
		"capture", "inside", "kept", "kept-fallible", "attribute", "attribute-ip", "attribute-net", "attribute-int", "attribute-bool":
		return fmt.Sprintf("(%s %d)", head, e.Index)
	}
	if e.Name != "" {
		head += " " + e.Name
	}
	if e.Value != nil {
		head += " " + constant(e.Value)
	}
	for _, n := range e.Vars {
		head += " " + n
	}
	if e.Op == "cast" || e.Op == "none" || (e.Op == "list" || e.Op == "map-literal") && len(e.Args) == 0 {
		head += " " + e.Type.String()
	}
	if e.Of != nil {
		head += " " + e.Of.String()
	}
	for i, a := range e.Args {
		head += " "
		at := i
		if e.Op == "map-literal" {
			at = i / 2
		}
		if at < len(e.Optional) && e.Optional[at] && (e.Op != "map-literal" || i%2 == 0) {
			head += "?"
		}
		head += a.String()
	}
	return "(" + head + ")"
}

// constant writes a constant so that those of different types differ: passes
// take expressions of one text for one.
func (e *Expr) constant() string {
	s := constant(e.Value)
	switch e.Type.Kind {
	case types.Double:
		if !strings.ContainsAny(s, ".eN") {
			s += ".0"
		}
	case types.Bytes:
		s = "b" + s
	case types.TypeOf:
		s = "type " + s
	case types.Null:
		s = "null"
	}
	return s
}

func constant(v any) string {
	switch v := v.(type) {
	case string:
		return fmt.Sprintf("%q", v)
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	case uint64:
		return fmt.Sprintf("%du", v)
	case []string:
		return fmt.Sprintf("%q", v)
	}
	return fmt.Sprint(v)
}
