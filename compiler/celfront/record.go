package celfront

import (
	"fmt"
	"reflect"
	"sync"

	"cel.dev/cel-go/cel"
	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"moec.dev/moec/compiler/types"
)

// records are the record types that have been met, by the name under which
// cel-go knows them: the type as an author writes it, which no expression can
// name and every message can show.
var records sync.Map // string -> *types.Type

func recordType(t *types.Type) *cel.Type {
	name := t.String()
	records.LoadOrStore(name, t)
	return cel.ObjectType(name)
}

func recordNamed(name string) *types.Type {
	t, ok := records.Load(name)
	if !ok {
		return nil
	}
	return t.(*types.Type)
}

func (e *Env) hasRecords() bool {
	for _, t := range e.vars {
		if t.HasRecord() {
			return true
		}
	}
	for _, f := range e.funcs {
		if f.Result.HasRecord() {
			return true
		}
	}
	return false
}

// provideRecords makes the fields of records known. It stands last: options
// before it may want the registry itself.
func provideRecords(e *cel.Env) (*cel.Env, error) {
	return cel.CustomTypeProvider(recordProvider{e.CELTypeProvider()})(e)
}

type recordProvider struct{ celtypes.Provider }

func (p recordProvider) FindStructType(name string) (*celtypes.Type, bool) {
	if t := recordNamed(name); t != nil {
		return celtypes.NewTypeTypeWithParam(toCEL(t)), true
	}
	return p.Provider.FindStructType(name)
}

func (p recordProvider) FindStructFieldNames(name string) ([]string, bool) {
	t := recordNamed(name)
	if t == nil {
		return p.Provider.FindStructFieldNames(name)
	}
	var names []string
	for _, f := range t.Fields {
		names = append(names, f.Name)
	}
	return names, true
}

func (p recordProvider) FindStructFieldType(name, field string) (*celtypes.FieldType, bool) {
	t := recordNamed(name)
	if t == nil {
		return p.Provider.FindStructFieldType(name, field)
	}
	f := t.Field(field)
	if f == nil {
		return nil, false
	}
	return &celtypes.FieldType{
		Type: toCEL(f),
		IsSet: func(target any) bool {
			r, ok := target.(*recordValue)
			return ok && !celtypes.IsUnknownOrError(r.fields[field]) && r.fields[field] != celtypes.OptionalNone
		},
		GetFrom: func(target any) (any, error) {
			r, ok := target.(*recordValue)
			if !ok {
				return nil, fmt.Errorf("no such field: %s", field)
			}
			return r.fields[field], nil
		},
	}, true
}

// recordValue is a record for the evaluator. It is its own native value.
type recordValue struct {
	typ    *types.Type
	fields map[string]ref.Val
}

// RecordValue makes a record of all of its fields; one that is absent is
// optional.none().
func RecordValue(t *types.Type, fields map[string]ref.Val) ref.Val {
	return &recordValue{t, fields}
}

func (r *recordValue) ConvertToNative(reflect.Type) (any, error) { return r, nil }
func (r *recordValue) ConvertToType(to ref.Type) ref.Val {
	return celtypes.NewErr("a record has no other type than %s", r.typ)
}
func (r *recordValue) Type() ref.Type { return recordType(r.typ) }
func (r *recordValue) Value() any     { return r }

// Equal compares field by field.
func (r *recordValue) Equal(other ref.Val) ref.Val {
	o, ok := other.(*recordValue)
	if !ok || !o.typ.Equal(r.typ) {
		return celtypes.False
	}
	for name, v := range r.fields {
		if celtypes.Equal(v, o.fields[name]) != celtypes.True {
			return celtypes.False
		}
	}
	return celtypes.True
}

// Get is a field, for the evaluator where it does not know the type.
func (r *recordValue) Get(index ref.Val) ref.Val {
	name, _ := index.(celtypes.String)
	if v, ok := r.fields[string(name)]; ok {
		return v
	}
	return celtypes.NewErr("no such field: %s", name)
}

// IsSet reports whether a field has a value.
func (r *recordValue) IsSet(field ref.Val) ref.Val {
	name, _ := field.(celtypes.String)
	v, ok := r.fields[string(name)]
	return celtypes.Bool(ok && v != celtypes.OptionalNone)
}
