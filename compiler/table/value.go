package table

import (
	"encoding/base64"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"moec.dev/moec/compiler/types"
)

// value converts a node to a type; path leads to it.
func (r *reader) value(n *node, t *types.Type, path []string) Value {
	switch t.Kind {
	case types.Optional:
		if n.kind == null || n.kind == cell && n.text == "" {
			return nil
		}
		return r.value(n, t.Elem, path)
	case types.List:
		if n.kind != list {
			return r.unlike(n, t, path)
		}
		out := make([]Value, len(n.items))
		for i, item := range n.items {
			out[i] = r.value(item, t.Elem, append(slices.Clip(path), strconv.Itoa(i)))
		}
		return out
	case types.Map:
		if n.kind != object {
			return r.unlike(n, t, path)
		}
		m := &Map{Keys: n.keys, Values: make([]Value, len(n.items))}
		for i, item := range n.items {
			m.Values[i] = r.value(item, t.Elem, append(slices.Clip(path), n.keys[i]))
		}
		return m
	case types.Record:
		return r.record(n, t, path)
	}
	return r.scalar(n, t, path)
}

func (r *reader) record(n *node, t *types.Type, path []string) Value {
	if n.kind != object {
		return r.unlike(n, t, path)
	}
	for i, k := range n.keys {
		if t.Field(k) == nil {
			r.refuse(n.items[i].at, append(slices.Clip(path), k), "the type %s has no such field", t)
		}
	}
	out := make([]Value, len(t.Fields))
	for i, f := range t.Fields {
		at := slices.Index(n.keys, f.Name)
		switch {
		case at >= 0:
			out[i] = r.value(n.items[at], f.Type, append(slices.Clip(path), f.Name))
		case f.Type.Kind != types.Optional:
			r.refuse(n.at, append(slices.Clip(path), f.Name), "the field is missing").Helpf("%s: %s?, where not every entry has one", f.Name, f.Type)
		}
	}
	return out
}

// whole is a whole number, as every format writes it.
var whole = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

func (r *reader) scalar(n *node, t *types.Type, path []string) Value {
	bare := n.kind == cell
	switch t.Kind {
	case types.Bool:
		if n.kind == boolean || bare {
			switch n.text {
			case "true":
				return true
			case "false":
				return false
			}
		}
	case types.Int, types.Uint:
		if n.kind != number && !bare {
			break
		}
		if !whole.MatchString(n.text) {
			r.refuse(n.at, path, "%s is no whole number", n.text)
			return nil
		}
		if t.Kind == types.Int {
			v, err := strconv.ParseInt(n.text, 10, 64)
			if err != nil {
				r.refuse(n.at, path, "%s does not fit an int", n.text)
			}
			return v
		}
		v, err := strconv.ParseUint(n.text, 10, 64)
		if err != nil {
			r.refuse(n.at, path, "%s does not fit a uint", n.text)
		}
		return v
	case types.Double:
		if n.kind != number && !bare {
			break
		}
		v, err := strconv.ParseFloat(n.text, 64)
		if err != nil || math.IsInf(v, 0) || math.IsNaN(v) || strings.ContainsAny(n.text, "xX_") {
			r.refuse(n.at, path, "%s is no double", n.text)
			return nil
		}
		return v
	case types.String:
		if n.kind == text || bare {
			return n.text
		}
	case types.Bytes:
		if n.kind == text || bare {
			v, err := base64.StdEncoding.DecodeString(n.text)
			if err != nil {
				r.refuse(n.at, path, "bytes are written in base64, and this is not: %v", err)
			}
			return v
		}
	case types.Duration:
		if n.kind == text || bare {
			v, err := time.ParseDuration(n.text)
			if err != nil {
				r.refuse(n.at, path, "%q is no duration", n.text).Helpf("1h30m")
			}
			return v
		}
	case types.Timestamp:
		if n.kind == text || n.kind == moment || bare {
			v, err := time.Parse(time.RFC3339Nano, n.text)
			if err != nil {
				r.refuse(n.at, path, "%q is no timestamp", n.text).Helpf("2026-01-01T00:00:00Z")
			}
			return v.UTC()
		}
	}
	return r.unlike(n, t, path)
}

func (r *reader) unlike(n *node, t *types.Type, path []string) Value {
	if n.kind == cell {
		r.refuse(n.at, path, "%q is no %s", n.text, t)
		return nil
	}
	d := r.refuse(n.at, path, "this is %s; the type is %s", kindNames[n.kind], t)
	if t.Kind == types.String && (n.kind == number || n.kind == boolean || n.kind == moment) {
		d.Help = strconv.Quote(n.text)
	}
	if n.kind == null && t.Kind != types.Optional {
		d.Help = "say " + t.String() + "? where a value may be missing"
	}
	return nil
}
