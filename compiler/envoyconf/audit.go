package envoyconf

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Needs is what a bundle asks of the Envoy configuration that it runs in.
type Needs struct {
	Bundle string
	// Forwards are the clusters that the bundle forwards to.
	Forwards []string
	// Files are those that it reads when it is loaded.
	Files []string
	// Beside are other bundles that are compared with the same configuration.
	Beside []string
	// OwnRoute says that it leaves requests to Envoy's own routes.
	OwnRoute bool
	// Address says that it decides by the client's address.
	Address bool
	// Normalizes says that it rewrites paths itself.
	Normalizes bool
}

// Finding is something that a configuration lacks.
type Finding struct {
	// Start and End are the bytes of the text that it is about.
	Start, End int
	// Fatal says that the bundle cannot work as written without it; otherwise it
	// works, less strictly than the bundle expects.
	Fatal         bool
	Message, Help string
}

// Audit compares a configuration of Envoy, YAML or JSON, with what a bundle
// needs. It looks at every HTTP connection manager that has the bundle's filter.
// The error is a text that cannot be read.
func Audit(text []byte, needs Needs) ([]Finding, error) {
	a := &audit{text: text, needs: needs}
	d := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var doc yaml.Node
		err := d.Decode(&doc)
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		a.docs = append(a.docs, &doc)
	}
	if len(a.docs) == 0 {
		return nil, fmt.Errorf("the file is empty")
	}
	a.run()
	return a.found, nil
}

type audit struct {
	text  []byte
	needs Needs
	docs  []*yaml.Node
	found []Finding
}

func (a *audit) say(at *yaml.Node, fatal bool, help, format string, args ...any) {
	start := a.offset(at)
	end := min(len(a.text), start+max(1, len(at.Value)))
	if i := bytes.IndexByte(a.text[start:end], '\n'); i >= 0 {
		end = start + i
	}
	a.found = append(a.found, Finding{Start: start, End: end, Fatal: fatal, Message: fmt.Sprintf(format, args...), Help: help})
}

// offset converts a node's line and column, which count from 1.
func (a *audit) offset(n *yaml.Node) int {
	off := 0
	for line := 1; line < n.Line; line++ {
		i := bytes.IndexByte(a.text[off:], '\n')
		if i < 0 {
			break
		}
		off += i + 1
	}
	for c := 1; c < n.Column && off < len(a.text); c++ {
		off++
		for off < len(a.text) && a.text[off]&0xc0 == 0x80 {
			off++
		}
	}
	return off
}

// get follows keys through maps; nil where there is no such thing.
func get(n *yaml.Node, keys ...string) *yaml.Node {
	n = bare(n)
	for _, k := range keys {
		if n == nil || n.Kind != yaml.MappingNode {
			return nil
		}
		var next *yaml.Node
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == k {
				next = n.Content[i+1]
			}
		}
		n = bare(next)
	}
	return n
}

// bare looks through documents and aliases.
func bare(n *yaml.Node) *yaml.Node {
	for n != nil && (n.Kind == yaml.AliasNode || n.Kind == yaml.DocumentNode) {
		if n.Kind == yaml.AliasNode {
			n = n.Alias
		} else if len(n.Content) > 0 {
			n = n.Content[0]
		} else {
			return nil
		}
	}
	return n
}

func value(n *yaml.Node) string {
	if n == nil {
		return ""
	}
	return n.Value
}

func list(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	var out []*yaml.Node
	for _, c := range n.Content {
		out = append(out, bare(c))
	}
	return out
}

