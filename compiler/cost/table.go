package cost

import (
	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/table"
	"moec.dev/moec/compiler/types"
)

// reloadedEntries is how much a list or map of a table has at most whose file
// is only known when the library reads it: an entry is 16 bytes at least.
const reloadedEntries = 1 << 20

// tableSizes are the sizes of tables: of what is in the file, or of what could
// be in it.
func tableSizes(b *check.Bundle, s sizes) {
	for _, t := range b.Tables {
		if t.Decl.Reload {
			s[t.Name] = ofFile(t.Type)
		} else {
			s[t.Name] = ofData(t.Value, t.Type)
		}
	}
}

// ofFile is the largest size that a value of a type has in a file.
func ofFile(t *types.Type) celfront.Size {
	switch t.Kind {
	case types.List, types.Map:
		key, elem := text, ofFile(t.Elem)
		out := celfront.Size{Length: reloadedEntries, Elem: &elem}
		if t.Kind == types.Map {
			out.Key = &key
		}
		return out
	case types.Optional:
		return ofFile(t.Elem)
	case types.Record: // one for all fields
		out := scalar
		for _, f := range t.Fields {
			elem := ofFile(f.Type)
			if out.Elem != nil {
				elem = widest(*out.Elem, elem)
			}
			out.Elem = &elem
		}
		return out
	}
	return ofType(t)
}

// ofData is the size of a value.
func ofData(v table.Value, t *types.Type) celfront.Size {
	if t.Kind == types.Optional {
		t = t.Elem
	}
	out := scalar
	add := func(e celfront.Size) {
		if out.Elem != nil {
			e = widest(*out.Elem, e)
		}
		out.Elem = &e
	}
	switch v := v.(type) {
	case string:
		out.Length = uint64(len(v))
	case []byte:
		out.Length = uint64(len(v))
	case *table.Map:
		longest := 0
		out.Length = uint64(len(v.Keys))
		for i, k := range v.Keys {
			longest = max(longest, len(k))
			add(ofData(v.Values[i], t.Elem))
		}
		out.Key = &celfront.Size{Length: uint64(longest)}
		if out.Elem == nil {
			out.Elem = &celfront.Size{}
		}
	case []table.Value:
		if t.Kind == types.Record {
			for i, f := range t.Fields {
				add(ofData(v[i], f.Type))
			}
			break
		}
		out.Length = uint64(len(v))
		for _, e := range v {
			add(ofData(e, t.Elem))
		}
		if out.Elem == nil {
			out.Elem = &celfront.Size{}
		}
	}
	return out
}

// widest is larger, with the keys of maps too.
func widest(a, b celfront.Size) celfront.Size {
	out := larger(a, b)
	out.Key = a.Key
	if out.Key == nil || b.Key != nil && b.Key.Length > out.Key.Length {
		out.Key = b.Key
	}
	return out
}
