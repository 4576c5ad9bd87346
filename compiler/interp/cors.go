package interp

import (
	"slices"
	"strconv"
	"strings"

	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/scenario"
)

// The words of the fetch standard, section 3.3 (https://fetch.spec.whatwg.org).
const (
	allowOrigin      = "access-control-allow-origin"
	allowCredentials = "access-control-allow-credentials"
	exposeHeaders    = "access-control-expose-headers"
)

// preflight answers a browser that asks whether it may send a request to a
// block with a cors.allow. The request is matched as the one that the browser
// means to send. It returns nil when nobody shares anything there: then an
// ordinary OPTIONS request is left.
func (d *decision) preflight() *answer {
	asked, _ := d.Header("access-control-request-method")
	if d.sent.Method != "OPTIONS" || len(d.HeaderValues("origin")) == 0 || asked == "" {
		return nil
	}
	d.method = asked
	before := d.log.mark()
	a := d.chooseRoute()
	failedWhen := a != nil && d.tried != nil && a.by == d.tried.FullName+".when"
	if !failedWhen && len(d.bundle.Sharing(d.route)) > 0 {
		if d.route == nil {
			d.tried, d.captures, d.lets = nil, nil, nil
		}
		if a := d.enter(); a != nil {
			return a
		}
		if rule := d.sharing(); rule != nil {
			if a := d.deny(false); a != nil {
				return a
			}
			return d.permitted(rule)
		}
	}
	d.log.back(before)
	d.route, d.tried, d.captures, d.lets, d.blocks = nil, nil, nil, nil, nil
	d.method, d.entered = d.sent.Method, false
	return nil
}

// sharing is the cors.allow that holds for the request, or nil. At most one can.
func (d *decision) sharing() *check.CORS {
	if d.early {
		return nil
	}
	for _, block := range d.bundle.Sharing(d.route) {
		if d.inside(block) {
			return d.bundle.CORS[block.CORS]
		}
	}
	return nil
}

// inside reports whether the rules of a block hold: a scope by template is on
// some requests only.
func (d *decision) inside(block *resolve.Route) bool {
	for _, s := range d.bundle.Scopes {
		if &s.Route == block && s.Template {
			return d.entered && slices.ContainsFunc(d.blocks, func(h held) bool { return h.Route == block })
		}
	}
	return true
}

// permitted answers a preflight: 204 with what is permitted, or 403.
func (d *decision) permitted(rule *check.CORS) *answer {
	a := &answer{status: 403, by: d.bundle.Name + ".cors", cors: true, headers: varying(rule)}
	origin, _ := d.Header("origin")
	named := d.allowed(rule, origin)
	method := d.method
	if method == "HEAD" && slices.Contains(rule.Methods, "GET") {
		method = "GET"
	}
	why := ""
	switch {
	case named == "":
		why = "the origin is not listed"
	case !slices.Contains(rule.Methods, method) && !slices.Contains(rule.Methods, "*"):
		why = "the method is not listed"
	}
	for _, list := range d.HeaderValues("access-control-request-headers") {
		for _, name := range strings.Split(list, ",") {
			name = lower(strings.Trim(name, " \t"))
			any := slices.Contains(rule.Headers, "*") && name != "authorization"
			if why == "" && name != "" && !any && !slices.Contains(rule.Headers, name) {
				why = "the header " + name + " is not listed"
			}
		}
	}
	d.log.sharing(d, rule, true, why)
	if why != "" {
		return a
	}
	a.status, a.silent = 204, true
	add := func(name, value string) {
		if value != "" {
			a.headers = append(a.headers, scenario.Header{Name: name, Value: value})
		}
	}
	add(allowOrigin, named)
	if rule.Credentials {
		add(allowCredentials, "true")
	}
	add("access-control-allow-methods", strings.Join(rule.Methods, ", "))
	add("access-control-allow-headers", strings.Join(rule.Headers, ", "))
	if rule.MaxAge > 0 {
		add("access-control-max-age", strconv.Itoa(int(rule.MaxAge.Seconds())))
	}
	return a
}

// allowed is what access-control-allow-origin says to an origin; "" if nothing.
func (d *decision) allowed(rule *check.CORS, origin string) string {
	switch {
	case slices.Contains(rule.Origins, "*"):
		return "*"
	case origin != "*" && slices.Contains(rule.Origins, origin):
		return origin
	}
	return ""
}

// readable makes of the headers of an answer what the page that asked for it may
// read. What an upstream says of that itself is taken off: the policy decides.
func (d *decision) readable(headers []scenario.Header) []scenario.Header {
	rule := d.sharing()
	if rule == nil {
		return headers
	}
	for _, name := range []string{allowOrigin, allowCredentials, exposeHeaders} {
		headers = without(headers, func(n string) bool { return lower(n) == name })
	}
	origin, _ := d.Header("origin")
	named, why := d.allowed(rule, origin), ""
	if named == "" {
		why = "the origin is not listed"
	}
	d.log.sharing(d, rule, false, why)
	if named != "" {
		headers = withHeader(headers, allowOrigin, named)
		if rule.Credentials {
			headers = withHeader(headers, allowCredentials, "true")
		}
		if len(rule.Expose) > 0 {
			headers = withHeader(headers, exposeHeaders, strings.Join(rule.Expose, ", "))
		}
	}
	return append(headers, varying(rule)...)
}

// varying tells caches that answers differ by origin, where they do.
func varying(rule *check.CORS) []scenario.Header {
	if slices.Contains(rule.Origins, "*") {
		return nil
	}
	return []scenario.Header{{Name: "vary", Value: "origin"}}
}
