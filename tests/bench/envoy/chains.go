package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

	"moec.dev/moec/compiler/envoyconf"
)

// chain is one way to put filters between a client and the cluster.
type chain struct {
	name    string
	filters []any // nil: as moec config writes them
	same    bool  // does what front/front.moe says
}

// chains are the rows of the tables. The first is what all others are held
// against, the last the bundle.
func (p *plan) chains() []chain {
	all := []chain{
		{name: "no filter", filters: []any{router()}},
		{name: "C module that does nothing", filters: idleFilter(p.idle)},
	}
	if p.limit {
		all = append(all,
			chain{name: "native, one bucket for all", filters: nativeFilters(together), same: true},
			chain{name: "native", filters: nativeFilters(perClient), same: true})
	} else {
		all = append(all, chain{name: "native", filters: nativeFilters(unlimited), same: true})
	}
	return append(all, chain{name: "moec", same: true})
}

// client is one of those who have a key.
type client struct{ name, key string }

func clients() (all []client) {
	for i := range 100 {
		all = append(all, client{fmt.Sprintf("client-%02d", i), fmt.Sprintf("key-of-client-%02d-6f1c9e2ab7d4", i)})
	}
	return all
}

// writeFront completes the bundle: its keys, and whether it limits.
func (p *plan) writeFront(dir string) error {
	var keys strings.Builder
	for _, c := range clients() {
		fmt.Fprintf(&keys, "sha256:%x %s\n", sha256.Sum256([]byte(c.key)), c.name)
	}
	if err := os.WriteFile(filepath.Join(dir, "clients.keys"), []byte(keys.String()), 0o600); err != nil {
		return err
	}
	if p.limit {
		return nil
	}
	file := filepath.Join(dir, "front.moe")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var without []byte
	for line := range bytes.Lines(text) {
		if !bytes.HasPrefix(line, []byte("  limit ")) {
			without = append(without, line...)
		}
	}
	return os.WriteFile(file, without, 0o600)
}

type object = map[string]any

func extension(name, typ string, config object) object {
	config["@type"] = "type.googleapis.com/envoy.extensions.filters.http." + typ
	return object{"name": name, "typed_config": config}
}

func router() object {
	return extension("router", "router.v3.Router", object{"suppress_envoy_headers": true})
}

// idleFilter is what Envoy asks for any filter of a dynamic module.
func idleFilter(library string) []any {
	return []any{
		extension("idle", "dynamic_modules.v3.DynamicModuleFilter", object{
			"dynamic_module_config": object{"name": "idle", "do_not_close": true, "module": object{"local": object{"filename": library}}},
			"filter_name":           "idle",
		}),
		router(),
	}
}

// bootstrap is what moec config writes, with the filters of the chain and, where
// those are not ours, without what only ours needs. The access log and the
// chores of Envoy's own clocks are left out of all, as they are the same in all
// and only make figures less steady.
func (c chain) bootstrap(library string, port, upstream int) ([]byte, error) {
	text, err := envoyconf.Write(envoyconf.Config{
		Bundle: "front", Library: library, Listen: envoyconf.HostPort{Host: "127.0.0.1", Port: port}, Forwards: []string{"orders"},
		Clusters: []envoyconf.Cluster{{Name: "orders", Endpoint: envoyconf.HostPort{Host: "127.0.0.1", Port: upstream}}},
	})
	if err != nil {
		return nil, err
	}
	var whole object
	if err := yaml.Unmarshal(text, &whole); err != nil {
		return nil, err
	}
	whole["stats_flush_interval"] = "299s"
	patience := object{"miss_timeout": "3600s", "megamiss_timeout": "3600s"}
	whole["watchdogs"] = object{"main_thread_watchdog": patience, "worker_watchdog": patience}
	manager := within(whole, "static_resources", "listeners", 0, "filter_chains", 0, "filters", 0, "typed_config").(object)
	delete(manager, "access_log")
	host := within(manager, "route_config", "virtual_hosts", 0).(object)
	if c.filters != nil {
		manager["http_filters"] = c.filters
		delete(host, "request_headers_to_remove")
		host["routes"] = []any{object{"match": object{"prefix": "/orders/"}, "route": object{"cluster": "orders"}}}
	}
	// A request that is stepped through may take its time.
	manager["request_headers_timeout"] = "600s"
	within(host, "routes", 0, "route").(object)["timeout"] = "600s"
	return yaml.Marshal(whole)
}

// within goes down a tree of objects and lists.
func within(tree any, path ...any) any {
	for _, step := range path {
		switch at := step.(type) {
		case string:
			tree = tree.(object)[at]
		case int:
			tree = tree.([]any)[at]
		}
	}
	return tree
}
