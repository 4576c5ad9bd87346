package reload

import (
	"errors"
	"math"
	"slices"

	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/runtime/files"
)

// keys compares what the two readers make of a key file. Messages point at the
// keys' own places, which show no secrets.
func keys(a *resolve.Auth, diags *diag.List) {
	err := sameKeys(a)
	if err == nil {
		return
	}
	at := a.Decl.Span()
	for _, k := range a.Keys {
		if line := place(k.Span.File, err); k.Span.Start >= line.Start && k.Span.End <= line.End {
			at = k.Span
		}
	}
	diags.Add(diag.ReadOtherwise, at, "the library does not read this file as the compiler does: %v", err).
		Helpf("write subjects, groups and claims in characters that can be seen")
}

func sameKeys(a *resolve.Auth) error {
	fields := make([]files.Field, len(a.Claims))
	for i, c := range a.Claims {
		fields[i] = files.Field{Name: c.Name.Text, Optional: c.Type.Optional}
	}
	k := files.ReadKeys("auth "+a.Name, a.Lines.Text, fields)
	if k.Err() != nil {
		return k.Err()
	}
	if k.Len() != len(a.Keys) {
		return errors.New("it has another number of keys")
	}
	for i, want := range a.Keys {
		same := k.Digests()[i*len(want.Digest):][:len(want.Digest)] == string(want.Digest[:]) &&
			k.Subject(i) == want.Subject && slices.Equal(k.Groups(i), want.Groups)
		for c, f := range a.Claims {
			if k.Has(i, c) != (want.Claims[c] != nil) {
				same = false
			} else if k.Has(i, c) {
				same = sameClaim(k, i, c, f.Type.Kind, want.Claims[c]) && same
			}
		}
		if k.Err() != nil {
			return k.Err()
		}
		if !same {
			return errors.New("the key of " + want.Subject + " would be another")
		}
	}
	return nil
}

func sameClaim(k *files.KeyFile, i, c int, kind string, want any) bool {
	switch kind {
	case "bool":
		return k.Bool(i, c) == want
	case "int":
		return k.Int(i, c) == want
	case "uint":
		return k.Uint(i, c) == want
	case "double":
		f, _ := want.(float64)
		return math.Float64bits(k.Double(i, c)) == math.Float64bits(f)
	case "list":
		list, _ := want.([]string)
		return slices.Equal(k.List(i, c), list)
	}
	return k.Text(i, c) == want
}
