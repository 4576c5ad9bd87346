package core

import (
	"strings"
	"unsafe"
)

// trailers takes out of a request's trailers what could not have come as a
// header: upstreams may read both alike. Rules see no trailers.
func trailers(f *Frame, b *Bundle) {
	if b.Spec == nil || f.NHeaders > MaxHeaders {
		fault(f, b, "its trailers cannot be read")
		return
	}
	s := Scratch{f: f}
	fields := unsafe.Slice(f.Headers, f.NHeaders)
	for i := range fields {
		if key := fields[i].Key.String(); b.Spec.refuses(key) {
			s.push(OpRemove, s.Copy(key), "")
		}
	}
	f.Verdict = VerdictContinue
	if why := unsound(f); why != "" {
		fault(f, b, why)
	}
}

// refuses reports whether no client may send a field of this name.
func (s *Spec) refuses(key string) bool {
	if key == "" || control(key) || looksLike(key, clusterHeader) {
		return true
	}
	for _, name := range s.folded {
		if looksLike(key, name) {
			return true
		}
	}
	for _, c := range s.Credentials {
		if c.Place == InHeader && named(key, c.Name) || c.Place == InCookie && named(key, "cookie") {
			return true
		}
	}
	for _, name := range s.Removed {
		if prefix, ok := strings.CutSuffix(name, "*"); ok && startsWith(key, prefix) || named(key, name) {
			return true
		}
	}
	return false
}