// each visits all maps of the configuration, each once.
func (a *audit) each(visit func(n *yaml.Node)) {
	seen := map[*yaml.Node]bool{}
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		n = bare(n)
		if n == nil || seen[n] {
			return
		}
		seen[n] = true
		if n.Kind == yaml.MappingNode {
			visit(n)
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	for _, d := range a.docs {
		walk(d)
	}
}

func (a *audit) run() {
	managers := 0
	a.each(func(n *yaml.Node) {
		a.position(list(get(n, "http_filters")))
		for _, f := range list(get(n, "http_filters")) {
			if a.ours(f) {
				managers++
				a.filter(f)
				a.filterConfig(f)
				a.manager(n)
			}
		}
	})
	if managers == 0 {
		a.say(bare(a.docs[0]), true, "moec config writes a whole configuration to compare with",
			"no HTTP connection manager has a dynamic module filter with filter_name: %s", a.needs.Bundle)
		return
	}
	a.clusters()
	a.turnedOff()
	a.bypasses()
}

// ours reports whether an HTTP filter is the bundle.
func (a *audit) ours(filter *yaml.Node) bool {
	c := get(filter, "typed_config")
	return strings.HasSuffix(value(get(c, "@type")), ".DynamicModuleFilter") && value(get(c, "filter_name")) == a.needs.Bundle
}

func (a *audit) filter(f *yaml.Node) {
	module := get(f, "typed_config", "dynamic_module_config")
	if v := get(module, "do_not_close"); value(v) != "true" {
		at := module
		if v != nil {
			at = v
		} else if at == nil {
			at = f
		}
		a.say(at, true, "do_not_close: true", "the library holds a Go runtime, which cannot be unloaded")
	}
	if v := get(f, "disabled"); value(v) == "true" {
		a.say(v, true, "disabled: false", "the filter is disabled: bundle %s decides nothing", a.needs.Bundle)
	}
	if v := get(f, "is_optional"); value(v) == "true" {
		a.say(v, true, "is_optional: false", "an Envoy that does not know the filter goes on without bundle %s", a.needs.Bundle)
	}
}

// manager looks at the options around the filter.
func (a *audit) manager(n *yaml.Node) {
	at := get(n, "http_filters")
	if v := get(n, "stat_prefix"); v != nil {
		at = v
	}
	place := func(v *yaml.Node) *yaml.Node {
		if v != nil {
			return v
		}
		return at
	}
	if v := get(n, "use_remote_address"); value(v) != "true" {
		a.say(place(v), a.needs.Address, "use_remote_address: true",
			"whoever sends x-forwarded-for chooses the client's address that bundle %s sees", a.needs.Bundle)
	}
	for _, k := range []string{"normalize_path", "merge_slashes"} {
		if v := get(n, k); value(v) == "true" {
			a.say(v, false, k+": false", "Envoy rewrites paths before bundle %s can %s", a.needs.Bundle, a.repair())
		}
	}
	if v := get(n, "path_with_escaped_slashes_action"); v != nil && value(v) != "KEEP_UNCHANGED" && value(v) != "REJECT_REQUEST" {
		a.say(v, false, "path_with_escaped_slashes_action: KEEP_UNCHANGED", "Envoy rewrites paths before bundle %s can %s", a.needs.Bundle, a.repair())
	}
	if v := get(n, "common_http_protocol_options", "headers_with_underscores_action"); value(v) != "REJECT_REQUEST" && value(v) != "DROP_HEADER" {
		a.say(place(v), false, "common_http_protocol_options: { headers_with_underscores_action: REJECT_REQUEST }",
			"a header x_user may pass for x-user behind Envoy")
	}
	a.routes(n)
}

// repair is what the bundle does with paths that Envoy has not rewritten.
func (a *audit) repair() string {
	if a.needs.Normalizes {
		return "rewrite them by its own rules"
	}
	return "refuse them"
}

// clusters compares names, where all clusters stand in the configuration.
func (a *audit) clusters() {
	var names []string
	var at *yaml.Node
	elsewhere := false
	a.each(func(n *yaml.Node) {
		if get(n, "cds_config") != nil {
			elsewhere = true
		}
		if s := get(n, "static_resources"); s != nil {
			at = s
		}
		if strings.HasSuffix(value(get(n, "@type")), "cluster.v3.Cluster") {
			names = append(names, value(get(n, "name")))
		}
		for _, c := range list(get(n, "static_resources", "clusters")) {
			names = append(names, value(get(c, "name")))
		}
	})
	if elsewhere || at == nil {
		return
	}
	for _, name := range a.needs.Forwards {
		if !slices.Contains(names, name) {
			a.say(at, true, "clusters: [{ name: "+name+", ... }]", "there is no cluster %s, to which bundle %s forwards", name, a.needs.Bundle)
		}
	}
}

// turnedOff finds routes that switch the bundle's filter off.
func (a *audit) turnedOff() {
	filters := map[string]bool{}
	a.each(func(n *yaml.Node) {
		for _, f := range list(get(n, "http_filters")) {
			if a.ours(f) {
				filters[value(get(f, "name"))] = true
			}
		}
	})
	a.each(func(n *yaml.Node) {
		for name := range filters {
			if v := get(n, "typed_per_filter_config", name); v != nil {
				a.say(v, true, "remove it, and say in the policy what is to happen", "a route changes or switches off bundle %s, which takes no configuration from routes", a.needs.Bundle)
			}
		}
	})
}
