package celfront

import (
	"slices"

	"cel.dev/cel-go/cel"
	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/interpreter"
)

// Ordered is a map whose entries have the order of its keys, which are all that
// it has. cel-go goes over maps in another order every time: what a policy
// makes of the order would be decided by chance.
func Ordered(m traits.Mapper, keys []ref.Val) traits.Mapper { return &orderedMap{m, keys} }

type orderedMap struct {
	traits.Mapper
	keys []ref.Val
}

func (m *orderedMap) Iterator() traits.Iterator {
	return celtypes.NewRefValList(celtypes.DefaultTypeAdapter, m.keys).(traits.Lister).Iterator()
}

func (m *orderedMap) Fold(f traits.Folder) {
	for _, k := range m.keys {
		if !f.FoldEntry(k, m.Get(k)) {
			return
		}
	}
}

func (m *orderedMap) IsZeroValue() bool { return len(m.keys) == 0 }

func (m *orderedMap) ConvertToType(t ref.Type) ref.Val {
	if t == celtypes.MapType {
		return m
	}
	return m.Mapper.ConvertToType(t)
}

// inOrder plans maps that are written, or built entry by entry, so that they
// keep that order.
func inOrder() cel.ProgramOption {
	return cel.CustomDecoratorV2(func(i interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
		switch i := i.(type) {
		case interpreter.InterpretableConstructor:
			if i.Type() == celtypes.MapType {
				return &orderedLiteral{i}, nil
			}
		case interpreter.InterpretableCall:
			if i.Function() == "cel.@mapInsert" {
				return &orderedInsert{i}, nil
			}
		}
		return i, nil
	})
}

type orderedLiteral struct {
	interpreter.InterpretableConstructor
}

func (o *orderedLiteral) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	v := o.InterpretableConstructor.Exec(frame)
	m, ok := v.(traits.Mapper)
	if !ok {
		return v
	}
	var keys []ref.Val
	// Keys are evaluated once more: an expression has no effects.
	for i, inits := 0, o.InitVals(); i < len(inits); i += 2 {
		k := inits[i].Exec(frame)
		if _, there := m.Find(k); there && !holds(keys, k) {
			keys = append(keys, k)
		}
	}
	return Ordered(m, keys)
}

func (o *orderedLiteral) Eval(vars interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(vars, o.Exec)
}

func holds(keys []ref.Val, k ref.Val) bool {
	return slices.ContainsFunc(keys, func(o ref.Val) bool { return celtypes.Equal(o, k) == celtypes.True })
}

// orderedInsert is what the macros that make maps do for each entry.
type orderedInsert struct{ interpreter.InterpretableCall }

func (o *orderedInsert) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	var args []ref.Val
	for _, a := range o.Args() {
		v := a.Exec(frame)
		if celtypes.IsUnknownOrError(v) {
			return v
		}
		args = append(args, v)
	}
	m, ok := args[0].(traits.Mapper)
	if !ok {
		return celtypes.MaybeNoSuchOverloadErr(args[0])
	}
	entries, keys := map[ref.Val]ref.Val{}, []ref.Val(nil)
	for _, k := range keysOf(m) {
		entries[k], keys = m.Get(k), append(keys, k)
	}
	add := args[1:]
	if len(add) == 1 {
		more, ok := add[0].(traits.Mapper)
		if !ok {
			return celtypes.MaybeNoSuchOverloadErr(add[0])
		}
		add = nil
		for _, k := range keysOf(more) {
			add = append(add, k, more.Get(k))
		}
	}
	for i := 0; i+1 < len(add); i += 2 {
		if holds(keys, add[i]) {
			return celtypes.NewErr("insert failed: key %v already exists", add[i])
		}
		entries[add[i]], keys = add[i+1], append(keys, add[i])
	}
	return Ordered(celtypes.NewRefValMap(celtypes.DefaultTypeAdapter, entries), keys)
}

func (o *orderedInsert) Eval(vars interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(vars, o.Exec)
}

func keysOf(m traits.Mapper) []ref.Val {
	if o, ok := m.(*orderedMap); ok {
		return o.keys
	}
	var keys []ref.Val
	for it := m.Iterator(); it.HasNext() == celtypes.True; {
		keys = append(keys, it.Next())
	}
	return keys
}
