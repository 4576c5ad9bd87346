package envoyconf

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// routes looks for the ways to the clusters that the bundle names, and for
// Envoy's own, in each virtual host: a request sees the routes of one only.
func (a *audit) routes(n *yaml.Node) {
	config := get(n, "route_config")
	if config == nil {
		return // served by somebody else: nothing is known of it
	}
	own, removed := false, removesHeader(config)
	var without []*yaml.Node // virtual hosts that have no way by the header
	byHeader := false
	for _, host := range list(get(config, "virtual_hosts")) {
		if get(host, "matcher") != nil {
			byHeader = true // a tree of matchers is not looked into
			continue
		}
		removed = removed || removesHeader(host)
		found := a.virtualHost(host)
		own = own || found.own
		removed = removed || found.removed
		byHeader = byHeader || found.byHeader
		if !found.byHeader {
			without = append(without, host)
		}
	}
	if len(a.needs.Forwards) > 0 {
		help := "route: { cluster_header: " + ClusterHeader + " }"
		switch {
		case !byHeader:
			a.say(config, true, help, "no route goes where bundle %s forwards to", a.needs.Bundle)
		case !removed:
			a.say(config, false, "request_headers_to_remove: [\""+ClusterHeader+"\"]", "upstreams are told the name of their cluster")
		}
		for _, host := range without {
			if byHeader {
				a.say(host, true, help, "no route of this virtual host goes where bundle %s forwards to", a.needs.Bundle)
			}
		}
	}
	if a.needs.OwnRoute && !own {
		a.say(config, true, "route: { cluster: NAME }", "bundle %s leaves requests to Envoy's own routes, and there are none", a.needs.Bundle)
	}
}

func removesHeader(n *yaml.Node) bool {
	return slices.ContainsFunc(list(get(n, "request_headers_to_remove")), func(h *yaml.Node) bool { return strings.EqualFold(h.Value, ClusterHeader) })
}

// ways are what the routes of a virtual host have.
type ways struct{ byHeader, own, removed bool }

func (a *audit) virtualHost(host *yaml.Node) ways {
	var w ways
	var before []*yaml.Node // routes that stand before the first by the header
	var narrow *yaml.Node
	whole := false
	for _, route := range list(get(host, "routes")) {
		w.removed = w.removed || removesHeader(route)
		if value(get(route, "route", "cluster_header")) != ClusterHeader {
			w.own = true
			if !w.byHeader && asksForHeader(route) != forNone {
				before = append(before, route)
			}
			continue
		}
		w.byHeader = true
		a.headerRoute(route)
		if takesAll(get(route, "match")) {
			whole = true
		} else if narrow == nil {
			narrow = route
		}
	}
	if !w.byHeader || len(a.needs.Forwards) == 0 {
		return w
	}
	for _, route := range before {
		what := "sends elsewhere"
		if get(route, "direct_response") != nil || get(route, "redirect") != nil {
			what = "answers"
		}
		a.say(route, takesAll(get(route, "match")), "put it behind the route by "+ClusterHeader,
			"this route %s what bundle %s forwards: it stands before the route by %s", what, a.needs.Bundle, ClusterHeader)
	}
	if !whole && narrow != nil {
		a.say(narrow, false, `match: { prefix: "/" }`, "requests that bundle %s forwards and that this route does not match have no way", a.needs.Bundle)
	}
	return w
}

// headerRoute looks at a route by the header.
func (a *audit) headerRoute(route *yaml.Node) {
	present := "headers: [{ name: " + ClusterHeader + ", present_match: true }]"
	switch how := asksForHeader(route); {
	case how == forAny && a.needs.OwnRoute:
		a.say(route, true, "match: { ..., "+present+" }",
			"this route takes the requests for which bundle %s names no cluster, too, and has none for them", a.needs.Bundle)
	case how == forNone:
		a.say(route, true, present, "this route takes only requests for which bundle %s names no cluster", a.needs.Bundle)
	case how == forSome:
		a.say(route, true, present, "this route takes requests for some of the clusters of bundle %s only", a.needs.Bundle)
	}
	for _, k := range []string{"prefix_rewrite", "regex_rewrite", "path_rewrite", "path_rewrite_policy"} {
		if v := get(route, "route", k); v != nil {
			a.say(v, true, "remove "+k+", and say in the policy: rewrite path \"...\"",
				"Envoy rewrites the path behind bundle %s: upstreams receive another one than was decided on", a.needs.Bundle)
		}
	}
}

// What a route's match asks of the cluster header.
const (
	forAny     = iota // nothing
	forPresent        // that it is there
	forSome           // a value
	forNone           // that it is not there, or has not a value
)

func asksForHeader(route *yaml.Node) int {
	asks := forAny
	for _, h := range list(get(route, "match", "headers")) {
		if !strings.EqualFold(value(get(h, "name")), ClusterHeader) {
			continue
		}
		how, inverted := forPresent, value(get(h, "invert_match")) == "true"
		for i := 0; i+1 < len(h.Content); i += 2 {
			switch k := h.Content[i].Value; k {
			case "name", "invert_match", "treat_missing_header_as_empty":
			case "present_match":
				if value(h.Content[i+1]) == "false" {
					how = forNone
				}
			default:
				how = forSome
			}
		}
		switch {
		case inverted && how == forNone:
			how = forPresent
		case inverted:
			how = forNone
		}
		asks = max(asks, how)
	}
	return asks
}

// takesAll reports whether a match takes every request, whatever it asks of the
// cluster header.
func takesAll(match *yaml.Node) bool {
	if match == nil || match.Kind != yaml.MappingNode {
		return false
	}
	for i := 0; i+1 < len(match.Content); i += 2 {
		v := bare(match.Content[i+1])
		switch match.Content[i].Value {
		case "prefix":
			if v.Value != "/" && v.Value != "" {
				return false
			}
		case "safe_regex":
			if r := value(get(v, "regex")); r != ".*" && r != "/.*" {
				return false
			}
		case "headers":
			for _, h := range list(v) {
				if !strings.EqualFold(value(get(h, "name")), ClusterHeader) {
					return false
				}
			}
		case "case_sensitive":
		default:
			return false
		}
	}
	return true
}
