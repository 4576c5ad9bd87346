package resolve

import (
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/source"
)

// MaxBody is how many bytes the body of a request may have.
type MaxBody struct {
	Bytes int64
	Span  source.Span
}

// maxBody is max_body SIZE in a route, which stands in place of the bundle's.
func (b *block) maxBody(n *ast.MaxBody) {
	if b.single("max_body", n.Span()) {
		b.route.MaxBody = &MaxBody{n.Size.Bytes, n.Span()}
	}
}

// maxBodySetting is max_body SIZE for all routes of a bundle.
func (r *resolver) maxBodySetting(m *ast.Member) {
	switch {
	case len(m.Args) == 1 && m.Args[0].Size != nil:
		r.MaxBody = &MaxBody{m.Args[0].Size.Bytes, m.Span()}
	default:
		r.form(m, "max_body 64KiB")
	}
}

// BoundOf is how many bytes the body of a request may have that goes on by a
// route, or by none (nil); -1 where nothing bounds it.
func (b *Bundle) BoundOf(r *Route) int64 {
	switch {
	case r != nil && r.Answers():
		return -1
	case r != nil && r.MaxBody != nil:
		return r.MaxBody.Bytes
	case b.MaxBody != nil:
		return b.MaxBody.Bytes
	}
	return -1
}

// Bounds reports whether some request of the bundle can be refused for its body.
func (b *Bundle) Bounds() bool {
	for _, r := range b.Routes {
		if b.BoundOf(r) >= 0 {
			return true
		}
	}
	return b.Unmatched == 0 && b.BoundOf(nil) >= 0
}
