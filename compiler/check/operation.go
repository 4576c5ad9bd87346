package check

import (
	"slices"
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
)

// total are the functions that have a result for any arguments of their types,
// and those of YAML, which are refused with the policy.
var total = words(`
json.parse
	_==_ _!=_ !_ _&&_ _||_ _?_:_ _<_ _<=_ _>_ _>=_
	dyn type size contains startsWith endsWith matches bytes
	header header_values query query_values cookie int_or
	lowerAscii upperAscii trim reverse replace split join strings.quote
	optional.of optional.none optional.ofNonZeroValue optional.unwrap unwrapOpt or orValue hasValue first last
	distinct hasAll hasAny hasExactly hasOnly sets.contains sets.equivalent sets.intersects
	isIP isCIDR family isLoopback isGlobalUnicast isUnspecified isLinkLocalUnicast isLinkLocalMulticast
	isMask masked prefixLength
	math.ceil math.floor math.round math.trunc math.sign math.sqrt math.isNaN math.isInf math.isFinite
	math.bitAnd math.bitOr math.bitXor math.bitNot
	base64.encode base64.encodeUrl
	yaml.encode yaml.parse
`)

func words(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// rules say of the other functions when they fail.
//
// INVARIANT: a function that is neither total nor here counts as failing.
var rules = map[string]func(f flow, e *celfront.Expr) []failure{}

func init() {
	for _, group := range []map[string]func(f flow, e *celfront.Expr) []failure{selectionRules, numberRules, textRules, timeRules, conversionRules, listRules, networkRules} {
		for name, rule := range group {
			rules[name] = rule
		}
	}
}

// operation are the failures of a node's own operation, on arguments that have
// values.
func (f flow) operation(e *celfront.Expr) []failure {
	switch e.Op {
	case celfront.Select, celfront.Has:
		return f.field(e)
	case celfront.List:
		return f.literal(e, e.Args, 1)
	case celfront.Map:
		return append(f.literal(e, e.Args, 2), f.mapKeys(e)...)
	case celfront.Call:
	default:
		return nil
	}
	if l, ok := strings.CutPrefix(e.Overload, "let_"); ok {
		return f.letCall(e, f.lets[l])
	}
	if fs := f.arguments(e); len(fs) > 0 {
		return fs
	}
	if fs := f.mixed(e); len(fs) > 0 {
		return fs
	}
	if rule := rules[e.Name]; rule != nil {
		return rule(f, e)
	}
	if total[e.Name] {
		return nil
	}
	return []failure{{at: e, why: e.Name + " may fail"}}
}

// letCall: parameters stand for the arguments, which have been evaluated.
func (f flow) letCall(e *celfront.Expr, l *Let) []failure {
	if l == nil || len(l.Params) != len(e.Args) {
		return []failure{{at: e, why: e.Name + " may fail"}}
	}
	var scope *scopes
	for i, p := range l.Params {
		if !accepts(p.Type, f.typeOf(e.Args[i])) {
			return []failure{f.unlike(e.Args[i], p.Type)}
		}
		scope = &scopes{outer: scope, name: p.Name, value: e.Args[i], in: f.scope}
	}
	return f.letFailures(e, l, scope)
}

// arguments: what is known of dyn arguments must fit one of the overloads that
// the static types leave open.
func (f flow) arguments(e *celfront.Expr) []failure {
	switch e.Name {
	case "_==_", "_!=_", "_[_]", "_[?_]", "_?._", "@in":
		return nil // these look at what they get
	case "_&&_", "_||_":
		return append(f.condition(e.Args[0]), f.condition(e.Args[1])...)
	}
	open := false
	for _, a := range e.Args {
		open = open || uncertain(a.Type)
	}
	if !open {
		return nil
	}
	var wanted []*types.Type // of the first argument that does not fit
	blamed := len(e.Args)
	for _, id := range strings.Fields(e.Overload) {
		params, _, ok := celfront.Signature(id)
		if !ok || len(params) != len(e.Args) {
			continue
		}
		bad := len(e.Args)
		for i, p := range params {
			if !accepts(p, f.typeOf(e.Args[i])) {
				bad = i
				break
			}
		}
		if bad == len(e.Args) {
			return nil
		}
		if bad < blamed || wanted == nil {
			blamed, wanted = bad, nil
		}
		if bad == blamed {
			wanted = append(wanted, params[bad])
		}
	}
	if wanted == nil {
		return []failure{{at: e, why: "this fails for values of some types"}}
	}
	if conversionRules[e.Name] != nil {
		return []failure{inconvertible(e)}
	}
	return []failure{f.unlike(e.Args[blamed], wanted...)}
}

// uncertain reports whether a type is not known down to its elements.
func uncertain(t *types.Type) bool {
	return t != nil && (t.Kind == types.Dyn || uncertain(t.Key) || uncertain(t.Elem))
}

// accepts reports whether every value of a type can stand for a parameter.
func accepts(param, t *types.Type) bool {
	if param.Kind == types.Dyn || param.Kind == types.Param {
		return true
	}
	if param.Kind != t.Kind {
		return false
	}
	return (param.Elem == nil || accepts(param.Elem, t.Elem)) && (param.Key == nil || accepts(param.Key, t.Key))
}

// unlike is the failure of a value that is not of a type.
func (f flow) unlike(e *celfront.Expr, wanted ...*types.Type) failure {
	out := failure{at: e}
	slices.SortStableFunc(wanted, func(a, b *types.Type) int { return usual[a.Kind] - usual[b.Kind] })
	wanted = slices.CompactFunc(wanted, func(a, b *types.Type) bool { return a.Kind == b.Kind })
	names := ""
	for i, t := range wanted {
		if i > 0 {
			names += map[bool]string{true: " or ", false: ", "}[i == len(wanted)-1]
		}
		names += t.Kind.String()
	}
	out.why = "this fails when the value is of another type than " + names
	if name := typeName(wanted[0]); name != "" && f.typeOf(e).Kind == types.Dyn {
		out.guard = phrase{"type(", e, ") == " + name}
		out.exact = len(wanted) == 1
	}
	return out
}

// usual orders types by how often such a value is meant.
var usual = map[types.Kind]int{types.String: -3, types.Int: -2, types.Uint: 1, types.Double: 2, types.Bytes: 3, types.Duration: 4, types.Timestamp: 4, types.Bool: 5}

// typeName is how CEL calls a type, "" for one without a name.
func typeName(t *types.Type) string {
	if t.Elem != nil && t.Elem.Kind != types.Dyn && t.Elem.Kind != types.Param {
		return "" // a test of the type says nothing of elements
	}
	for name, n := range namedTypes {
		if n.Kind == t.Kind {
			return name
		}
	}
	return ""
}

// mixed: where the checker took a dyn value for one of a certain type, only the
// value can tell.
func (f flow) mixed(e *celfront.Expr) []failure {
	for _, id := range strings.Fields(e.Overload) {
		params, result, ok := celfront.Signature(id)
		if !ok || len(params) != len(e.Args) {
			continue
		}
		bound := map[string]*types.Type{}
		match(result, e.Type, bound)
		for i, p := range params {
			if at := loose(p, f.typeOf(e.Args[i]), bound); at != nil {
				return []failure{f.unlike(e.Args[i], at)}
			}
		}
	}
	return nil
}

// match finds what the parameters of a type stand for.
func match(param, t *types.Type, bound map[string]*types.Type) {
	switch {
	case param == nil || t == nil:
	case param.Kind == types.Param:
		bound[param.Name] = t
	case param.Kind == t.Kind:
		match(param.Key, t.Key, bound)
		match(param.Elem, t.Elem, bound)
	}
}

// loose returns the type that a part of an argument has to have and may not
// have, or nil.
func loose(param, t *types.Type, bound map[string]*types.Type) *types.Type {
	switch {
	case param == nil || t == nil:
		return nil
	case param.Kind == types.Param:
		if want := bound[param.Name]; want != nil && !accepts(want, t) {
			return want
		}
		return nil
	case param.Kind == t.Kind:
		if at := loose(param.Key, t.Key, bound); at != nil {
			return at
		}
		return loose(param.Elem, t.Elem, bound)
	}
	return nil
}

// literal: every element must be of the literal's type, and an optional one of
// an optional type. step is 2 for maps, whose keys stand between.
func (f flow) literal(e *celfront.Expr, args []*celfront.Expr, step int) []failure {
	var fs []failure
	for i, a := range args {
		want := e.Type.Elem
		if step == 2 && i%2 == 0 {
			want = e.Type.Key
		}
		if n := i / step; i%step == step-1 && n < len(e.Optional) && e.Optional[n] {
			if f.typeOf(a).Kind != types.Optional {
				fs = append(fs, f.unlike(a, types.OptionalOf(types.DynType)))
				continue
			}
			want = types.OptionalOf(want)
		}
		if want != nil && !accepts(want, f.typeOf(a)) {
			fs = append(fs, f.unlike(a, want))
		}
	}
	return fs
}

func (f flow) mapKeys(e *celfront.Expr) []failure {
	var fs []failure
	for i := 0; i+1 < len(e.Args); i += 2 {
		if !keyed(f.typeOf(e.Args[i]).Kind) {
			fs = append(fs, failure{at: e.Args[i], why: "this fails for a value that cannot be the key of a map"})
		}
	}
	return fs
}
