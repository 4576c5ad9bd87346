package differential

import "math/rand/v2"

// Where a bundle has its cors.allow: two that meet are refused.
const (
	sharesNothing = iota
	sharesRoutes
	sharesScope
)

// importCORS decides where, and writes what it takes.
func (p *policy) importCORS() {
	if p.shares = pick(p.aside, sharesNothing, sharesRoutes, sharesScope); p.shares != sharesNothing {
		p.line("import \"std/cors\"")
	}
}

// cors writes a cors.allow, now and then.
func (p *policy) cors(where int) {
	if p.shares != where || p.aside.IntN(10) >= 6 {
		return
	}
	if where == sharesScope {
		p.shares = sharesNothing // one is enough
	}
	if p.aside.IntN(5) == 0 {
		p.line("  use cors.allow(origins: [\"*\"], methods: [\"*\"], headers: [\"*\"%s])", pick(p.aside, "", ", \"authorization\""))
		return
	}
	p.line("  use cors.allow(origins: [\"https://a.example\"%s], methods: [%s]%s%s%s)", pick(p.aside, "", ", \"https://b.example\""),
		pick(p.aside, `"GET"`, `"GET", "POST"`, `"DELETE", "GET", "PUT"`), pick(p.aside, "", `, headers: ["h1"]`),
		pick(p.aside, "", `, expose: ["x-id"]`), pick(p.aside, "", ", credentials: true", ", max_age: 10m"))
}

// asking makes headers of a request that a page sends, or that a browser asks
// about.
func asking(r *rand.Rand, header func(percent int, name string, values ...string)) {
	header(30, "origin", "https://a.example", "https://b.example", "https://c.example", "null", "*", "")
	header(3, "origin", "https://a.example")
	header(25, "access-control-request-method", "GET", "POST", "PUT", "DELETE", "HEAD", "get", "OPTIONS", "", "X")
	header(10, "access-control-request-headers", "h1", "H1,authorization", "x-a, ,h1", "", ",")
}
