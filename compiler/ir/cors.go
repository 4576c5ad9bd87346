package ir

import "strings"

// CORS is what a cors.allow says. Any stands for *: of origins, of methods, and
// of headers but authorization.
type CORS struct {
	Block       string // full name of the block that has it
	Origins     []string
	AnyOrigin   bool
	Methods     []string
	AnyMethod   bool
	Headers     []string // lower case
	AnyHeader   bool
	Expose      []string
	Credentials bool
	MaxAge      int // seconds; 0 leaves it to the browser
}

// Sharing is a cors.allow that holds on requests of a route.
type Sharing struct {
	CORS int // index into Bundle.CORS
	// Scope is the scope by template on whose requests alone it holds, an index
	// into Bundle.Scopes, or -1.
	Scope int
}

// Join writes names as the fetch standard wants them, after the * that stands
// for all.
func (c *CORS) Join(names []string, any bool) string {
	if any {
		names = append([]string{"*"}, names...)
	}
	return strings.Join(names, ", ")
}

func (d *dumper) cors(b *Bundle) {
	for i, c := range b.CORS {
		d.line("cors %d of %s origins %q any=%v methods %q any=%v headers %q any=%v expose %q credentials=%v max-age %d", i, c.Block,
			c.Origins, c.AnyOrigin, c.Methods, c.AnyMethod, c.Headers, c.AnyHeader, c.Expose, c.Credentials, c.MaxAge)
	}
}

func (d *dumper) sharing(list []Sharing) {
	for _, s := range list {
		if s.Scope >= 0 {
			d.line("  share cors %d in scope %d", s.CORS, s.Scope)
		} else {
			d.line("  share cors %d", s.CORS)
		}
	}
}

// sharing checks that every answer has one cors.allow at most for sure.
func (v *verifier) sharing(list []Sharing, who string) {
	always := 0
	for _, s := range list {
		if s.CORS < 0 || s.CORS >= len(v.b.CORS) || s.Scope < -1 || s.Scope >= len(v.b.Scopes) {
			v.fail("%s: cors %d in scope %d", who, s.CORS, s.Scope)
		}
		if s.Scope < 0 {
			always++
		}
	}
	// INVARIANT: no two hold on one request.
	if always > 1 || always > 0 && len(list) > 1 {
		v.fail("%s has two cors", who)
	}
}

func (v *verifier) cors() {
	for _, c := range v.b.CORS {
		if c.AnyOrigin == (len(c.Origins) > 0) {
			v.fail("cors of %s: origins %q", c.Block, c.Origins)
		}
		if c.Credentials && (c.AnyOrigin || c.AnyMethod || c.AnyHeader) {
			v.fail("cors of %s gives credentials to all", c.Block)
		}
	}
}
