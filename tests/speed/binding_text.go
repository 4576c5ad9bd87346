package main

// bindingHead is the part of the binding that all rows share.
const bindingHead = `// Package policy also has its rows bound to the contest here.
package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unsafe"

	"moec.dev/moec/runtime/core"
	"moec.dev/moec/runtime/eval"
	"moec.dev/moec/tests/speed/contest"
)

var _ time.Time // some row has one

func inputText(s string) core.Bytes {
	return core.Bytes{P: unsafe.Pointer(unsafe.StringData(s)), N: uintptr(len(s))}
}

// inputRequest makes a request of an input, as a host would hand it over.
func inputRequest(in *contest.Input) (*request, *core.Frame, error) {
	headers := [][2]string{{":method", in.Method}, {":scheme", in.Scheme}, {":authority", in.Host}, {":path", in.Path}}
	headers = append(headers, in.Headers...)
	fields := make([]core.Field, len(headers))
	for i, h := range headers {
		fields[i] = core.Field{Key: inputText(h[0]), Value: inputText(h[1])}
	}
	f := &core.Frame{Now: in.Now.UnixNano(), Route: -1, Arena: unsafe.SliceData(make([]byte, core.ArenaSize)),
		Headers: unsafe.SliceData(fields), NHeaders: uintptr(len(fields))}
	for i, id := range Bundle.Attributes {
		switch id {
		case core.AttrSourceAddress:
			host := in.Source
			if strings.Contains(host, ":") {
				host = "[" + host + "]"
			}
			f.Attributes[i] = core.Attribute{Text: inputText(fmt.Sprintf("%s:%d", host, in.SourcePort)), Known: 1}
		case core.AttrSourcePort:
			f.Attributes[i] = core.Attribute{Int: uint64(in.SourcePort), Known: 1}
		case core.AttrDestinationPort:
			f.Attributes[i] = core.Attribute{Int: uint64(in.DestinationPort), Known: 1}
		default:
			return nil, nil, fmt.Errorf("the inputs have no attribute %d", id)
		}
	}
	r := new(request)
	if !r.Open(f, spec) {
		return nil, nil, fmt.Errorf("the request is refused: %s %s %v", in.Method, in.Path, in.Headers)
	}
	inputIdentity(r, in.Identity)
	return r, f, nil
}

func inputClaim(who contest.Identity, field string) any {
	for name, v := range who.Claims {
		if strings.EqualFold(strings.ReplaceAll(name, "_", ""), field) {
			return v
		}
	}
	return nil
}

func inputPlain[T any](v any) T { return v.(T) }

func inputList[T any](elem func(any) T) func(any) []T {
	return func(v any) []T {
		r := reflect.ValueOf(v)
		out := make([]T, r.Len())
		for i := range out {
			out[i] = elem(r.Index(i).Interface())
		}
		return out
	}
}

func inputMap[T any](elem func(any) T) func(any) eval.Map[string, T] {
	return func(v any) eval.Map[string, T] {
		r := reflect.ValueOf(v)
		var keys []string
		var values []T
		for _, k := range r.MapKeys() {
			keys = append(keys, k.String())
		}
		slices.Sort(keys)
		for _, k := range keys {
			values = append(values, elem(r.MapIndex(reflect.ValueOf(k)).Interface()))
		}
		return eval.MakeMap(keys, values)
	}
}

func inputOptional[T any](elem func(any) T) func(any) eval.Optional[T] {
	return func(v any) eval.Optional[T] {
		if o, ok := v.(contest.Optional); ok {
			v = o.Value
		}
		if v == nil {
			var none eval.Optional[T]
			return none
		}
		return eval.Some(elem(v))
	}
}

`

// bindingRow is one row's side. What a request would keep is forgotten before
// each evaluation, and its memory given back.
const bindingRow = `
type side_@NAME@ [contest.Inputs]struct {
	r     *request
	frame *core.Frame
	used  uint32
	@FIELDS@
}

func new_@NAME@(inputs []*contest.Input) (contest.Side, error) {
	s := new(side_@NAME@)
	for i, in := range inputs {
		c := &s[i]
		var err error
		if c.r, c.frame, err = inputRequest(in); err != nil {
			return nil, err
		}
		c.used = c.frame.ArenaLen
		@FILL@
	}
	return s, nil
}

func (s *side_@NAME@) Run(n int) (sum uint64) {
	for i := range n {
		c := &s[i&(contest.Inputs-1)]
		c.frame.ArenaLen, c.r.Scratch = c.used, core.NewScratch(c.frame)
		@FORGET@
		@RUN@
		sum += contest.@FOLD@(v)
	}
	return sum
}

func (s *side_@NAME@) Value(i int) (any, error) {
	c := &s[i]
	c.frame.ArenaLen, c.r.Scratch = c.used, core.NewScratch(c.frame)
	@FORGET@
	@VALUE@
	if err != eval.None {
		return nil, fmt.Errorf("%s", err)
	}
	if c.frame.ArenaLen > core.ArenaSize {
		return nil, fmt.Errorf("the memory of the request was full")
	}
	if text, ok := any(v).(string); ok {
		return strings.Clone(text), nil
	}
	return v, nil
}
`
