package plan

import "moec.dev/moec/compiler/resolve"

// cors notes whose pages may read the answers of a route, and what it takes to
// know.
func (p *planner) cors(out *Route, r *resolve.Route) {
	for _, block := range p.b.Sharing(r) {
		out.CORS = append(out.CORS, p.b.CORS[block.CORS].Origins...)
		out.Reads.Headers = append(out.Reads.Headers, "origin", "access-control-request-method", "access-control-request-headers")
	}
}
