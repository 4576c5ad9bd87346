package core

import (
	"strings"
	"unsafe"
)

// Shadow notes a rule in shadow: one that is evaluated, would have changed the
// outcome of the request, and does not. The host counts it, by the bit of its
// number in Frame.Shadows.
func (r *Request) Shadow(rule int) {
	f := r.f
	b := f.bundle()
	if b == nil || rule < 0 || rule >= len(b.Rules) {
		return
	}
	r.shadowed = true
	if f.Shadows.N == 0 {
		set := r.Room((len(b.Rules) + 7) / 8)
		if set == nil {
			return // and Decide denies the request
		}
		clear(set)
		f.Shadows = Ref{uintptr(unsafe.Pointer(unsafe.SliceData(set))), uintptr(len(set))}
	}
	unsafe.Slice(*(**byte)(unsafe.Pointer(&f.Shadows.P)), f.Shadows.N)[rule/8] |= 1 << (rule % 8)
}

// Shadowed reports whether a rule in shadow would have changed the outcome of
// the frame's request.
func (f *Frame) Shadowed(rule int) bool {
	set := f.Shadows.view()
	return rule >= 0 && rule/8 < len(set) && set[rule/8]>>(rule%8)&1 == 1
}

// ShadowName is what a rule in shadow is called in the bundle's counters.
func (b *Bundle) ShadowName(rule int) string { return strings.TrimPrefix(b.Rules[rule], b.Name+".") }

// shadows writes the names of the frame's rules in shadow, each behind the text
// before it.
func (b *Bundle) shadows(o *Builder, f *Frame, first, between string) (any bool) {
	if f.Shadows.N == 0 {
		return false
	}
	for _, rule := range b.Shadows {
		if f.Shadowed(rule) {
			o.String(first)
			o.String(b.Rules[rule])
			first, any = between, true
		}
	}
	return any
}
