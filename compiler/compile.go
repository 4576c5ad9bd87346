package compiler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"moec.dev/moec/compiler/build"
	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/cost"
	"moec.dev/moec/compiler/gen"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/dsl/ast"
)

// Version is the version of moec. It is part of every bundle's digest, because
// a new compiler may decide to lay out a decision otherwise.
const Version = "0.1.0"

// digest identifies a policy: the compiler, the names and bytes of its files.
func digest(b *ast.Bundle) string {
	h := sha256.New()
	part := func(name, text string) { fmt.Fprintf(h, "%d %s %d\n%s", len(name), name, len(text), text) }
	part("moec", Version)
	part("bundle", b.Name)
	for _, f := range b.Files {
		part(filepath.Base(f.Source.Name), f.Source.Text)
	}
	var modules func(b *ast.Bundle, within string)
	modules = func(b *ast.Bundle, within string) {
		for _, path := range sortedNames(b.Modules) {
			for _, f := range b.Modules[path].Files {
				part("module "+within+path+"/"+filepath.Base(f.Source.Name), f.Source.Text)
			}
			modules(b.Modules[path], within+path+" ")
		}
	}
	modules(b, "")
	for _, name := range sortedNames(b.Data) {
		if d := b.Data[name]; d.Source != nil {
			part("data "+name, d.Source.Text)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Library builds units that have passed all stages into one library and its
// manifest, out and out with .json for its ending. Nothing is written unless
// everything has worked.
func Library(ctx context.Context, units []*Unit, out string) (*build.Manifest, error) {
	t, err := build.FindToolchain(ctx, true)
	if err != nil {
		return nil, err
	}
	src, err := module(units, gen.Dynmod)
	if err != nil {
		return nil, err
	}
	built, err := build.Library(ctx, src, t)
	if err != nil {
		return nil, err
	}
	m := manifest(units, t)
	m.Library = filepath.Base(out)
	if err := m.Describe(built); err != nil {
		return nil, err
	}
	if err := build.Install(built, out); err != nil {
		return nil, err
	}
	return m, m.Write(ManifestPath(out))
}

// ManifestPath is where the manifest of a library lies.
func ManifestPath(library string) string {
	return strings.TrimSuffix(library, filepath.Ext(library)) + ".json"
}

// Program builds units into the program that package process drives, and
// returns its path.
func Program(ctx context.Context, units []*Unit) (string, error) {
	t, err := build.FindToolchain(ctx, false)
	if err != nil {
		return "", err
	}
	src, err := module(units, gen.Pipe)
	if err != nil {
		return "", err
	}
	return build.Executable(ctx, src, t)
}

func module(units []*Unit, host gen.Host) (build.Source, error) {
	bundles := map[string]map[string][]byte{}
	var names []string
	for _, u := range units {
		if _, twice := bundles[u.IR.Name]; twice {
			return nil, fmt.Errorf("two bundles are named %s: Envoy's configuration could not tell them apart; rename one with: bundle NAME { }", u.IR.Name)
		}
		bundles[u.IR.Name] = u.Go
		names = append(names, u.IR.Name)
	}
	slices.Sort(names)
	main, err := gen.Program(names, host)
	if err != nil {
		return nil, err
	}
	return build.Module(string(host), bundles, main)
}

func manifest(units []*Unit, t *build.Toolchain) *build.Manifest {
	m := &build.Manifest{Moec: Version, Go: t.GoVersion, CC: t.CCVersion}
	for _, u := range units {
		b := u.IR
		list := func(names []string) []string { return append([]string{}, names...) } // [] in JSON, never null
		c := build.Contents{Name: b.Name, Digest: b.Digest, Headers: list(b.Headers), Queries: list(b.Queries), Cookies: list(b.Cookies),
			Clusters: list(u.Clusters()), Files: u.Reloaded(), Attributes: []string{}, Routes: []string{}, Limits: []build.Buckets{}, Envoy: b.MinEnvoy, Crossings: map[string]int{"request": 1, "response": 0, "trailers": 1}}
		for _, a := range b.Attributes {
			c.Attributes = append(c.Attributes, a.Name)
		}
		for _, r := range b.Routes {
			c.Routes = append(c.Routes, r.Name)
			if r.AsksResponse() {
				c.Crossings["response"] = 1
			}
		}
		for _, l := range u.Checked.Limits {
			c.Limits = append(c.Limits, build.Buckets{Name: l.FullName, Keys: l.Keys, Bytes: l.Memory()})
		}
		c.Cost = prices(u.Cost)
		m.EnvoyOldest = max(m.EnvoyOldest, b.MinEnvoy)
		m.Bundles = append(m.Bundles, c)
	}
	return m
}

// prices are the costs as the manifest has them.
func prices(b *cost.Bundle) build.Cost {
	c := build.Cost{Rules: []build.Price{}, Lets: []build.Price{}}
	price := func(name string, k celfront.Cost, lets []string) build.Price {
		p := build.Price{Name: name, Min: k.Min, Lets: append([]string{}, lets...)}
		if k.Max != celfront.Unbounded {
			p.Max = &k.Max
		}
		return p
	}
	for _, r := range b.Rules {
		c.Rules = append(c.Rules, price(r.Name, r.Cost, r.Lets))
	}
	for _, l := range b.Lets {
		c.Lets = append(c.Lets, price(l.Name, l.Cost, l.Lets))
	}
	return c
}

// Reloaded are the files that the library reads when it is loaded, in order,
// each once.
func (u *Unit) Reloaded() []string {
	out := []string{}
	for _, t := range u.IR.Tables {
		if t.Reload {
			out = append(out, t.File)
		}
	}
	for _, a := range u.IR.Auths {
		if a.Reload {
			out = append(out, a.File)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Clusters are the clusters that the bundle forwards to, in order, each once.
func (u *Unit) Clusters() []string {
	var out []string
	for _, r := range u.IR.Routes {
		for _, c := range r.Clusters() {
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	slices.Sort(out)
	return out
}

// OwnRoute reports whether the bundle leaves requests to Envoy's own route.
func (u *Unit) OwnRoute() bool {
	return u.IR.Unmatched == 0 || slices.ContainsFunc(u.IR.Routes, func(r *ir.Route) bool { return r.Own() })
}

// Retries reports whether the bundle has requests sent again.
func (u *Unit) Retries() bool {
	return slices.ContainsFunc(u.IR.Routes, func(r *ir.Route) bool { return r.Delivery != nil && len(r.Delivery.Retry) > 0 })
}
