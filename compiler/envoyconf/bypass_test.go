package envoyconf

import (
	"strings"
	"testing"
)

const (
	headerRoute = `              - match: { prefix: "/" }
                route:
                  cluster_header: x-moe-cluster`
	presentRoute = `              - match: { prefix: "/", headers: [{ name: x-moe-cluster, present_match: true }] }`
	routerFilter = `          - name: envoy.filters.http.router
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router`
	chains = `    filter_chains:
    - filters:
`
	// A second manager, whose one route is in %.
	second = chains + `      - name: other
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: other
          http_filters: [FILTER{ name: envoy.filters.http.router }]
          route_config: { virtual_hosts: [{ name: o, domains: ["*"], routes: [{ match: { prefix: "/" }, route: { % } }] }] }
`
	otherBundle = `{ name: x, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.dynamic_modules.v3.DynamicModuleFilter, filter_name: side } }, `
)

// Where requests get past the bundle, or past what it decided, there is a word
// about it; each of these configurations was one that nothing was said of.
func TestAuditFindsBypasses(t *testing.T) {
	manager := func(filter, action string) []string {
		return []string{chains, strings.NewReplacer("FILTER", filter, "%", action).Replace(second) + "    " + strings.TrimPrefix(chains, "    filter_chains:\n    ")}
	}
	beside := func(n *Needs) { n.Beside = []string{"side"} }
	own := func(n *Needs) { n.OwnRoute = true }
	files := func(n *Needs) { n.Files = []string{"a.keys"} }
	configured := func(text string) []string { return []string{`value: "{}"`, "value: '" + text + "'"} }
	inFront := func(route string) []string { return []string{headerRoute, route + "\n" + headerRoute} }
	ownRoutes := func(route string) []string { return []string{presentRoute, route + "\n" + presentRoute} }
	for _, test := range []struct {
		name    string
		changes []string
		needs   func(*Needs)
		want    string // "" for nothing
	}{
		{"second manager", manager("", "cluster: orders"), nil, "loose orders: requests go to cluster orders here without bundle shop"},
		{"second manager, by weight", manager("", "weighted_clusters: { clusters: [{ name: pay, weight: 1 }] }"), nil, "loose pay: without bundle shop"},
		{"second manager, by header", manager("", "cluster_header: x-to"), nil, "loose x-to: whoever sends x-to chooses any cluster"},
		{"second manager to another cluster", manager("", "cluster: statics"), nil, ""},
		{"second manager of another bundle", manager(otherBundle, "cluster: orders"), beside, ""},
		{"second manager of a bundle that nobody names", manager(otherBundle, "cluster: orders"), nil, "loose orders: without bundle shop"},
		{"proxy below HTTP", []string{chains, chains + `      - { name: t, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, cluster: pay } }` + "\n"}, nil, "loose pay: without bundle shop"},
		{"behind the router", []string{"          http_filters:\n", "          http_filters:\n" + routerFilter + "\n"}, nil, "fatal name: stands behind the router"},
		{"optional", []string{"          - name: moe\n            typed_config", "          - name: moe\n            is_optional: true\n            typed_config"}, nil, "fatal true: goes on without bundle shop"},
		{"default route in front", ownRoutes(`              - match: { prefix: "/" }` + "\n" + `                route: { cluster: orders }`), own, "fatal match: sends elsewhere what bundle shop forwards"},
		{"narrow route in front", ownRoutes(`              - match: { prefix: "/old" }` + "\n" + `                route: { cluster: orders }`), own, "loose match: sends elsewhere"},
		{"route for the rest in front", ownRoutes(`              - match: { prefix: "/", headers: [{ name: x-moe-cluster, present_match: false }] }` + "\n" + `                route: { cluster: orders }`), own, ""},
		{"answer in front", inFront(`              - match: { prefix: "/" }` + "\n" + `                direct_response: { status: 200 }`), nil, "fatal match: this route answers"},
		{"virtual host without", []string{`            - name: moe` + "\n" + `              domains: ["*"]`, `            - { name: b, domains: ["b.example"], routes: [{ match: { prefix: "/" }, route: { cluster: orders } }] }` + "\n" + `            - name: moe` + "\n" + `              domains: ["*"]`}, nil,
			"fatal {: no route of this virtual host"},
		{"one cluster only", asking(`{ name: x-moe-cluster, exact_match: orders }`), own, "fatal match: some of the clusters"},
		{"one cluster only, newer", asking(`{ name: x-moe-cluster, string_match: { exact: orders } }`), own, "fatal match: some of the clusters"},
		{"inverted", asking(`{ name: x-moe-cluster, present_match: true, invert_match: true }`), own, "fatal match: only requests for which bundle shop names no cluster"},
		{"twice inverted", asking(`{ name: x-moe-cluster, present_match: false, invert_match: true }`), own, ""},
		{"narrow", []string{headerRoute, strings.Replace(headerRoute, `"/"`, `"/api"`, 1)}, nil, "loose match: have no way"},
		{"rewriting", []string{headerRoute, headerRoute + "\n                  prefix_rewrite: /admin"}, nil, "fatal /admin: another one than was decided on"},

		{"member", configured(`{"dir": "/x"}`), nil, "fatal '{: unknown member"},
		{"no object", configured(`/etc/moe`), nil, "fatal '/: not a JSON object"},
		{"relative root", configured(`{"root": "etc"}`), files, "fatal '{: not the absolute path"},
		{"no root", configured(`{}`), files, `fatal '{: reads the file "a.keys"`},
		{"unknown file", configured(`{"root": "/x", "files": {"b.keys": "/x/y"}}`), files, `fatal '{: "b.keys", which bundle shop does not read`},
		{"relative file", configured(`{"files": {"a.keys": "x/y"}}`), files, "fatal '{: not an absolute path"},
		{"placed", configured(`{"files": {"a.keys": "/x/y"}}`), files, ""},
		{"rooted", configured(`{"root": "/x"}`), files, ""},
		{"no configuration", []string{"              filter_config:\n                \"@type\": type.googleapis.com/google.protobuf.StringValue\n                value: \"{}\"\n", ""}, files, `fatal name: reads the file "a.keys"`},
		{"a tree", []string{"type.googleapis.com/google.protobuf.StringValue\n                value: \"{}\"", "type.googleapis.com/google.protobuf.Struct\n                value: { root: x }"}, files, `fatal "@type": not the absolute path`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, needs := example(), shopNeeds
			if test.needs != nil {
				test.needs(&needs)
			}
			if needs.OwnRoute {
				c.OwnRoute, c.Default = true, "orders"
			}
			text := written(t, c, test.changes...)
			found, err := Audit(text, needs)
			if err != nil {
				t.Fatal(err)
			}
			if test.want == "" {
				if len(found) > 0 {
					t.Errorf("%+v\n%s", found, text)
				}
				return
			}
			if len(found) != 1 {
				t.Fatalf("%d findings: %+v\n%s", len(found), found, text)
			}
			f := found[0]
			mark, words, _ := strings.Cut(test.want, ": ")
			how, under, _ := strings.Cut(mark, " ")
			if f.Fatal != (how == "fatal") || !strings.HasPrefix(string(text[f.Start:]), under) || !strings.Contains(f.Message, words) || f.Help == "" {
				t.Errorf("%.20q: %+v, want %s", text[f.Start:], f, test.want)
			}
		})
	}
}

func asking(header string) []string {
	return []string{presentRoute, `              - match: { prefix: "/", headers: [` + header + `] }`}
}
