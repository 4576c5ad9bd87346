package ir

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
	"testing"
)

// runtimeFunctions are the exported functions of runtime/eval.
func runtimeFunctions(t *testing.T) map[string]*ast.FuncType {
	names, err := filepath.Glob("../../runtime/eval/*.go")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	out := map[string]*ast.FuncType{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.IsExported() {
				out[fn.Name.Name] = fn.Type
			}
		}
	}
	return out
}

// TestTextFunctionsAreInTheRuntime holds what the table says of a function to
// its declaration.
func TestTextFunctionsAreInTheRuntime(t *testing.T) {
	have := runtimeFunctions(t)
	for id, f := range textFunctions {
		fn := have[f.Go]
		if fn == nil {
			t.Errorf("%s: there is no eval.%s", id, f.Go)
			continue
		}
		params, results := fn.Params.List, fn.Results.List
		if arena := len(params) > 0 && types.ExprString(params[0].Type) == "*core.Scratch"; arena != f.Arena {
			t.Errorf("%s: eval.%s takes the frame's memory: %v", id, f.Go, arena)
		}
		if fails := len(results) == 2 && types.ExprString(results[1].Type) == "Err"; fails != f.Fails || !fails && len(results) != 1 {
			t.Errorf("%s: eval.%s can fail: %v", id, f.Go, fails)
		}
		if f.Equal || f.Order {
			t.Errorf("%s compares no elements", id)
		}
	}
}
