package envoyconf

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"text/template"
)

//go:embed bootstrap.yaml.tmpl
var bootstrapText string

// JSON strings are YAML strings, so quote needs no rules of its own.
var bootstrap = template.Must(template.New("bootstrap").Funcs(template.FuncMap{
	"quote": quote,
}).Parse(bootstrapText))

// upstream is a cluster with all its endpoints.
type upstream struct {
	Name      string
	Type      string
	HTTP2     bool
	Endpoints []HostPort
}

type address struct {
	Host string
	Port int
}

type view struct {
	Config
	ClusterHeader string
	ListenAt      address
	AdminAt       *address
	FilterConfig  string
	Upstreams     []*upstream
}

// Write returns the bootstrap as YAML text. The same Config gives the same
// bytes. The error joins everything that is wrong, each on a line of its own.
func Write(c Config) ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.MaxConnections == 0 {
		c.MaxConnections = 50_000
	}
	v := view{
		Config:        c,
		ClusterHeader: ClusterHeader,
		ListenAt:      address{c.Listen.bindHost(), c.Listen.Port},
		Upstreams:     grouped(c.Clusters),
		FilterConfig:  "{}",
	}
	if c.Root != "" {
		root, err := quote(c.Root)
		if err != nil {
			return nil, err
		}
		v.FilterConfig = `{"root": ` + root + `}`
	}
	if c.Admin != nil {
		v.AdminAt = &address{c.Admin.bindHost(), c.Admin.Port}
	}
	var out bytes.Buffer
	if err := bootstrap.Execute(&out, v); err != nil {
		return nil, fmt.Errorf("writing the bootstrap: %w", err)
	}
	return out.Bytes(), nil
}

// grouped gathers the endpoints of each cluster, in the order of their first
// mention. One endpoint that is a name makes the cluster resolve names.
func grouped(clusters []Cluster) []*upstream {
	var all []*upstream
	byName := map[string]*upstream{}
	for _, c := range clusters {
		u := byName[c.Name]
		if u == nil {
			u = &upstream{Name: c.Name, Type: "STATIC", HTTP2: c.HTTP2}
			byName[c.Name] = u
			all = append(all, u)
		}
		u.Endpoints = append(u.Endpoints, c.Endpoint)
		if !c.Endpoint.isIP() {
			u.Type = "STRICT_DNS"
		}
	}
	return all
}

func quote(text string) (string, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		return "", err
	}
	return string(bytes.TrimSuffix(out.Bytes(), []byte("\n"))), nil
}
