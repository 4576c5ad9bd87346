package interp

import (
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/ast"

	"cel.dev/cel-go/common/types/ref"
)

// decision is one request on its way through the order that the language
// lays down. What expressions read of it is in view.go.
type decision struct {
	bundle *bundle
	sent   scenario.Request

	headers  []scenario.Header // the incoming ones that may be read
	host     string
	raw      string         // the path as it was sent
	method   string         // as which the request is matched
	early    bool           // answered before anything is matched
	entered  bool           // the blocks are known
	route    *resolve.Route // nil until one is chosen
	tried    *resolve.Route // whose expressions are evaluated
	captures map[string]string
	identity *identity          // nil before authentication
	response *scenario.Response // what response rules see
	lets     map[string]ref.Val // values of lets, while the facts stay
	log      *log
	unread   bool           // it is not canonical: nothing of it is known
	blocks   []held         // the route and the scopes whose rules hold
	shadows  []string       // the rules in shadow that would have changed the outcome
	ends     *[]func()      // what the end of the request gives back
	said     []announcement // of its limits
}

// answer is a reply of our own.
type answer struct {
	status  int
	by      string
	body    resolve.Body
	silent  bool // no body unless one was written
	cors    bool // its headers say what pages may read
	headers []scenario.Header
}

func refusal(status int, by string) *answer { return &answer{status: status, by: by} }

// decide takes the steps in order; the first that has an answer ends them.
func (d *decision) decide() scenario.Outcome {
	d.headers = without(d.sent.Headers, func(name string) bool { return untrusted(name, d.bundle.Owned) })
	d.host = canonicalHost(d.sent.Authority)
	d.raw = d.sent.Path
	if d.bundle.Normalize {
		d.sent.Path = normalized(d.sent.Path)
	}
	reason := canonicalReason(d.sent, d.headers, d.bundle.reads)
	d.log.canonical(d, reason)
	d.method = d.sent.Method
	if reason != "" {
		d.unrouted()
		return d.reply(refusal(400, d.bundle.Name+".canonical"))
	}
	if a := d.preflight(); a != nil {
		return d.reply(a)
	}
	if a := d.chooseRoute(); a != nil {
		return d.reply(d.stray(a))
	}
	if d.route == nil {
		if a := d.stray(nil); a != nil {
			return d.reply(a)
		}
		return d.unmatched()
	}
	for _, step := range []func() *answer{
		d.enter,
		func() *answer { return d.deny(false) },
		func() *answer { return d.limit(false) },
		d.logIn,
		func() *answer { return d.deny(true) },
		d.allow,
		func() *answer { return d.limit(true) },
		d.respond,
		d.redirect,
		func() *answer { return d.declared(d.route) },
	} {
		if a := step(); a != nil {
			return d.reply(a)
		}
	}
	forwarded, cluster, a := d.onward()
	if a == nil {
		a = d.arrived(d.route)
	}
	if a != nil {
		return d.reply(a)
	}
	return d.passed(scenario.Outcome{
		Forward: true,
		Cluster: cluster,
		By:      d.route.FullName,
		Request: forwarded,
	})
}

// chooseRoute sets the route, or answers 404, 405 or a failed condition. It
// does neither when no route matches and the host's own route is to decide.
func (d *decision) chooseRoute() *answer {
	for _, group := range groups(entriesFor(d.bundle.Routes, d.host, pathOf(d.sent.Path))) {
		var candidates []*resolve.Match
		for _, e := range group {
			d.tried, d.captures, d.lets = e.route, e.captures, nil
			if e.route.When != nil {
				holds, err := d.holds(e.route.When)
				if err != nil {
					return refusal(500, e.route.FullName+".when")
				}
				if !holds {
					d.log.candidate(d, e, "when")
					continue
				}
			}
			if takes(e.match, d.method) {
				d.route = e.route
				d.log.candidate(d, e, "taken")
				return nil
			}
			d.log.candidate(d, e, "method")
			candidates = append(candidates, e.match)
		}
		if len(candidates) > 0 {
			a := refusal(405, d.bundle.Name+".method")
			a.headers = []scenario.Header{{Name: "allow", Value: allowed(candidates)}}
			return a
		}
	}
	if d.bundle.Unmatched == 0 {
		return nil
	}
	return refusal(d.bundle.Unmatched, d.bundle.Name+".unmatched")
}

// deny tries the denials that need identity, or those that do not.
func (d *decision) deny(identity bool) *answer {
	for _, block := range d.blocks {
		d.captures = block.captures
		for _, rule := range block.Denies {
			if d.bundle.needsIdentity(rule.When) != identity {
				continue
			}
			// A denial that cannot be evaluated denies.
			if holds, err := d.holds(rule.When); holds || err != nil {
				if rule.Shadow {
					d.shadows = append(d.shadows, rule.Name)
					continue
				}
				return &answer{status: rule.Status, by: rule.Name, body: rule.Body}
			}
		}
	}
	return nil
}

// allow wants an allow of every block that has some.
func (d *decision) allow() *answer {
	for _, block := range d.blocks {
		d.captures = block.captures
		for _, group := range resolve.Groups(block.Allows) {
			if a := d.oneOf(group); a != nil {
				return a
			}
		}
	}
	return nil
}

// oneOf wants one of the allows of a block. Those in shadow are tried where the
// others refuse, and change nothing.
func (d *decision) oneOf(group *resolve.Group) *answer {
	for _, rule := range group.Allows {
		holds, err := d.holds(rule.When)
		switch {
		case err != nil && rule.OnError == "skip":
		case err != nil:
			return refusal(403, rule.Name)
		case holds:
			return nil
		}
	}
	for _, rule := range group.Shadows {
		if holds, err := d.holds(rule.When); err == nil && holds {
			d.shadows = append(d.shadows, rule.Name)
		}
	}
	return refusal(403, group.Refusal)
}

func (d *decision) respond() *answer {
	r := d.route.Respond
	if r == nil {
		return nil
	}
	return &answer{status: r.Status, by: d.route.FullName + ".respond", body: r.Body, silent: true}
}

// withoutCredentials takes the credentials of every auth of the bundle off the
// request, also on routes that do not ask for them.
func (d *decision) withoutCredentials() (headers []scenario.Header, path string) {
	headers, path = d.headers, d.sent.Path
	if d.route != nil && d.route.ForwardCredential {
		return headers, path
	}
	for _, a := range d.bundle.Auths {
		switch a.Place {
		case resolve.InHeader:
			headers = without(headers, named(a.Field))
		case resolve.InQuery:
			path = withoutParameters(path, a.Field)
		case resolve.InCookie:
			headers = withoutCookie(headers, a.Field)
		}
	}
	return headers, path
}

// holds evaluates a condition.
func (d *decision) holds(e *ast.Expr) (bool, error) {
	v, err := d.eval(e, nil)
	if err != nil {
		return false, err
	}
	return boolean(v)
}
