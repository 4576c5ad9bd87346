package protocol

import (
	"encoding/json"

	"moec.dev/moec/compiler/envoyconf"
)

type object = map[string]any

const types = "type.googleapis.com/envoy."

func typed(name string, config object) object {
	config["@type"] = types + name
	return config
}

func socket(port int) object {
	return object{"socket_address": object{"address": "127.0.0.1", "port_value": port}}
}

// cluster is an upstream on a port of this machine.
func cluster(name string, port int, http2 bool) object {
	c := object{
		"name": name, "type": "STATIC", "connect_timeout": "5s",
		"load_assignment": object{"cluster_name": name, "endpoints": []any{object{"lb_endpoints": []any{
			object{"endpoint": object{"address": socket(port)}}}}}},
		// What is measured here is streams, not the patience of circuit breakers.
		"circuit_breakers": object{"thresholds": []any{object{"max_connections": 4096, "max_pending_requests": 4096, "max_requests": 4096, "max_retries": 4096}}},
	}
	version := object{"http_protocol_options": object{"enable_trailers": true}}
	if http2 {
		version = object{"http2_protocol_options": object{}}
	}
	c["typed_extension_protocol_options"] = object{
		"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": typed("extensions.upstreams.http.v3.HttpProtocolOptions", object{"explicit_http_config": version}),
	}
	return c
}

// module is a filter of a bundle of a library.
func module(library, bundle, settings string) object {
	return object{"name": bundle, "typed_config": typed("extensions.filters.http.dynamic_modules.v3.DynamicModuleFilter", object{
		"dynamic_module_config": object{
			"name": "moec", "do_not_close": true, "metrics_namespace": "moec",
			"module": object{"local": object{"filename": library}},
		},
		"filter_name":   bundle,
		"filter_config": object{"@type": "type.googleapis.com/google.protobuf.StringValue", "value": settings},
	})}
}

// abort is a filter of Envoy's that answers 503 to requests with x-abort.
func abort() object {
	return object{"name": "abort", "typed_config": typed("extensions.filters.http.fault.v3.HTTPFault", object{
		"headers": []any{object{"name": "x-abort", "present_match": true}},
		"abort":   object{"http_status": 503, "percentage": object{"numerator": 100}},
	})}
}

// listener has these filters before the router; options go into its
// connection manager.
func listener(name string, options object, filters ...object) object {
	all := make([]any, 0, len(filters)+1)
	for _, f := range filters {
		all = append(all, f)
	}
	all = append(all, object{"name": "router", "typed_config": typed("extensions.filters.http.router.v3.Router", object{"suppress_envoy_headers": true})})
	manager := typed("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager", object{
		"stat_prefix": name, "codec_type": "AUTO", "use_remote_address": true,
		"http_protocol_options":  object{"enable_trailers": true},
		"http2_protocol_options": object{"max_concurrent_streams": 1000, "allow_connect": true},
		"delayed_close_timeout":  "0.05s",
		"upgrade_configs":        []any{object{"upgrade_type": "websocket"}},
		"http_filters":           all,
		"route_config": object{"virtual_hosts": []any{object{
			"name": "all", "domains": []any{"*"}, "request_headers_to_remove": []any{envoyconf.ClusterHeader},
			"routes": []any{
				object{
					"match": object{"prefix": "/", "headers": []any{object{"name": envoyconf.ClusterHeader, "present_match": true}}},
					"route": object{"cluster_header": envoyconf.ClusterHeader, "timeout": "20s"},
				},
				object{"match": object{"prefix": "/"}, "direct_response": object{"status": 404}},
			},
		}}},
	})
	for k, v := range options {
		manager[k] = v
	}
	return object{"name": name, "address": socket(0), "filter_chains": []any{object{"filters": []any{object{"name": "hcm", "typed_config": manager}}}}}
}

func bootstrap(listeners, clusters []any) []byte {
	text, err := json.MarshalIndent(object{
		"admin":            object{"address": socket(0)},
		"static_resources": object{"listeners": listeners, "clusters": clusters},
	}, "", " ")
	if err != nil {
		panic(err) // only maps, lists, numbers and strings go in
	}
	return text
}
