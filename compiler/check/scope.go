package check

import (
	"moec.dev/moec/compiler/resolve"
)

// scopeRules checks the rules of a scope as those of a route that is all routes
// which it covers: what may be read must be known on each of them.
func (c *checker) scopeRules(o *resolve.Scope) {
	c.block(&scope{checker: c, route: &o.Route, over: o, partial: map[string]bool{}})
}

// blocks are all that hold rules: the routes, and the scopes as routes.
func (c *checker) blocks() []*resolve.Route {
	all := append([]*resolve.Route{}, c.Routes...)
	for _, o := range c.Scopes {
		all = append(all, &o.Route)
	}
	return all
}

func (s *scope) title() string {
	if s.over != nil {
		return "scope " + s.route.Name
	}
	return "route " + s.route.Name
}

// nobody says why identity is not known in a block that is public.
func (s *scope) nobody() string {
	if s.over != nil {
		return s.over.Unauthenticated()
	}
	return "route " + s.route.Name + " is public: nobody is authenticated"
}

// somebody says what would make it known.
func (s *scope) somebody() string {
	if s.over != nil {
		return "scope " + s.route.Name + " on authenticated"
	}
	return "let the route say auth NAME, or auth optional NAME"
}
