// Package envoyconf writes a complete, hardened Envoy bootstrap that loads a
// compiled library and lets one of its bundles decide every request.
//
// It knows Envoy's configuration and nothing of policies: the names of the
// bundle and of the clusters that it forwards to are given to it.
package envoyconf

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// ClusterHeader carries the cluster that the policy chose to Envoy's route
// table, which removes it from what the upstream receives.
const ClusterHeader = "x-moe-cluster"

// Config is what a bootstrap is made of.
type Config struct {
	// Bundle is the name of the bundle in the library: Envoy's filter_name.
	Bundle string
	// Library is the absolute path of the .so.
	Library string
	// Listen is where clients connect. Port 0 lets the system choose.
	Listen HostPort
	// Admin is where Envoy's admin pages are served; nil for nowhere.
	Admin *HostPort
	// Clusters are the upstreams. Entries of one name are its endpoints and
	// must agree in everything but their address.
	Clusters []Cluster
	// Forwards are the clusters that the bundle forwards to: each must be in
	// Clusters, and Clusters must hold no other.
	Forwards []string
	// Root is the absolute path of the directory in which the library finds the
	// files that it reads; "" when it reads none.
	Root string
	// OwnRoute says that the bundle leaves requests to Envoy's own route, which is
	// one to the cluster Default then; without it Default is empty.
	OwnRoute bool
	Default  string
	// Retries says that the bundle has requests sent again: the clusters then
	// bound retries by a share of the requests at hand.
	Retries bool
	// Normalizes says that the bundle rewrites paths itself.
	Normalizes bool
	// TrustedHops is the number of proxies in front of this Envoy whose
	// x-forwarded-for entries are believed.
	TrustedHops int
	// MaxConnections is how many client connections Envoy accepts at once;
	// 0 means 50,000.
	MaxConnections int
}

// Cluster is one endpoint of an upstream.
type Cluster struct {
	Name string
	// HTTP2 says that the upstream speaks HTTP/2 without TLS, as gRPC servers
	// do; otherwise it is spoken to in HTTP/1.1.
	HTTP2    bool
	Endpoint HostPort
}

var plainName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// ParseCluster reads NAME=HOST:PORT or NAME=http2://HOST:PORT.
func ParseCluster(text string) (Cluster, error) {
	name, address, ok := strings.Cut(text, "=")
	if !ok {
		return Cluster{}, fmt.Errorf("cluster %q: want NAME=HOST:PORT, as in orders=127.0.0.1:9000", text)
	}
	if !plainName.MatchString(name) {
		return Cluster{}, fmt.Errorf("cluster %q: the name %q may hold letters, digits, '.', '_' and '-' only", text, name)
	}
	rest, http2 := strings.CutPrefix(address, "http2://")
	endpoint, err := ParseHostPort(rest)
	if err != nil {
		return Cluster{}, fmt.Errorf("cluster %s: %w", name, err)
	}
	if endpoint.Host == "" {
		return Cluster{}, fmt.Errorf("cluster %s: %q has no host: want NAME=HOST:PORT", name, address)
	}
	if endpoint.Port == 0 {
		return Cluster{}, fmt.Errorf("cluster %s: port 0 cannot be connected to", name)
	}
	return Cluster{Name: name, HTTP2: http2, Endpoint: endpoint}, nil
}

// check returns everything that is wrong with a configuration, in order.
func (c *Config) check() error {
	var wrong []error
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }

	if !plainName.MatchString(c.Bundle) {
		say("bundle name %q: want letters, digits, '.', '_' and '-'", c.Bundle)
	}
	switch {
	case !filepath.IsAbs(c.Library):
		say("library %q: Envoy needs an absolute path", c.Library)
	case strings.ContainsFunc(c.Library, func(r rune) bool { return r < 0x20 || r == 0x7f }):
		say("library %q: control characters in the path", c.Library)
	}
	for _, place := range []struct {
		what    string
		address *HostPort
	}{{"listen", &c.Listen}, {"admin", c.Admin}} {
		if place.address == nil {
			continue
		}
		if err := place.address.bindable(); err != nil {
			say("%s: %w", place.what, err)
		}
	}
	if c.Admin != nil && c.Admin.Port != 0 && c.Admin.Port == c.Listen.Port && c.Admin.overlaps(c.Listen) {
		say("admin: %s is the address of the listener too; choose another port", c.Admin)
	}
	if c.Root != "" && !filepath.IsAbs(c.Root) {
		say("root %q: the library needs an absolute path", c.Root)
	}
	if c.TrustedHops < 0 {
		say("trusted hops: %d is less than 0", c.TrustedHops)
	}
	if c.MaxConnections < 0 {
		say("connections: %d is less than 0", c.MaxConnections)
	}
	wrong = append(wrong, c.checkClusters()...)
	return errors.Join(wrong...)
}

func (c *Config) checkClusters() []error {
	var wrong []error
	switch {
	case c.OwnRoute && c.Default == "":
		wrong = append(wrong, fmt.Errorf("bundle %s leaves requests to Envoy's own route, and this configuration has none: add --default NAME, the cluster that they go to", c.Bundle))
	case !c.OwnRoute && c.Default != "":
		wrong = append(wrong, fmt.Errorf("--default %s: bundle %s leaves no request to Envoy's own route", c.Default, c.Bundle))
	case c.Default != "":
		c.Forwards = append(slices.Clone(c.Forwards), c.Default)
	}
	first := map[string]Cluster{}
	seen := map[Cluster]bool{}
	for _, cluster := range c.Clusters {
		if !plainName.MatchString(cluster.Name) {
			wrong = append(wrong, fmt.Errorf("cluster %q: a name may hold letters, digits, '.', '_' and '-' only", cluster.Name))
		}
		if err := cluster.Endpoint.connectable(); err != nil {
			wrong = append(wrong, fmt.Errorf("cluster %s: %w", cluster.Name, err))
		}
		if seen[cluster] {
			wrong = append(wrong, fmt.Errorf("cluster %s: endpoint %s is given twice", cluster.Name, cluster.Endpoint))
		}
		seen[cluster] = true
		before, known := first[cluster.Name]
		if !known {
			first[cluster.Name] = cluster
			if !slices.Contains(c.Forwards, cluster.Name) {
				wrong = append(wrong, fmt.Errorf("cluster %s: bundle %s forwards nothing to it; it forwards to %s",
					cluster.Name, c.Bundle, listed(c.Forwards)))
			}
		} else if before.HTTP2 != cluster.HTTP2 {
			wrong = append(wrong, fmt.Errorf("cluster %s: one endpoint says http2:// and another does not", cluster.Name))
		}
	}
	missing := slices.DeleteFunc(slices.Clone(c.Forwards), func(name string) bool {
		_, given := first[name]
		return given
	})
	slices.Sort(missing)
	for _, name := range slices.Compact(missing) {
		wrong = append(wrong, fmt.Errorf("bundle %s forwards to cluster %q, which has no address: add --cluster %s=HOST:PORT",
			c.Bundle, name, name))
	}
	return wrong
}

func listed(names []string) string {
	if len(names) == 0 {
		return "no cluster"
	}
	sorted := slices.Clone(names)
	slices.Sort(sorted)
	return strings.Join(slices.Compact(sorted), ", ")
}
