package contest

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// Header is the value of a header, "" when there is none.
func (in *Input) Header(name string) string {
	for _, h := range in.Headers {
		if h[0] == name {
			return h[1]
		}
	}
	return ""
}

// variable is the value of a name that an expression reads, of Go's types.
func (in *Input) variable(name string) (any, error) {
	if v, ok := in.Params[name]; ok {
		return v, nil
	}
	if n, ok := strings.CutPrefix(name, headerVariable); ok {
		return in.Header(n), nil
	}
	path, query, _ := strings.Cut(in.Path, "?")
	if n, ok := strings.CutPrefix(name, queryVariable); ok {
		values, err := url.ParseQuery(query)
		return values.Get(n), err
	}
	if n, ok := strings.CutPrefix(name, cookieVariable); ok {
		cookies, _ := http.ParseCookie(in.Header("cookie"))
		for _, c := range cookies {
			if c.Name == n {
				return c.Value, nil
			}
		}
		return "", nil
	}
	if n, ok := strings.CutPrefix(name, "identity.claims."); ok {
		v, there := in.Identity.Claims[n]
		if attributes[name].TypeName() == "optional_type" {
			return Optional{v}, nil
		} else if !there {
			return nil, fmt.Errorf("there is no claim %s", n)
		}
		return v, nil
	}
	switch name {
	case "request.path":
		return in.Path, nil
	case "request.url_path":
		return path, nil
	case "request.host":
		return in.Host, nil
	case "request.scheme":
		return in.Scheme, nil
	case "request.method":
		return in.Method, nil
	case "request.headers":
		m := map[string]string{}
		for _, h := range in.Headers {
			m[h[0]] = h[1]
		}
		return m, nil
	case "request.time", "now":
		return in.Now, nil
	case "source.ip":
		return in.Source, nil
	case "source.port":
		return in.SourcePort, nil
	case "destination.port":
		return in.DestinationPort, nil
	case "identity.subject":
		return in.Identity.Subject, nil
	case "identity.groups":
		return in.Identity.Groups, nil
	}
	return nil, fmt.Errorf("%s has no value here", name)
}

// Optional is a value of an optional type; nil is none.
type Optional struct{ Value any }

// native makes a value of cel-go that looks into Go's own slices and maps.
func native(v any) ref.Val {
	if o, ok := v.(Optional); ok {
		if o.Value == nil {
			return types.OptionalNone
		}
		return types.OptionalOf(native(o.Value))
	}
	return types.DefaultTypeAdapter.NativeToValue(v)
}

// boxed makes a value of cel-go whose elements are values of cel-go, too.
func boxed(v any) ref.Val {
	if o, ok := v.(Optional); ok && o.Value != nil {
		return types.OptionalOf(boxed(o.Value))
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Slice:
		list := make([]ref.Val, r.Len())
		for i := range list {
			list[i] = boxed(r.Index(i).Interface())
		}
		return types.NewRefValList(types.DefaultTypeAdapter, list)
	case reflect.Map:
		m := map[ref.Val]ref.Val{}
		for _, k := range r.MapKeys() {
			m[boxed(k.Interface())] = boxed(r.MapIndex(k).Interface())
		}
		return types.NewRefValMap(types.DefaultTypeAdapter, m)
	}
	return native(v)
}

// evaluators are cel-go's side with either kind of lists and maps: which is the
// faster one depends on the expression.
func (r *Row) evaluators(x *Expression, inputs []*Input) ([]*evaluator, error) {
	program, err := x.program()
	if err != nil {
		return nil, err
	}
	var all []*evaluator
	for _, wrap := range []func(any) ref.Val{native, boxed} {
		e := &evaluator{program: program}
		for _, in := range inputs {
			values := map[string]ref.Val{}
			for _, name := range x.Variables {
				v, err := in.variable(name)
				if err != nil {
					return nil, err
				}
				values[name] = wrap(v)
			}
			e.activations = append(e.activations, r.Activation(values))
		}
		all = append(all, e)
	}
	return all, nil
}
