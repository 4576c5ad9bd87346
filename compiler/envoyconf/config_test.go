package envoyconf

import (
	"strings"
	"testing"
)

func TestParseCluster(t *testing.T) {
	for _, test := range []struct{ text, want, err string }{
		{text: "orders=127.0.0.1:9000", want: "orders 127.0.0.1:9000"},
		{text: "orders=orders.internal:80", want: "orders orders.internal:80"},
		{text: "rpc=http2://[::1]:9000", want: "rpc http2 [::1]:9000"},
		{text: "orders", err: "want NAME=HOST:PORT"},
		{text: "=127.0.0.1:1", err: `the name ""`},
		{text: "a b=127.0.0.1:1", err: `the name "a b"`},
		{text: "a=127.0.0.1", err: "want HOST:PORT"},
		{text: "a=:80", err: "has no host"},
		{text: "a=127.0.0.1:0", err: "port 0"},
		{text: "a=127.0.0.1:65536", err: `"65536" is no port`},
		{text: "a=127.0.0.1:-1", err: `"-1" is no port`},
		{text: "a=127.0.0.256:80", err: "neither a host name nor an IP address"},
		{text: "a=https://b:80", err: "want HOST:PORT"},
		{text: "a=x/y:80", err: "neither a host name nor an IP address"},
		{text: "a=::1:80", err: "needs brackets"},
	} {
		got, err := ParseCluster(test.text)
		switch {
		case test.err != "":
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: error %v, want %q", test.text, err, test.err)
			}
		case err != nil:
			t.Errorf("%s: %v", test.text, err)
		default:
			shown := got.Name + " "
			if got.HTTP2 {
				shown += "http2 "
			}
			if shown += got.Endpoint.String(); shown != test.want {
				t.Errorf("%s: got %s, want %s", test.text, shown, test.want)
			}
		}
	}
}

// Every fault is told in one run, and each by itself is enough to refuse.
func TestWriteRefuses(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"relative library", func(c *Config) { c.Library = "shop.so" }, "absolute path"},
		{"odd library", func(c *Config) { c.Library = "/a\nb.so" }, "control characters"},
		{"no bundle", func(c *Config) { c.Bundle = "" }, `bundle name ""`},
		{"listen on a name", func(c *Config) { c.Listen.Host = "localhost" }, "listen: localhost:8080: Envoy listens on IP addresses only"},
		{"admin on a name", func(c *Config) { c.Admin = &HostPort{"localhost", 1} }, "admin: localhost:1"},
		{"admin is the listener", func(c *Config) { c.Admin = &HostPort{"127.0.0.1", 8080} }, "address of the listener"},
		{"hops", func(c *Config) { c.TrustedHops = -1 }, "trusted hops"},
		{"connections", func(c *Config) { c.MaxConnections = -1 }, "connections"},
		{"port", func(c *Config) { c.Listen.Port = 70000 }, "port from 0 to 65535"},
		{"missing cluster", func(c *Config) { c.Clusters = c.Clusters[:1] }, "add --cluster pay=HOST:PORT"},
		{"unused cluster", func(c *Config) { c.Forwards = c.Forwards[:1] }, "cluster pay: bundle shop forwards nothing to it; it forwards to orders"},
		{"no cluster wanted", func(c *Config) { c.Forwards = nil }, "it forwards to no cluster"},
		{"no route of its own", func(c *Config) { c.OwnRoute = true }, "add --default NAME"},
		{"default for nothing", func(c *Config) { c.Default = "orders" }, "leaves no request to Envoy's own route"},
		{"default without address", func(c *Config) { c.OwnRoute, c.Default = true, "rest" }, "add --cluster rest=HOST:PORT"},
		{"endpoint twice", func(c *Config) { c.Clusters = append(c.Clusters, c.Clusters[0]) }, "given twice"},
		{"endpoint without host", func(c *Config) { c.Clusters[0].Endpoint.Host = "" }, "neither a host name"},
		{"cluster name", func(c *Config) { c.Clusters[0].Name = "a\"b" }, `cluster "a\"b"`},
		{"two protocols", func(c *Config) {
			c.Clusters = append(c.Clusters, Cluster{Name: "pay", HTTP2: true, Endpoint: HostPort{"b", 1}})
		}, "one endpoint says http2://"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := example()
			test.change(&c)
			text, err := Write(c)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if text != nil {
				t.Error("text beside an error")
			}
		})
	}
	c := example()
	c.Library, c.Bundle, c.Clusters = "x", "", nil
	_, err := Write(c)
	if lines := strings.Count(err.Error(), "\n") + 1; lines != 4 {
		t.Errorf("%d messages, want 4:\n%v", lines, err)
	}
}

func example() Config {
	return Config{
		Bundle: "shop", Library: "/srv/shop.so",
		Listen: HostPort{"127.0.0.1", 8080},
		Clusters: []Cluster{
			{Name: "orders", Endpoint: HostPort{"127.0.0.1", 9000}},
			{Name: "pay", Endpoint: HostPort{"pay.internal", 80}},
		},
		Forwards: []string{"orders", "pay"},
	}
}
