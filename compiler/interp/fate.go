package interp

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/ast"
)

// onward returns the request as the upstream gets it, and the cluster that it
// goes to: "" where the host's own route decides.
func (d *decision) onward() (headers []scenario.Header, cluster string, failed *answer) {
	authority := d.sent.Authority
	headers, path := d.withoutCredentials()
	if headers, failed = d.changeHeaders(headers, false); failed != nil {
		return nil, "", failed
	}
	d.home()
	if w := d.route.RewritePath; w != nil {
		if path, failed = d.rewrittenPath(w, path); failed != nil {
			return nil, "", failed
		}
	}
	if w := d.route.RewriteHost; w != nil {
		authority, _ = d.expand(w.Target)
	}
	if cluster, failed = d.cluster(); failed != nil {
		return nil, "", failed
	}
	if cluster != "" {
		headers = withHeader(headers, clusterHeader, cluster)
		headers = append(headers, d.delivery()...)
	}
	return append(d.pseudo(path, authority), headers...), cluster, nil
}

// unmatched lets a request go that no route takes and that the host's own
// route is to decide on.
func (d *decision) unmatched() scenario.Outcome {
	for _, tooLarge := range []func(*resolve.Route) *answer{d.declared, d.arrived} {
		if a := tooLarge(nil); a != nil {
			return d.reply(a)
		}
	}
	headers, path := d.withoutCredentials()
	o := scenario.Outcome{Forward: true, By: d.bundle.Name + ".unmatched", Response: d.sent.Upstream,
		Request: append(d.pseudo(path, d.sent.Authority), headers...)}
	o.Response.Headers = d.announced(d.readable(o.Response.Headers))
	if d.sent.Method == "HEAD" {
		o.Response.Body = ""
	}
	return o
}

func (d *decision) pseudo(path, authority string) []scenario.Header {
	return []scenario.Header{
		{Name: ":method", Value: d.sent.Method},
		{Name: ":scheme", Value: d.sent.Scheme},
		{Name: ":authority", Value: authority},
		{Name: ":path", Value: path},
	}
}

// rewrittenPath is the path that takes the place of the one with the query at
// hand.
func (d *decision) rewrittenPath(w *resolve.Rewrite, old string) (string, *answer) {
	path, fragment, failed := d.targetOf(w.Target, w.Expr, w.Name)
	if failed != nil {
		return "", failed
	}
	path += fragment
	if badPath(path) != "" {
		return "", refusal(400, w.Name)
	}
	return keepingQuery(path, old), nil
}

// keepingQuery adds the query of an old path, unless the new one has its own.
func keepingQuery(path, old string) string {
	if _, query, has := strings.Cut(old, "?"); has && !strings.Contains(path, "?") {
		return path + "?" + query
	}
	return path
}

// targetOf is a target as its text or its expression gives it, and the
// fragment of the former with its #.
func (d *decision) targetOf(t *resolve.Target, e *ast.Expr, name string) (target, fragment string, failed *answer) {
	if t != nil {
		target, fragment = d.expand(t)
		return target, fragment, nil
	}
	target, err := d.text(e)
	if err != nil {
		return "", "", refusal(500, name)
	}
	if base, rest, has := strings.Cut(target, "#"); has {
		return base, "#" + rest, nil
	}
	return target, "", nil
}

// expand puts captures into a target.
func (d *decision) expand(t *resolve.Target) (target, fragment string) {
	join := func(parts []resolve.TargetPart) string {
		s := ""
		for _, p := range parts {
			switch {
			case p.Capture == "":
				s += p.Text
			case p.In == resolve.InHost:
				s += d.captures[p.Capture]
			case p.In == resolve.InPath:
				s += encoded(d.captures[p.Capture], "!$&'()*+,=:@/")
			default:
				s += encoded(d.captures[p.Capture], "!$'()*,:@/")
			}
		}
		return s
	}
	if t.HasFragment {
		fragment = "#" + join(t.Fragment)
	}
	return join(t.Parts), fragment
}

// encoded escapes every byte but letters, digits, -._~ and those that stay.
func encoded(s, stay string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if strings.IndexByte(plain+stay, s[i]) >= 0 {
			out.WriteByte(s[i])
		} else {
			out.WriteString("%" + strings.ToUpper(strconv.FormatUint(256+uint64(s[i]), 16)[1:]))
		}
	}
	return out.String()
}

// sendable reports whether text is made of what may stand in a URL.
func sendable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '\\' })
}

// redirect answers a redirecting route.
func (d *decision) redirect() *answer {
	r := d.route.Redirect
	if r == nil {
		return nil
	}
	d.home()
	a := &answer{status: r.Status, by: r.Name, silent: true}
	target, fragment := "", ""
	if r.HTTPS {
		if d.host == "" {
			return refusal(400, r.Name)
		}
		target = "https://" + d.host + d.sent.Path
	} else {
		var failed *answer
		if target, fragment, failed = d.targetOf(r.Target, r.Expr, r.Name); failed != nil {
			return failed
		}
		if !soundTarget(target) || !sendable(target+fragment) {
			return refusal(400, r.Name)
		}
		old := d.sent.Path
		if !strings.HasPrefix(target, "/") {
			// Another site gets no credential.
			for _, auth := range d.bundle.Auths {
				if auth.Place == resolve.InQuery {
					old = withoutParameters(old, auth.Field)
				}
			}
		}
		target = keepingQuery(target, old)
	}
	a.headers = []scenario.Header{{Name: "location", Value: target + fragment}}
	return a
}

