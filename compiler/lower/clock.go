package lower

import (
	"strconv"
	"strings"
	"time"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
)

// zoned lowers the getters of a timestamp in UTC, and those in a zone that is a
// constant.
func (x *expression) zoned(e *celfront.Expr, id string, out *ir.Expr) (*ir.Expr, bool) {
	if !strings.HasPrefix(id, "timestamp_to_") || !strings.HasPrefix(e.Name, "get") {
		return nil, false
	}
	out.Name = e.Name
	if len(out.Args) == 1 {
		out.Op = "get"
		return out, true
	}
	zone, ok := out.Args[1].Value.(string)
	if !ok || out.Args[1].Op != "const" {
		return nil, false
	}
	if !isZone(zone) {
		if x.lenient {
			return nil, false
		}
		x.diags.Add(diag.BadExpression, e.Args[len(e.Args)-1].Span, "%q is no time zone", zone).Helpf(`"Europe/Berlin" or "+01:00"`)
	}
	out.Op, out.Value, out.Args = "get", zone, out.Args[:1]
	if zone == "UTC" || zone == "" {
		out.Value = nil
	}
	return out, true
}

// isZone reports whether cel-go takes a text for a time zone: a name of the IANA
// database, or hours and minutes that are added to UTC.
func isZone(s string) bool {
	hours, minutes, offset := strings.Cut(s, ":")
	if !offset {
		_, err := time.LoadLocation(s)
		return err == nil && s != "Local"
	}
	h, err := strconv.Atoi(hours)
	m, err2 := strconv.Atoi(minutes)
	return err == nil && err2 == nil && h > -24 && h < 24 && m >= 0 && m < 60
}

// timeConstant folds duration("5s") and timestamp("..."); nil for text that is
// known only with the request.
func (x *expression) timeConstant(e *celfront.Expr, out *ir.Expr) *ir.Expr {
	a := out.Args[0]
	s, ok := a.Value.(string)
	if !ok || a.Op != "const" || x.lenient {
		return nil
	}
	c := &ir.Expr{Op: "const", Type: out.Type, Span: e.Span}
	if out.Type.Kind == types.Duration {
		d, err := time.ParseDuration(s)
		if err != nil {
			x.diags.Add(diag.BadExpression, a.Span, "%q is not a duration", s).Helpf(`"1h30m"`)
		}
		c.Value = d
		return c
	}
	t, err := time.Parse(time.RFC3339, s)
	if t = t.UTC(); err != nil {
		x.diags.Add(diag.BadExpression, a.Span, "%q is not a time of RFC 3339", s).Helpf(`"2026-01-01T00:00:00Z"`)
	} else if t.Year() < 1 || t.Year() > 9999 {
		x.diags.Add(diag.BadExpression, a.Span, "%q lies outside the years 1 to 9999", s)
	}
	c.Value = t
	return c
}
