package scenario

import (
	"fmt"
	"slices"
	"strings"

	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/ast"
)

// choose checks a choose: chance takes only what a split offers.
func (c *checker) choose(s *ast.Choose) {
	var offered []string
	for _, r := range c.b.Routes {
		if f := r.Forward; f != nil {
			for _, share := range f.Split {
				if share.Percent > 0 {
					offered = append(offered, share.Cluster)
				}
			}
		}
	}
	if !slices.Contains(offered, s.Cluster.Value) {
		d := c.bad(s.Span(), "no route splits its requests so that some go to %q", s.Cluster.Value)
		if len(offered) > 0 {
			slices.Sort(offered)
			d.Helpf("choose %s", `"`+strings.Join(slices.Compact(offered), `", or "`)+`"`)
		}
	}
}

// Chooser is an executor that does as Request.Choose says.
type Chooser interface{ Chooses() }

// maxChances is how often a request is sent in the hope for a cluster of a
// split: one that gets a percent is missed by all of them once in 10^13 times.
const maxChances = 3000

// chance sends a request. Where the executor cannot steer chance, as with a
// library in a host, which must have no door for tests, it does so until chance
// agrees.
func (r *run) chance(x Executor, request Request) (Outcome, error) {
	if _, ok := x.(Chooser); ok || request.Choose == "" {
		return x.Send(r.b.Name, copied(request))
	}
	if len(r.b.Limits) > 0 {
		r.skip(x.Name() + " cannot choose a cluster without sending the request more often than the test says, and limits would count each")
		return Outcome{}, nil
	}
	for n := 0; ; n++ {
		o, err := x.Send(r.b.Name, copied(request))
		if err != nil || !o.Forward || o.Cluster == request.Choose || !r.alternative(o.Cluster, request.Choose) {
			return o, err
		}
		if n == maxChances {
			return o, fmt.Errorf("chance did not choose %s in %d requests", request.Choose, n)
		}
	}
}

// alternative reports whether a request that went to one cluster of a split
// could have gone to another by chance. One that sticks to its cluster could
// not, which is not seen from here: before such a request a test chooses the
// cluster that it sticks to.
func (r *run) alternative(got, want string) bool {
	for _, route := range r.b.Routes {
		f := route.Forward
		if f == nil {
			continue
		}
		in := func(name string) bool {
			return slices.ContainsFunc(f.Split, func(s resolve.Share) bool { return s.Cluster == name && s.Percent > 0 })
		}
		if in(got) && in(want) {
			return true
		}
	}
	return false
}

// fates are the names by which a route's forward, redirect and rewrite answer.
func fates(r *resolve.Route) []string {
	var names []string
	if r.Forward != nil && !r.Forward.Plain() {
		names = append(names, r.Forward.Name)
	}
	if r.Redirect != nil {
		names = append(names, r.Redirect.Name)
	}
	if r.RewritePath != nil {
		names = append(names, r.RewritePath.Name)
	}
	return names
}
