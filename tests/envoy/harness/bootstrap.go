package harness

import (
	"encoding/json"
	"slices"

	"moec.dev/moec/compiler/envoyconf"
)

// Listener is one listener of a test's Envoy: a chain of filters in front of a
// router that goes where the chosen cluster's header says.
type Listener struct {
	Name    string
	Filters []Filter
	// PerRoute is put into the route for the first filter, if not nil.
	PerRoute map[string]any
}

// Filter is one filter of ours in a chain.
type Filter struct {
	Library string // absolute path
	Bundle  string
	// Settings is the text of filter_config.
	Settings string
}

// OwnCluster is where Envoy's own route sends the requests for which a bundle
// leaves the choice to it.
const OwnCluster = "own"

// Bootstrap writes the configuration of a test's Envoy. Unlike what moec
// config writes it lets every oddity through to the filter, takes the client's
// address from a PROXY line, and sends all clusters to one upstream.
func Bootstrap(listeners []Listener, clusters []string, upstreamPort int) []byte {
	var all []any
	for _, l := range listeners {
		all = append(all, l.config())
	}
	return text(object{
		"admin":            object{"address": socket(0)},
		"static_resources": object{"listeners": all, "clusters": upstreams(clusters, upstreamPort)},
	})
}

// Watching is Bootstrap for an Envoy that takes its listeners from a file, which
// has to be there; see Listeners.
func Watching(file string, clusters []string, upstreamPort int) []byte {
	return text(object{
		"admin": object{"address": socket(0)},
		"node":  object{"id": "test", "cluster": "test"},
		"dynamic_resources": object{"lds_config": object{"resource_api_version": "V3",
			"path_config_source": object{"path": file}}},
		"static_resources": object{"clusters": upstreams(clusters, upstreamPort)},
	})
}

// Listeners is what stands in the file of an Envoy that watches one. Another
// prefix makes the configurations of all filters new.
func Listeners(prefix string, listeners ...Listener) []byte {
	var all []any
	for _, l := range listeners {
		c := l.config()
		c["@type"] = "type.googleapis.com/envoy.config.listener.v3.Listener"
		hcm := c["filter_chains"].([]any)[0].(object)["filters"].([]any)[0].(object)["typed_config"].(object)
		hcm["stat_prefix"] = prefix
		all = append(all, c)
	}
	return text(object{"resources": all})
}

func upstreams(clusters []string, upstreamPort int) []any {
	var ups []any
	if !slices.Contains(clusters, OwnCluster) {
		clusters = append(slices.Clone(clusters), OwnCluster)
	}
	for _, name := range clusters {
		ups = append(ups, object{
			"name": name, "type": "STATIC", "connect_timeout": "5s",
			"load_assignment": object{"cluster_name": name, "endpoints": []any{object{"lb_endpoints": []any{
				object{"endpoint": object{"address": socket(upstreamPort)}}}}}},
		})
	}
	return ups
}

func text(config object) []byte {
	text, err := json.MarshalIndent(config, "", " ")
	if err != nil {
		panic(err) // only maps, lists and strings go in
	}
	return text
}

type object = map[string]any

func socket(port int) object {
	return object{"socket_address": object{"address": "127.0.0.1", "port_value": port}}
}

func (l Listener) config() object {
	var filters []any
	for i, f := range l.Filters {
		filters = append(filters, f.config(filterName(i)))
	}
	filters = append(filters, object{"name": "router", "typed_config": object{
		"@type":                  "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router",
		"suppress_envoy_headers": true,
	}})
	route := object{
		"match": object{"prefix": "/", "headers": []any{object{"name": envoyconf.ClusterHeader, "present_match": true}}},
		"route": object{"cluster_header": envoyconf.ClusterHeader, "timeout": "10s"},
	}
	own := object{
		"match": object{"prefix": "/"},
		"route": object{"cluster": OwnCluster, "timeout": "10s"},
	}
	if l.PerRoute != nil {
		route["typed_per_filter_config"] = object{filterName(0): l.PerRoute}
		own["typed_per_filter_config"] = object{filterName(0): l.PerRoute}
	}
	return object{
		"name": l.Name, "address": socket(0),
		"listener_filters": []any{object{"name": "proxy", "typed_config": object{
			"@type":                                 "type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol",
			"allow_requests_without_proxy_protocol": true,
		}}},
		"filter_chains": []any{object{"filters": []any{object{
			"name": "hcm",
			"typed_config": object{
				"@type":       "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
				"stat_prefix": l.Name, "codec_type": "AUTO",
				"use_remote_address": true, "skip_xff_append": true,
				"generate_request_id": false, "preserve_external_request_id": true,
				"server_header_transformation": "PASS_THROUGH",
				"normalize_path":               false, "merge_slashes": false,
				"path_with_escaped_slashes_action": "KEEP_UNCHANGED",
				"http_filters":                     filters,
				"route_config": object{"virtual_hosts": []any{object{
					"name": "all", "domains": []any{"*"}, "routes": []any{route, own},
					"request_headers_to_remove": []any{envoyconf.ClusterHeader},
				}}},
				"access_log": []any{object{"name": "stdout", "typed_config": object{
					"@type":      "type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog",
					"log_format": object{"json_format": logFormat},
				}}},
			},
		}}}},
	}
}

func filterName(i int) string { return string(rune('a' + i)) }

func (f Filter) config(name string) object {
	return object{"name": name, "typed_config": object{
		"@type": "type.googleapis.com/envoy.extensions.filters.http.dynamic_modules.v3.DynamicModuleFilter",
		"dynamic_module_config": object{
			"name": "moec", "do_not_close": true, "metrics_namespace": "moec",
			"module": object{"local": object{"filename": f.Library}},
		},
		"filter_name": f.Bundle,
		"filter_config": object{
			"@type": "type.googleapis.com/google.protobuf.StringValue", "value": f.Settings,
		},
	}}
}
