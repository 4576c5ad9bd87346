package command

import (
	"os"
	"strings"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/envoyconf"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// audit compares a configuration of Envoy with what bundles need.
func audit(name string, units []*compiler.Unit) ([]*diag.Diagnostic, error) {
	bad := func(err error) error { return usagef("--envoy-config %s: %v", name, err) }
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, bad(bare(err))
	}
	file := source.New(name, string(text))
	var out diag.List
	for _, u := range units {
		needs := envoyconf.Needs{Bundle: u.IR.Name, Forwards: u.Clusters(), Files: u.Reloaded(), OwnRoute: u.OwnRoute(), Normalizes: u.IR.Normalize}
		for _, o := range units {
			if o != u {
				needs.Beside = append(needs.Beside, o.IR.Name)
			}
		}
		for _, a := range u.IR.Attributes {
			needs.Address = needs.Address || strings.HasPrefix(a.Name, "source.")
		}
		found, err := envoyconf.Audit(text, needs)
		if err != nil {
			return nil, bad(err)
		}
		for _, f := range found {
			code := diag.EnvoyLoose
			if f.Fatal {
				code = diag.EnvoyLacks
			}
			out.Add(code, source.Span{File: file, Start: f.Start, End: f.End}, "%s", f.Message).Helpf("%s", f.Help)
		}
	}
	return out.Sorted(), nil
}
