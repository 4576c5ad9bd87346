package envoyconf

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// bypasses finds ways to the clusters of the bundle on which it decides
// nothing: connection managers without its filter, and proxies below HTTP. They
// may be meant, and nobody but the reader knows.
func (a *audit) bypasses() {
	say := func(at *yaml.Node, cluster string) {
		a.say(at, false, "take the route out, or give its connection manager the filter", "requests go to cluster %s here without bundle %s", cluster, a.needs.Bundle)
	}
	a.each(func(n *yaml.Node) {
		if strings.HasSuffix(value(get(n, "@type")), ".TcpProxy") {
			for _, at := range targets(n) {
				if slices.Contains(a.needs.Forwards, at.Value) {
					say(at, at.Value)
				}
			}
		}
		// A manager's routes are its own; those of other bundles are theirs.
		if get(n, "route_config") == nil || slices.ContainsFunc(list(get(n, "http_filters")), a.decides) {
			return
		}
		for _, host := range list(get(n, "route_config", "virtual_hosts")) {
			for _, route := range list(get(host, "routes")) {
				action := get(route, "route")
				for _, at := range targets(action) {
					if slices.Contains(a.needs.Forwards, at.Value) {
						say(at, at.Value)
					}
				}
				if at := get(action, "cluster_header"); at != nil && len(a.needs.Forwards) > 0 {
					a.say(at, false, "name the cluster, or give the connection manager the filter",
						"whoever sends %s chooses any cluster here, those of bundle %s too", at.Value, a.needs.Bundle)
				}
			}
		}
	})
}

// decides reports whether a filter is the bundle, or another that is compared
// with the same configuration.
func (a *audit) decides(filter *yaml.Node) bool {
	c := get(filter, "typed_config")
	return a.ours(filter) || strings.HasSuffix(value(get(c, "@type")), ".DynamicModuleFilter") && slices.Contains(a.needs.Beside, value(get(c, "filter_name")))
}

// targets are the names of clusters in an action of a route or a proxy.
func targets(action *yaml.Node) []*yaml.Node {
	var out []*yaml.Node
	if c := get(action, "cluster"); c != nil {
		out = append(out, c)
	}
	for _, c := range list(get(action, "weighted_clusters", "clusters")) {
		if n := get(c, "name"); n != nil {
			out = append(out, n)
		}
	}
	return out
}

// position looks at the bundle's place in its chain of filters.
func (a *audit) position(filters []*yaml.Node) {
	routed := false
	for _, f := range filters {
		if a.ours(f) && routed {
			a.say(f, true, "put it before envoy.filters.http.router", "the filter stands behind the router, where no request comes: bundle %s decides nothing", a.needs.Bundle)
		}
		routed = routed || strings.HasSuffix(value(get(f, "typed_config", "@type")), ".router.v3.Router") || value(get(f, "name")) == "envoy.filters.http.router"
	}
}
