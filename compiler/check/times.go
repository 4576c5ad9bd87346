package check

import (
	"math/big"
	"strconv"
	"strings"
	"time"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
)

var timeRules = map[string]func(f flow, e *celfront.Expr) []failure{
	"getFullYear": flow.zoned, "getMonth": flow.zoned, "getDate": flow.zoned, "getDayOfMonth": flow.zoned, "getDayOfWeek": flow.zoned,
	"getDayOfYear": flow.zoned, "getHours": flow.zoned, "getMinutes": flow.zoned, "getSeconds": flow.zoned, "getMilliseconds": flow.zoned,
}

// zoned: a part of a time is always there; zones are refused with the policy
// where there are none.
func (f flow) zoned(*celfront.Expr) []failure { return nil }

// timeRoom is a condition under which a sum of times stays in the calendar.
func (f flow) timeRoom(e *celfront.Expr) phrase {
	var out phrase
	for _, a := range e.Args {
		t := f.typeOf(a)
		r := f.bounds(a)
		century := big.NewInt(int64(100 * 365 * 24 * time.Hour))
		switch {
		case t.Kind == types.Duration:
			if r.lo.Cmp(new(big.Int).Neg(century)) < 0 {
				out = conjoin(out, a, ` > duration("-876000h")`)
			}
			if r.hi.Cmp(century) > 0 {
				out = conjoin(out, a, ` < duration("876000h")`)
			}
		case t.Kind == types.Timestamp:
			if r.lo.Cmp(seconds(0, 0)) < 0 {
				out = conjoin(out, a, ` > timestamp("1970-01-01T00:00:00Z")`)
			}
			if r.hi.Cmp(seconds(7258118400, 0)) > 0 {
				out = conjoin(out, a, ` < timestamp("2200-01-01T00:00:00Z")`)
			}
		}
	}
	return out
}

// constantTime refuses a written time that is none: it would fail on every
// request.
func (c *checker) constantTime(n *celfront.Expr) {
	if n.Op != celfront.Call || n.Name != "duration" && n.Name != "timestamp" || len(n.Args) != 1 {
		return
	}
	a := n.Args[0]
	if _, ok := a.Value.(string); !ok || a.Op != celfront.Const {
		return
	}
	f := flow{analysis: &analysis{checker: c}, facts: &facts{}}
	if f.converts(n, a, types.String) {
		return
	}
	if n.Name == "duration" {
		c.diags.Add(diag.BadExpression, a.Span, "%s is not a duration", a.Span.Text()).Helpf("a duration is written like %q or %q; there are no days", "36h", "1m30s")
	} else {
		c.diags.Add(diag.BadExpression, a.Span, "%s is not a time", a.Span.Text()).Helpf("a time is written like %q", "2026-01-02T15:04:05Z")
	}
}

// zones checks the time zones of an expression: they are looked up when the
// library is loaded, not for a request.
func (c *checker) zones(e *celfront.Expr) {
	e.Walk(func(n *celfront.Expr) bool {
		if n.Op != celfront.Call || timeRules[n.Name] == nil || len(n.Args) != 2 {
			return true
		}
		zone, ok := n.Args[1].Value.(string)
		if !ok || n.Args[1].Op != celfront.Const {
			c.diags.Add(diag.BadZone, n.Args[1].Span, "a time zone is a constant: it is looked up before any request").Helpf("%q", "Europe/Berlin")
		} else if why := badZone(zone); why != "" {
			c.diags.Add(diag.BadZone, n.Args[1].Span, "%s", why).Helpf("a name such as %q, or a distance from UTC such as %q", "Europe/Berlin", "+01:00")
		}
		return true
	})
}

// badZone says what is wrong with the name of a time zone, or "".
func badZone(zone string) string {
	if hours, minutes, ok := strings.Cut(zone, ":"); ok {
		h, err := strconv.Atoi(hours)
		m, err2 := strconv.Atoi(minutes)
		if err != nil || err2 != nil || h < -23 || h > 23 || m < 0 || m > 59 {
			return strconv.Quote(zone) + " is not a distance from UTC"
		}
		return ""
	}
	if zone == "" || zone == "Local" {
		return strconv.Quote(zone) + " means another time zone on every machine"
	}
	if _, err := time.LoadLocation(zone); err != nil {
		return "there is no time zone " + strconv.Quote(zone)
	}
	return ""
}
