package syntax

import (
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

// The grammars take any literal where one of a certain form belongs; here it is
// refused with the form that it should have.

func (c *lowering) badLiteral(t lexer.Token, help, format string, args ...any) {
	c.diags.Add(diag.BadLiteral, c.span(t), format, args...).Helpf("%s", help)
}

// text returns a string literal, decoded.
func (c *lowering) text(t lexer.Token) ast.Text {
	return ast.Text{At: c.at(t), Value: decode(t.Value)}
}

// optionalText returns a string literal, nil when it is not written.
func (c *lowering) optionalText(t lexer.Token) *ast.Text {
	if !written(t) {
		return nil
	}
	x := c.text(t)
	return &x
}

// texts returns the strings of a captured list, its commas left out.
func (c *lowering) texts(ts []lexer.Token) []ast.Text {
	var out []ast.Text
	for _, t := range ts {
		if t.Type == tString {
			out = append(out, c.text(t))
		}
	}
	return out
}

// number returns a whole number; what names it in the message.
func (c *lowering) number(t lexer.Token, what string) ast.Int {
	n := ast.Int{At: c.at(t)}
	v, err := strconv.ParseInt(t.Value, 10, 64)
	if t.Type != tInt || err != nil || len(t.Value) > 1 && t.Value[0] == '0' {
		c.badLiteral(t, "write it in decimal digits, such as 20", "%s is a whole number, which `%s` is not", what, t.Value)
		return n
	}
	n.Value = v
	return n
}

func (c *lowering) optionalNumber(t lexer.Token, what string) *ast.Int {
	if !written(t) {
		return nil
	}
	n := c.number(t, what)
	return &n
}

// status returns an HTTP status.
func (c *lowering) status(t lexer.Token) ast.Int {
	n := ast.Int{At: c.at(t)}
	v, err := strconv.Atoi(t.Value)
	if t.Type != tInt || err != nil || len(t.Value) != 3 || v < 100 || v > 599 {
		c.badLiteral(t, "statuses are such as 200, 403, 503", "`%s` is not an HTTP status: three digits, 100 to 599", t.Value)
		return n
	}
	n.Value = int64(v)
	return n
}

func (c *lowering) optionalStatus(t lexer.Token) *ast.Int {
	if !written(t) {
		return nil
	}
	n := c.status(t)
	return &n
}

// duration returns a literal such as 250ms, 5s or 1h30m.
func (c *lowering) duration(t lexer.Token) ast.Duration {
	d := ast.Duration{At: c.at(t)}
	v, err := time.ParseDuration(t.Value)
	if t.Type == tQuantity && err == nil {
		d.Value = v
		return d
	}
	help := "durations are such as 250ms, 5s, 1h30m"
	if n, ok := strings.CutSuffix(t.Value, "min"); ok && t.Type == tQuantity {
		help = n + "m"
	} else if t.Type == tInt {
		help = "say the unit: " + t.Value + "s"
	}
	c.badLiteral(t, help, "`%s` is not a duration", t.Value)
	return d
}

// isDuration reports whether a literal has the form of a duration.
func isDuration(value string) bool {
	_, err := time.ParseDuration(value)
	return err == nil
}

var sizeUnits = map[string]int64{"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}

// sizeOf returns the bytes that a literal such as 64KiB stands for.
func sizeOf(value string) (int64, bool) {
	i := strings.IndexFunc(value, func(r rune) bool { return r < '0' || r > '9' })
	if i <= 0 {
		return 0, false
	}
	unit := sizeUnits[value[i:]]
	n, err := strconv.ParseInt(value[:i], 10, 64)
	if err != nil || unit == 0 || n > (1<<62)/unit {
		return 0, false
	}
	return n * unit, true
}

func (c *lowering) size(t lexer.Token) ast.Size {
	s := ast.Size{At: c.at(t)}
	n, ok := sizeOf(t.Value)
	if t.Type == tQuantity && ok {
		s.Bytes = n
		return s
	}
	help := "sizes are such as 512B, 64KiB, 10MiB"
	if t.Type == tInt {
		help = "say the unit: " + t.Value + "B or " + t.Value + "KiB"
	} else if n := strings.TrimRight(t.Value, "kKmMgGbB"); t.Type == tQuantity && n != "" && len(n) < len(t.Value) {
		if unit := strings.ToUpper(t.Value[len(n) : len(n)+1]); unit != "B" {
			help = n + unit + "iB"
		}
	}
	c.badLiteral(t, help, "`%s` is not a size", t.Value)
	return s
}

var ratePeriods = map[string]time.Duration{"s": time.Second, "min": time.Minute, "h": time.Hour, "d": 24 * time.Hour}

// rate returns a literal such as 100/min, from its number and its period.
func (c *lowering) rate(count, per lexer.Token) *ast.Rate {
	r := &ast.Rate{At: ast.At{Place: c.span(count).To(c.span(per))}, Count: c.number(count, "the count of a rate").Value}
	r.Per = c.period(per)
	return r
}

// period checks the period of a rate.
func (c *lowering) period(t lexer.Token) time.Duration {
	p := ratePeriods[t.Value]
	if p == 0 {
		help := "rates are such as 50/s, 100/min, 1000/h, 5000/d"
		if t.Value == "m" || t.Value == "minute" {
			help = "min"
		}
		c.badLiteral(t, help, "`%s` is not the period of a rate: s, min, h or d", t.Value)
	}
	return p
}

// percent returns a share such as 10%.
func (c *lowering) percent(t lexer.Token) ast.Int {
	n := ast.Int{At: c.at(t)}
	v, err := strconv.Atoi(strings.TrimSuffix(t.Value, "%"))
	if t.Type != tPercent || err != nil || v > 100 {
		help := "shares are such as 10%"
		if t.Type == tInt {
			help = t.Value + "%"
		}
		c.badLiteral(t, help, "`%s` is not a share of a hundred", t.Value)
		return n
	}
	n.Value = int64(v)
	return n
}
