package cost

import (
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/types"
)

// What a request can hold, in bytes and elements.
//
// INVARIANT: the library and Envoy let nothing larger through: Envoy refuses
// larger headers, and a hook reads so many values of one name.
const (
	textBytes    = 64 << 10 // of one text: all headers together have no more
	headerCount  = 512
	queryCount   = 64
	addressBytes = 64      // [ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255%zone]:65535
	listElements = 1 << 16 // of a list whose size a policy computes
	fieldBytes   = 32      // of words that Envoy chooses from few
)

var (
	scalar = celfront.Size{Length: 1}
	text   = celfront.Size{Length: textBytes}
)

func listOf(n uint64, elem celfront.Size) celfront.Size {
	return celfront.Size{Length: n, Elem: &elem}
}

// functionSizes are the sizes of what moe's functions return.
var functionSizes = map[string]celfront.Size{
	"header": text, "query": text, "cookie": text,
	"header_values": listOf(headerCount, text), "query_values": listOf(queryCount, text),
}

// attributeSizes are those of attributes that are smaller than their types let
// expect.
var attributeSizes = map[string]uint64{
	"source.address": addressBytes, "source.ip": addressBytes, "source.net": addressBytes, "destination.address": addressBytes,
	"request.protocol": fieldBytes, "connection.tls_version": fieldBytes,
}

// sizes are the sizes of the names that a bundle's expressions read.
type sizes map[string]celfront.Size

func (s sizes) of(name string) (celfront.Size, bool) {
	if size, ok := s[name]; ok {
		return size, true
	}
	if size, ok := functionSizes[name]; ok {
		return size, true
	}
	if strings.HasPrefix(name, "path.") || strings.HasPrefix(name, "hostname.") {
		return text, true
	}
	a := types.Find(name)
	if a == nil {
		return celfront.Size{}, false
	}
	if n, ok := attributeSizes[name]; ok {
		return celfront.Size{Length: n}, true
	}
	return ofType(a.Type), true
}

// ofType is the largest size of a value of a type that a request chooses.
func ofType(t *types.Type) celfront.Size {
	switch t.Kind {
	case types.String, types.Bytes:
		return text
	case types.List:
		return listOf(listElements, ofType(t.Elem))
	case types.Map:
		key, elem := ofType(t.Key), ofType(t.Elem)
		return celfront.Size{Length: headerCount, Key: &key, Elem: &elem}
	case types.Optional:
		return ofType(t.Elem)
	case types.Dyn:
		return celfront.Size{Length: celfront.Unbounded}
	}
	return scalar
}

// bundleSizes finds the sizes of what the bundle itself says: the identities in
// its key files, and the names of its routes.
func bundleSizes(b *check.Bundle) sizes {
	var subject, method, groups, group, route int
	claims := map[string]celfront.Size{}
	for _, a := range b.Auths {
		method = max(method, len(a.Name))
		for _, k := range a.Keys {
			subject, groups = max(subject, len(k.Subject)), max(groups, len(k.Groups))
			for _, g := range k.Groups {
				group = max(group, len(g))
			}
			for i, f := range a.Claims {
				if i < len(k.Claims) {
					name := "identity.claims." + f.Name.Text
					claims[name] = larger(claims[name], ofValue(k.Claims[i]))
				}
			}
		}
	}
	for _, r := range b.Routes {
		route = max(route, len(r.FullName))
	}
	of := func(n int) celfront.Size { return celfront.Size{Length: uint64(n)} }
	s := sizes{
		"identity.method": of(method), "identity.subject": of(subject), "identity.id": of(method + 1 + subject), "identity.issuer": text,
		"identity.groups": listOf(uint64(groups), of(group)), "identity.anonymous": scalar, "route.name": of(route),
	}
	for name, size := range claims {
		s[name] = size
	}
	tableSizes(b, s)
	return s
}

// ofValue is the size of a claim in a key file.
func ofValue(v any) celfront.Size {
	switch v := v.(type) {
	case string:
		return celfront.Size{Length: uint64(len(v))}
	case []string:
		longest := 0
		for _, s := range v {
			longest = max(longest, len(s))
		}
		return listOf(uint64(len(v)), celfront.Size{Length: uint64(longest)})
	}
	return scalar
}

// larger is a size that both have room in.
func larger(a, b celfront.Size) celfront.Size {
	out := celfront.Size{Length: max(a.Length, b.Length), Elem: a.Elem}
	if out.Elem == nil {
		out.Elem = b.Elem
	} else if b.Elem != nil {
		elem := larger(*a.Elem, *b.Elem)
		out.Elem = &elem
	}
	return out
}
