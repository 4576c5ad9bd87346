package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/build"
	"moec.dev/moec/compiler/envoyconf"
	"moec.dev/moec/dsl/diag"
)

// configCommand is moec config.
func (s *console) configCommand() *cobra.Command {
	var lib string
	var place placement
	cmd := &cobra.Command{
		Use:   "config DIR... --lib NAME.so --listen HOST:PORT --cluster NAME=HOST:PORT...",
		Short: "Print an Envoy bootstrap for a bundle",
		Long: `Config prints a complete, hardened Envoy bootstrap to standard output: a listener
on which a bundle of the library decides every request, the clusters that it
forwards to, limits, and an access log that names the deciding rules.

Every cluster that the bundle forwards to needs an address; several --cluster of
one name are its endpoints. NAME=http2://HOST:PORT is for upstreams that speak
HTTP/2 without TLS, as gRPC servers do.

A bundle that leaves requests to Envoy's own route, by unmatched forward or by a
route without forward, respond and redirect, needs --default: the cluster to
which the one such route of this configuration goes.`,
		Example: "  moec config policies/shop --lib shop.so --listen 0.0.0.0:8080 --cluster orders=10.0.0.1:9000 --cluster catalog-v1=10.0.0.2:9000 --cluster catalog-v2=10.0.0.2:9001 --cluster backoffice=10.0.0.2:9002 > envoy.yaml",
		Args:    bundleArgs,
	}
	cmd.Flags().StringVar(&lib, "lib", "", "the library that moec compile wrote")
	place.flags(cmd, "")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		switch {
		case lib == "":
			return usagef("which library? add --lib NAME.so, as moec compile wrote it")
		case place.listen == "":
			return usagef("where do clients connect? add --listen HOST:PORT, as in --listen 0.0.0.0:8080")
		}
		config, err := place.config()
		if err != nil {
			return err
		}
		if config.Library, err = library(lib); err != nil {
			return err
		}
		units, err := s.bundles(args, "")
		if err != nil {
			return err
		}
		u, err := place.choose(units)
		if err != nil {
			return err
		}
		text, err := bootstrap(config, u)
		if err != nil {
			return err
		}
		if err := s.fits(u, lib); err != nil {
			return err
		}
		_, err = s.env.Stdout.Write(text)
		return err
	}
	return cmd
}

// placement is what config and run are told about the surroundings.
type placement struct {
	listen, admin, bundle, rest string
	root                        string
	clusters                    []string
}

func (p *placement) flags(cmd *cobra.Command, listen string) {
	f := cmd.Flags()
	f.StringVar(&p.listen, "listen", listen, "where clients connect, `HOST:PORT`")
	f.StringArrayVar(&p.clusters, "cluster", nil, "an upstream, `NAME=HOST:PORT`; repeat it for more")
	f.StringVar(&p.admin, "admin", "", "where Envoy's admin pages are, `HOST:PORT` (default nowhere)")
	f.StringVar(&p.root, "root", "", "the `DIR` in which Envoy's host has the files that are reloaded (default that of the policy)")
	f.StringVar(&p.rest, "default", "", "the `CLUSTER` for requests that the bundle leaves to Envoy's own route")
	f.StringVar(&p.bundle, "bundle", "", "the `NAME` of the bundle that decides, when there are several")
}

// config reads the addresses.
func (p *placement) config() (envoyconf.Config, error) {
	c := envoyconf.Config{Default: p.rest}
	var err error
	if c.Listen, err = envoyconf.ParseHostPort(p.listen); err != nil {
		return c, usagef("--listen: %v", err)
	}
	if p.admin != "" {
		at, err := envoyconf.ParseHostPort(p.admin)
		if err != nil {
			return c, usagef("--admin: %v", err)
		}
		c.Admin = &at
	}
	c.Root = p.root
	for _, text := range p.clusters {
		cluster, err := envoyconf.ParseCluster(text)
		if err != nil {
			return c, usagef("--cluster: %v", err)
		}
		c.Clusters = append(c.Clusters, cluster)
	}
	return c, nil
}

func (p *placement) choose(units []*compiler.Unit) (*compiler.Unit, error) {
	if err := distinct(units); err != nil {
		return nil, err
	}
	return choose(units, p.bundle)
}

// bootstrap writes the configuration for one bundle.
func bootstrap(c envoyconf.Config, u *compiler.Unit) ([]byte, error) {
	c.Bundle, c.Forwards = u.IR.Name, u.Clusters()
	if err := rooted(&c, u); err != nil {
		return nil, err
	}
	c.OwnRoute, c.Retries, c.Normalizes = u.OwnRoute(), u.Retries(), u.IR.Normalize
	text, err := envoyconf.Write(c)
	if err == nil {
		return text, nil
	}
	// One line a mistake; the first says it, the others are below.
	first, rest, _ := strings.Cut(err.Error(), "\n")
	p := usagef("%s", first)
	p.detail = rest
	return nil, p
}

// rooted says where the library finds the files that it reads when it is loaded:
// beside the policy unless something else was said.
func rooted(c *envoyconf.Config, u *compiler.Unit) error {
	if len(u.Reloaded()) == 0 {
		if c.Root != "" {
			return usagef("--root %s: bundle %s reads no files when it is loaded", c.Root, u.IR.Name)
		}
		return nil
	}
	if c.Root == "" {
		c.Root = u.Input.Display
	}
	whole, err := filepath.Abs(c.Root)
	if err != nil {
		return usagef("--root %s: %v", c.Root, err)
	}
	c.Root = whole
	return nil
}

// library returns the absolute path of a library that is there.
func library(path string) (string, error) {
	bad := func(format string, args ...any) error {
		return (&problem{kind: diag.UnreadableFile, message: fmt.Sprintf(format, args...)}).helpf("moec compile DIR... -o NAME.so makes one")
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", bad("--lib %s: there is no such file", path)
	}
	if err != nil {
		return "", bad("--lib %s: %v", path, bare(err))
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return "", bad("--lib %s: it is a directory", path)
	}
	var magic [4]byte
	if _, err := io.ReadFull(f, magic[:]); err != nil || string(magic[:]) != "\x7fELF" {
		return "", bad("--lib %s: it is no shared library", path)
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return "", bad("--lib %s: %v", path, err)
	}
	return whole, nil
}

// fits compares a bundle with what the library's manifest says that it holds.
// Without a manifest nobody knows: a configuration that names a bundle which is
// not there would be refused by Envoy only.
func (s *console) fits(u *compiler.Unit, lib string) error {
	name := compiler.ManifestPath(lib)
	bad := func(format string, args ...any) error {
		return (&problem{kind: diag.UnreadableFile, message: fmt.Sprintf(format, args...)}).
			helpf("compile the library with moec compile DIR... -o %s, and keep %s beside it", lib, filepath.Base(name))
	}
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return bad("--lib %s: there is no manifest %s that says what it holds", lib, name)
	}
	if err != nil {
		return bad("the manifest %s cannot be read: %v", name, bare(err))
	}
	var m build.Manifest
	if err := json.Unmarshal(text, &m); err != nil || m.Moec == "" || len(m.Bundles) == 0 {
		return bad("%s is no manifest of moec: nothing says what %s holds", name, lib)
	}
	for _, b := range m.Bundles {
		if b.Name == u.IR.Name {
			if b.Digest != u.IR.Digest {
				s.note("bundle %s has changed since %s was compiled: the configuration fits the policy, and Envoy decides by the library", b.Name, lib)
			}
			return nil
		}
	}
	return failedf("%s holds no bundle called %s", lib, u.IR.Name).helpf("compile it in: moec compile DIR... -o %s", lib)
}
