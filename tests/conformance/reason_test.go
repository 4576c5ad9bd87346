package conformance

import (
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	celpb "cel.dev/expr"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/tests/evaluation/wire"
)

// reason says why a case is not run.
type reason string

// The reasons. There are no others.
const (
	run          reason = ""
	notChecked   reason = "the case is not type-checked; moe has no expressions without types"
	notEvaluated reason = "the case is checked only, not evaluated"
	aMessage     reason = "it needs a protobuf message"
	anEnum       reason = "it needs a protobuf enum"
	aFunction    reason = "it declares a function without giving it a body"
	noValue      reason = "a variable is declared and not bound; moe has none without a value"
	noParse      reason = "its text is refused by cel-go's parser"
	refused      reason = "cel-go's checker refuses it, and so does moe"
)

var reasons = []reason{notChecked, notEvaluated, aMessage, anEnum, aFunction, noValue, noParse, refused}

// question is a case as it can be asked.
type question struct {
	*entry
	text   string // of the expression
	vars   []celfront.Variable
	values map[string]wire.Value
}

// ask makes a question of a case, or says why it cannot be asked.
func ask(syntax *cel.Env, e *entry) (*question, reason) {
	switch {
	case e.DisableCheck:
		return nil, notChecked
	case e.CheckOnly:
		return nil, notEvaluated
	}
	parsed, iss := syntax.Parse(e.Expr)
	if iss.Err() != nil {
		return nil, noParse
	}
	if r := protobuf(parsed.NativeRep().Expr(), e.Container); r != run {
		return nil, r
	}
	q := &question{entry: e, values: map[string]wire.Value{}}
	for _, d := range e.TypeEnv {
		if d.GetFunction() != nil {
			return nil, aFunction
		}
		t, ok := typeOf(d.GetIdent().GetType())
		if !ok {
			return nil, aMessage
		}
		q.vars = append(q.vars, celfront.Variable{Name: d.Name, Type: t})
	}
	for name, b := range e.Bindings {
		if _, ok := b.GetValue().GetKind().(*celpb.Value_EnumValue); ok {
			return nil, anEnum
		}
		v, ok := binding(b)
		if !ok {
			return nil, aMessage
		}
		q.values[name] = v
	}
	for _, v := range q.vars {
		if _, ok := q.values[v.Name]; !ok {
			return nil, noValue
		}
	}
	if _, ok := e.expected(); !ok {
		return nil, aMessage
	}
	if q.text = e.Expr; blocky(q.text) {
		var err error
		if q.text, err = plainNames(parsed); err != nil {
			panic(err) // what was parsed can be written
		}
	}
	return q, run
}

// protobuf says which part of protocol buffers an expression needs, by what it
// writes and names. Timestamps and durations are CEL's own.
func protobuf(root ast.Expr, container string) reason {
	found := run
	note := func(r reason) {
		if found != aMessage && r != run {
			found = r
		}
	}
	ast.PostOrderVisit(root, ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.StructKind:
			note(aMessage)
		case ast.IdentKind, ast.SelectKind:
			note(named(chain(e), container))
		case ast.CallKind:
			c := e.AsCall()
			name := c.FunctionName()
			if c.IsMemberFunction() {
				target := chain(c.Target())
				if target == "" {
					return
				}
				name = target + "." + name
			}
			note(named(name, container))
		}
	}))
	return found
}

// chain is the dotted name that an expression may be, or "".
func chain(e ast.Expr) string {
	switch e.Kind() {
	case ast.IdentKind:
		return e.AsIdent()
	case ast.SelectKind:
		if of := chain(e.AsSelect().Operand()); of != "" {
			return of + "." + e.AsSelect().FieldName()
		}
	}
	return ""
}

// named looks a name up among the messages and enums that the suite is linked
// with, in its container and those around it.
func named(name, container string) reason {
	if name == "" {
		return run
	}
	if rooted, ok := strings.CutPrefix(name, "."); ok {
		name, container = rooted, ""
	}
	for {
		full := name
		if container != "" {
			full = container + "." + name
		}
		d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(full))
		if err == nil && full != "google.protobuf.Timestamp" && full != "google.protobuf.Duration" {
			switch d.(type) {
			case protoreflect.MessageDescriptor, protoreflect.ExtensionDescriptor:
				return aMessage
			case protoreflect.EnumDescriptor, protoreflect.EnumValueDescriptor:
				return anEnum
			}
		}
		if container == "" {
			return run
		}
		i := strings.LastIndexByte(container, '.')
		container = container[:max(i, 0)]
	}
}
