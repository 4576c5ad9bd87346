package celfront

import (
	"sort"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/parser"
)

// In returns the environment as a module sees it: names of the module are meant
// before others, and written without its name.
func (e *Env) In(module string) (*Env, error) {
	opts := []cel.EnvOption{cel.Container(module)}
	var names []string
	for name := range e.funcs {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if short, ok := strings.CutPrefix(name, module+"."); ok && !strings.Contains(short, ".") {
			opts = append(opts, passAs(short, name, len(e.funcs[name].Params)))
		}
	}
	return e.With(opts...)
}

// passAs makes short(args) mean __name(__request, args).
func passAs(short, name string, count int) cel.EnvOption {
	return cel.Macros(cel.GlobalMacro(short, count, func(eh parser.ExprHelper, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
		return callOf(eh, name, args), nil
	}))
}

func callOf(eh parser.ExprHelper, name string, args []ast.Expr) ast.Expr {
	return eh.NewCall(hidden(name), append([]ast.Expr{eh.NewIdent(RequestVar)}, args...)...)
}

// moduleCalls makes module.name(args) mean __module.name(__request, args). One
// macro serves all modules that have a function of this name and so many
// parameters: cel-go knows macros by those alone. A module calls those that it
// imports by the end of their names.
func moduleCalls(funcs []Function) []cel.EnvOption {
	type kind struct {
		name  string
		count int
	}
	var kinds []kind
	modules := map[kind]map[string]bool{}
	for _, f := range funcs {
		dot := strings.LastIndexByte(f.Name, '.')
		if dot < 0 {
			continue
		}
		module, k := f.Name[:dot], kind{f.Name[dot+1:], len(f.Params)}
		if modules[k] == nil {
			modules[k] = map[string]bool{}
			kinds = append(kinds, k)
		}
		modules[k][module] = true
	}
	var opts []cel.EnvOption
	for _, k := range kinds {
		opts = append(opts, cel.Macros(cel.ReceiverMacro(k.name, k.count, func(eh parser.ExprHelper, target ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
			module, called := "", dotted(target)
			for m := range modules[k] {
				if called != "" && (m == called || strings.HasSuffix(m, "."+called)) && len(m) > len(module) {
					module = m
				}
			}
			if module == "" {
				return nil, nil // a function of its own
			}
			return callOf(eh, module+"."+k.name, args), nil
		})))
	}
	return opts
}