// soundTarget holds a redirect to an absolute URL of http or https, or to a
// path that begins with one slash; dot segments and empty ones have no place in
// either.
func soundTarget(target string) bool {
	rest := target
	for _, scheme := range []string{"http://", "https://"} {
		if after, ok := strings.CutPrefix(target, scheme); ok {
			end := strings.IndexAny(after, "/?")
			if end < 0 {
				end = len(after)
			}
			host := after[:end]
			if host == "" || strings.ContainsAny(host, "@%") || strings.HasPrefix(host, ".") || !portPattern.MatchString(host) {
				return false
			}
			rest = "/" + strings.TrimPrefix(after[end:], "/")
		}
	}
	if !strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "//") {
		return false
	}
	segments := strings.Split(pathOf(rest), "/")[1:]
	for i, s := range segments {
		if s == "." || s == ".." || s == "" && i < len(segments)-1 {
			return false
		}
	}
	return true
}

// portPattern takes hosts without a port, or with one from 1 to 65535.
var portPattern = regexp.MustCompile(`^([^:\[\]]+|\[[^\[\]]*\])(:0*([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?$`)

// cluster chooses where a request is forwarded to.
func (d *decision) cluster() (string, *answer) {
	f := d.route.Forward
	if f == nil {
		return "", nil
	}
	for _, k := range f.Cases {
		holds, err := d.holds(k.When)
		if err != nil {
			return "", refusal(500, f.Name)
		}
		if holds {
			return k.Cluster, nil
		}
	}
	switch {
	case f.Choice != nil:
		chosen, err := d.text(f.Choice)
		switch {
		case err != nil:
			return "", refusal(500, f.Name)
		case slices.Contains(f.Among, chosen):
			return chosen, nil
		case f.Else != "":
			return f.Else, nil
		}
		return "", refusal(503, f.Name)
	case f.Split != nil:
		sticky := ""
		if f.Sticky != nil {
			var err error
			if sticky, err = d.text(f.Sticky); err != nil {
				return "", refusal(500, f.Name)
			}
		}
		return d.share(f.Split, sticky), nil
	}
	return f.Cluster, nil
}

// share picks a cluster of a split. Each cluster waits for a time that the
// caller's text and the cluster's name decide, exponentially distributed, and
// that its share makes shorter; the first wins. So each wins as often as its
// share says, and a cluster that is added takes requests from others without
// moving any between those.
func (d *decision) share(split []resolve.Share, sticky string) string {
	if sticky == "" {
		for _, s := range split {
			if s.Cluster == d.sent.Choose && s.Percent > 0 {
				return s.Cluster
			}
		}
		for _, s := range split {
			if s.Percent > 0 {
				return s.Cluster
			}
		}
	}
	best, first := "", math.Inf(1)
	for _, s := range split {
		if s.Percent == 0 {
			continue
		}
		n := mixed(hashed(sticky) ^ mixed(hashed(s.Cluster)))
		uniform := (float64(n>>11) + 0.5) / (1 << 53)
		if wait := -math.Log(uniform) / float64(s.Percent); wait < first {
			best, first = s.Cluster, wait
		}
	}
	return best
}

// hashed is FNV-1a of 64 bits.
func hashed(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// mixed is the finaliser of SplitMix64.
func mixed(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// delivery are the host's headers that ask for the route's timeout and retries.
func (d *decision) delivery() []scenario.Header {
	var out []scenario.Header
	add := func(name, value string) { out = append(out, scenario.Header{Name: "x-envoy-" + name, Value: value}) }
	if t := d.route.Timeout; t != nil {
		add("upstream-rq-timeout-ms", strconv.FormatInt(t.After.Milliseconds(), 10))
	}
	t := d.route.Retry
	if t == nil || t.Methods != nil && !slices.Contains(t.Methods, d.sent.Method) &&
		!(d.sent.Method == "HEAD" && slices.Contains(t.Methods, "GET")) {
		return out
	}
	add("max-retries", strconv.Itoa(t.Count))
	on := slices.Clone(t.On)
	if len(t.Statuses) > 0 {
		on = append(on, "retriable-status-codes")
		add("retriable-status-codes", strings.Join(t.Statuses, ","))
	}
	if len(on) > 0 {
		add("retry-on", strings.Join(on, ","))
	}
	if len(t.GRPC) > 0 {
		add("retry-grpc-on", strings.Join(t.GRPC, ","))
	}
	if t.PerTry > 0 {
		add("upstream-rq-per-try-timeout-ms", strconv.FormatInt(t.PerTry.Milliseconds(), 10))
	}
	return out
}
