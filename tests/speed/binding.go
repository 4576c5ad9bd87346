package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// generated is the bundle's package, as the compiler has written it.
type generated struct {
	methods map[string]*ast.FuncDecl // of *request
	memos   map[string]bool          // the fields of request that keep a value
	claims  map[string]string        // the fields of identity and their types
}

func parse(files map[string][]byte) (*generated, error) {
	g := &generated{methods: map[string]*ast.FuncDecl{}, memos: map[string]bool{}, claims: map[string]string{}}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := parser.ParseFile(token.NewFileSet(), name, files[name], parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv != nil && types.ExprString(n.Recv.List[0].Type) == "*request" {
					g.methods[n.Name.Name] = n
				}
			case *ast.TypeSpec:
				g.structure(n)
			}
			return true
		})
	}
	return g, nil
}

func (g *generated) structure(t *ast.TypeSpec) {
	s, ok := t.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range s.Fields.List {
		for _, n := range f.Names {
			switch written := types.ExprString(f.Type); {
			case t.Name.Name == "request" && strings.HasPrefix(written, "eval.Memo["):
				g.memos[n.Name] = true
			case t.Name.Name == "identity":
				g.claims[n.Name] = written
			}
		}
	}
}

// method finds the function of a let: of one without parameters the one that
// computes its value, not the one that keeps it for the request.
func (g *generated) method(let string) *ast.FuncDecl {
	bare := strings.ReplaceAll(let, "_", "")
	for _, prefix := range []string{"compute", "let"} {
		for name, m := range g.methods {
			if strings.EqualFold(name, prefix+bare) {
				return m
			}
		}
	}
	return nil
}

// kept are the memos that a method reads, itself or through others.
func (g *generated) kept(m *ast.FuncDecl, into, seen map[string]bool) {
	if m == nil || seen[m.Name.Name] {
		return
	}
	seen[m.Name.Name] = true
	ast.Inspect(m.Body, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if g.memos[s.Sel.Name] {
				into[s.Sel.Name] = true
			}
			g.kept(g.methods[s.Sel.Name], into, seen)
		}
		return true
	})
}

// binding writes the Go file that stands beside the generated ones and calls
// their functions with typed values, as the generated code itself does.
func binding(files map[string][]byte, rows []row) ([]byte, error) {
	g, err := parse(files)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString(bindingHead)
	fmt.Fprintf(&b, "func inputIdentity(r *request, who contest.Identity) {\n\tr.identity = &identity{Method: \"callers\", Subject: who.Subject, ID: \"callers:\" + who.Subject, Groups: who.Groups}\n")
	for _, field := range slices.Sorted(maps.Keys(g.claims)) {
		if name, ok := strings.CutPrefix(field, "Claim"); ok {
			convert, err := conversion(g.claims[field])
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(&b, "\tr.identity.%s = %s(inputClaim(who, %q))\n", field, convert, name)
		}
	}
	b.WriteString("}\n\n// Rows are the compiled sides.\nvar Rows = map[string]func([]*contest.Input) (contest.Side, error){\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "\t%q: new_%s,\n", r.name, r.name)
	}
	b.WriteString("}\n")
	for _, r := range rows {
		if err := g.bind(&b, r); err != nil {
			return nil, fmt.Errorf("let %s: %w", r.name, err)
		}
	}
	return format.Source(b.Bytes())
}

// bind writes one row's side.
func (g *generated) bind(b *bytes.Buffer, r row) error {
	m := g.method(r.name)
	if m == nil {
		return fmt.Errorf("no function of it is in the generated code")
	}
	fold, failing := "", len(m.Type.Results.List) > 1
	switch result := types.ExprString(m.Type.Results.List[0].Type); result {
	case "bool", "int64", "string":
		fold = map[string]string{"bool": "FoldBool", "int64": "FoldInt", "string": "FoldString"}[result]
	default:
		return fmt.Errorf("a result of type %s is not consumed here", result)
	}
	var fields, fill, args []string
	for _, f := range m.Type.Params.List {
		written := types.ExprString(f.Type)
		convert, err := conversion(written)
		if err != nil {
			return err
		}
		for range f.Names {
			i := len(args)
			fields = append(fields, fmt.Sprintf("p%d %s", i, written))
			fill = append(fill, fmt.Sprintf("c.p%d = %s(in.Params[%q])", i, convert, r.params[i].name))
			args = append(args, fmt.Sprintf("c.p%d", i))
		}
	}
	memos := map[string]bool{}
	g.kept(m, memos, map[string]bool{})
	var forget []string
	for _, name := range slices.Sorted(maps.Keys(memos)) {
		forget = append(forget, fmt.Sprintf("c.r.%s.Done = false", name))
	}
	call := fmt.Sprintf("c.r.%s(%s)", m.Name.Name, strings.Join(args, ", "))
	runs, value := "v := "+call, "v := "+call+"\n\tvar err eval.Err"
	if failing {
		runs = "v, err := " + call + "\n\t\tif err != eval.None {\n\t\t\tsum += contest.Failed\n\t\t\tcontinue\n\t\t}"
		value = "v, err := " + call
	}
	return write(b, bindingRow, map[string]string{
		"NAME": r.name, "FIELDS": strings.Join(fields, "\n\t"), "FILL": strings.Join(fill, "\n\t\t"),
		"FORGET": strings.Join(forget, "\n\t\t"), "RUN": runs, "VALUE": value, "FOLD": fold,
	})
}

// conversion is the Go expression of a function from any to a type of the
// generated code.
func conversion(written string) (string, error) {
	t, err := parser.ParseExpr(written)
	if err != nil {
		return "", err
	}
	switch t := t.(type) {
	case *ast.ArrayType:
		elem, err := conversion(types.ExprString(t.Elt))
		return fmt.Sprintf("inputList(%s)", elem), err
	case *ast.IndexExpr:
		if types.ExprString(t.X) == "eval.Optional" {
			elem, err := conversion(types.ExprString(t.Index))
			return fmt.Sprintf("inputOptional(%s)", elem), err
		}
	case *ast.IndexListExpr:
		if types.ExprString(t.X) == "eval.Map" && len(t.Indices) == 2 && types.ExprString(t.Indices[0]) == "string" {
			elem, err := conversion(types.ExprString(t.Indices[1]))
			return fmt.Sprintf("inputMap(%s)", elem), err
		}
	case *ast.Ident, *ast.SelectorExpr:
		return fmt.Sprintf("inputPlain[%s]", written), nil
	}
	return "", fmt.Errorf("there are no inputs of type %s", written)
}

func write(b *bytes.Buffer, template string, parts map[string]string) error {
	for name, text := range parts {
		template = strings.ReplaceAll(template, "@"+name+"@", text)
	}
	if i := strings.IndexByte(template, '@'); i >= 0 {
		return fmt.Errorf("the template has an unknown part: %.20s", template[i:])
	}
	b.WriteString(template)
	return nil
}
