package envoyconf

import (
	"bytes"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	c := example()
	c.Clusters = append(c.Clusters, Cluster{Name: "orders", Endpoint: HostPort{"orders.internal", 81}})
	first, err := Write(c)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Write(c)
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("the same configuration gave two texts (%v)", err)
	}
	text := string(first)
	for want, times := range map[string]int{
		`filter_name: "shop"`:      1,
		`filename: "/srv/shop.so"`: 1,
		"do_not_close: true":       1,
		`- name: "orders"`:         1,
		`socket_address: { address: "127.0.0.1", port_value: 9000 }`:     1,
		`socket_address: { address: "orders.internal", port_value: 81 }`: 1,
		"type: STRICT_DNS":                                2, // a name among IP addresses needs a resolver
		"use_remote_address: true":                        1,
		"headers_with_underscores_action: REJECT_REQUEST": 1,
		`request_headers_to_remove: ["x-moe-cluster"]`:    1,
		"admin:": 0,
		"max_active_downstream_connections: 50000":                             1,
		"cluster_header: x-moe-cluster":                                        1,
		"socket_address: { address: \"pay.internal\", port_value: 80 }":        1,
		"http_protocol_options: {}":                                            2,
		"http2_protocol_options: {}":                                           0,
		"%PATH(NQ:PATH)%":                                                      1,
		"%REQ(:PATH)%":                                                         0,
		"socket_address: { address: \"127.0.0.1\", port_value: 8080 }":         1,
		"typed_extension_protocol_options:":                                    2,
		"envoy.extensions.filters.http.dynamic_modules.v3.DynamicModuleFilter": 1,
	} {
		if n := strings.Count(text, want); n != times {
			t.Errorf("%q stands %d times, want %d", want, n, times)
		}
	}
}

// The library is told where it finds its files, in JSON inside of YAML.
func TestRoot(t *testing.T) {
	c := example()
	text, err := Write(c)
	if err != nil || !strings.Contains(string(text), `value: "{}"`) {
		t.Errorf("without files: %v", err)
	}
	c.Root = `/etc/"moe"`
	if text, err = Write(c); err != nil || !strings.Contains(string(text), `value: "{\"root\": \"/etc/\\\"moe\\\"\"}"`) {
		t.Errorf("%v\n%s", err, text)
	}
	c.Root = "etc"
	if _, err = Write(c); err == nil {
		t.Error("a relative root is accepted")
	}
}

// What a user gives must not be able to end a YAML string.
func TestWriteQuotes(t *testing.T) {
	c := example()
	c.Library = `/srv/a "b" \ # é <x>.so`
	text, err := Write(c)
	if err != nil {
		t.Fatal(err)
	}
	if want := `filename: "/srv/a \"b\" \\ # é <x>.so"`; !strings.Contains(string(text), want) {
		t.Errorf("no %s in\n%s", want, text)
	}
}
