package interp

import (
	"strings"

	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/ast"
)

// changeHeaders carries out the header rules of one side, of the route and then
// of the scopes that hold: all removes,
// then sets, then sets if absent, then adds. Values and conditions see the
// headers as they were before any of them.
func (d *decision) changeHeaders(headers []scenario.Header, response bool) ([]scenario.Header, *answer) {
	for _, op := range []ast.HeaderOp{ast.Remove, ast.Set, ast.SetIfAbsent, ast.Add} {
		for _, block := range d.blocks {
			d.captures = block.captures
			for _, rule := range block.Headers {
				if rule.Response != response || rule.Op != op {
					continue
				}
				if response && !d.known(rule) {
					continue
				}
				d.log.rule(d, rule)
				changed, status := d.changeHeader(headers, rule)
				if status != 0 {
					return nil, refusal(status, rule.Name)
				}
				headers = changed
			}
		}
	}
	return headers, nil
}

// changeHeader carries out one rule; a status other than 0 refuses the request
// by the rule's name.
func (d *decision) changeHeader(headers []scenario.Header, rule *resolve.HeaderRule) ([]scenario.Header, int) {
	if rule.When != nil {
		holds, err := d.holds(rule.When)
		if err != nil && rule.OnError != "skip" {
			return nil, 500
		}
		if err != nil || !holds {
			return headers, 0
		}
	}
	if rule.Op == ast.Remove {
		return without(headers, func(name string) bool {
			name = lower(name)
			return name == rule.Header || rule.Prefix && strings.HasPrefix(name, rule.Header)
		}), 0
	}
	value, err := d.text(rule.Value)
	if err != nil {
		if rule.OnError == "skip" {
			return headers, 0
		}
		return nil, 500
	}
	value = strings.Trim(value, " \t") // no header value begins or ends with a blank
	if strings.ContainsAny(value, "\r\n\x00") {
		if rule.Response {
			return nil, 500
		}
		return nil, 400
	}
	// A value is evaluated and checked before anybody looks whether the header
	// is absent: a rule that fails must not hide behind what the client sent.
	if rule.Op == ast.SetIfAbsent && len(valuesOf(headers, rule.Header)) > 0 {
		return headers, 0
	}
	if rule.Op == ast.Set {
		headers = without(headers, named(rule.Header))
	}
	if value == "" {
		// An empty value cannot be carried: the header stays away.
		return headers, 0
	}
	return withHeader(headers, rule.Header, value), 0
}
