package differential

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"strings"
)

// policy writes one random bundle.
type policy struct {
	*rand.Rand
	text  strings.Builder
	files map[string]string
	auths []auth
	lets  []let
	// matches are the routes' match lines, for requests that hit them.
	matches []match
	// reached are the auths that some route asks for; anonymous says that one
	// does without.
	reached   []auth
	anonymous bool
	tables    bool
	passes    bool // what no route takes goes on
	limiting  bool // some rules are limits
	limited   bool // and there are named ones
	shares    int  // where cors.allow stands
	aside     *rand.Rand

	written, dropped int // lines
}

// match is a match line with the hosts of its route.
type match struct{ methods, template, hosts string }

// auth is an auth of the bundle under construction.
type auth struct {
	name, place, field string
	claims             map[string]string // name to written type
}

// let is a declared let: its type and what reading it needs.
type let struct {
	name     string
	params   []string // types
	result   string
	identity bool
	request  bool
	fails    bool // it may
}

// pick returns one of its arguments.
func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// chance is true n times of a hundred.
func (p *policy) chance(n int) bool { return p.IntN(100) < n }

func (p *policy) line(format string, args ...any) { fmt.Fprintf(&p.text, format+"\n", args...) }

// newPolicy writes the bundle of a seed: its files by name.
func newPolicy(name string, seed uint64) *policy {
	p := &policy{Rand: rand.New(rand.NewPCG(seed, 3)), files: map[string]string{}}
	p.aside = rand.New(rand.NewPCG(seed, 4))
	p.settings(name)
	p.importCORS()
	p.writeAuths()
	p.writeTables()
	p.writeLets()
	p.namedLimits()
	for i := range 1 + p.IntN(6) {
		p.route(i)
	}
	p.scopes()
	p.files["policy.moe"] = p.text.String()
	p.written = strings.Count(p.text.String(), "\n")
	return p
}

func (p *policy) settings(name string) {
	if p.chance(60) {
		return
	}
	p.line("bundle %s {", name)
	if p.aside.IntN(2) == 0 {
		p.line("  paths normalize")
	}
	if p.chance(50) {
		status := pick(p.Rand, "404", "421", "503", "forward")
		p.passes = status == "forward"
		p.line("  unmatched %s", status)
	}
	if p.chance(50) {
		p.line("  reply %d json %q", pick(p.Rand, 400, 403, 404), `{"a":1}`)
	}
	if p.chance(50) {
		p.line("  reply %d %q", pick(p.Rand, 401, 405, 500), "no\n")
	}
	p.line("}")
}

// claimTypes are the claims that an auth may declare. A name has one type in
// all auths, since two are refused; only whether it is optional varies.
var claimTypes = map[string]string{"plan": "string", "level": "int", "big": "uint", "share": "double", "ok": "bool", "tags": "list(string)"}

var claimNames = []string{"plan", "level", "big", "share", "ok", "tags"}

func (p *policy) writeAuths() {
	for _, a := range []auth{{name: "robots", place: "header", field: "x-api-key"}, {name: "links", place: "query", field: "key"}, {name: "apps", place: "cookie", field: "ck"}} {
		if !p.chance(60) {
			continue
		}
		a.claims = map[string]string{}
		var fields []string
		for _, n := range claimNames {
			if p.chance(40) {
				t := claimTypes[n]
				if p.chance(50) {
					t += "?"
				}
				a.claims[n] = t
				fields = append(fields, n+": "+t)
			}
		}
		p.auths = append(p.auths, a)
		p.line("auth %s = api_key {\n  key from %s %q\n  keys from file %q", a.name, a.place, a.field, a.name+".keys")
		if len(fields) > 0 {
			p.line("  claims { %s }", strings.Join(fields, ", "))
		}
		p.line("}")
		p.files[a.name+".keys"] = p.keys(a)
	}
}

// keys writes a file of two keys, good-AUTH-0 and good-AUTH-1.
func (p *policy) keys(a auth) string {
	var out strings.Builder
	for i := range 2 {
		fmt.Fprintf(&out, "sha256:%x s%d", sha256.Sum256(fmt.Appendf(nil, "good-%s-%d", a.name, i)), i)
		if groups := pick(p.Rand, "", "ops", "ops,a"); groups != "" {
			out.WriteString(" " + groups)
		}
		for _, n := range claimNames {
			t, declared := a.claims[n]
			if !declared || strings.HasSuffix(t, "?") && p.chance(50) {
				continue
			}
			fmt.Fprintf(&out, " %s=%s", n, map[string]string{"plan": pick(p.Rand, "gold", "a"), "level": pick(p.Rand, "1", "-7"),
				"big": pick(p.Rand, "0", "7"), "share": pick(p.Rand, "0.5", "2"), "ok": pick(p.Rand, "true", "false"), "tags": pick(p.Rand, "a", "a,b")}[n])
		}
		out.WriteString("\n")
	}
	return out.String()
}

func (p *policy) writeLets() {
	for i := range p.IntN(4) {
		l := let{name: fmt.Sprintf("let%d", i), result: p.someType(), identity: len(p.auths) > 0 && p.chance(40), request: true, fails: p.chance(50)}
		c := &place{policy: p, identity: l.identity, request: true, auths: p.auths, safe: !l.fails}
		params := ""
		if p.chance(40) {
			for k := range 1 + p.IntN(2) {
				t := pick(p.Rand, "string", "int", "list(string)", "bytes", texts)
				l.params = append(l.params, t)
				name := fmt.Sprintf("p%d", k)
				c.vars = append(c.vars, variable{name, t})
				if k > 0 {
					params += ", "
				}
				params += name + ": " + t
			}
			params = "(" + params + ")"
		}
		p.line("let %s%s = %s", l.name, params, c.expr(l.result, 3))
		p.lets = append(p.lets, l)
	}
}
