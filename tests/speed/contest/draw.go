package contest

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"time"
)

func joined(s []string) string { return strings.Join(s, ",") }
func spaced(s []string) string { return strings.Join(s, ", ") }

// source is the row's own stream of random numbers: the same in every run.
func source(row string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(row))
	return rand.New(rand.NewPCG(h.Sum64(), 4))
}

// draw makes an input of a row that reads these variables.
func (r *Row) draw(x *Expression, rnd *rand.Rand) (*Input, error) {
	take := func(name string, p pool) any {
		if q := instead[r.Name][name]; q != nil {
			p = q
		}
		return p(rnd)
	}
	in := &Input{
		Method: take("method", one(methods...)).(string), Scheme: take("scheme", one("https", "https", "http")).(string),
		Host: take("host", one(hosts...)).(string), Path: take("path", one(paths...)).(string),
		Source: take("source", one(addresses...)).(string), SourcePort: take("source_port", mostly(4, between(1024, 65535), between(1, 1023))).(int64),
		DestinationPort: take("destination_port", one[int64](80, 443, 443, 8443, 8080, 8000, 9000)).(int64),
		Now:             take("now", moment("2025-01-01T00:00:00Z", 2*365*24*time.Hour)).(time.Time),
		Identity:        Identity{Subject: take("subject", one(subjects...)).(string), Groups: take("groups", list(0, 5, groups...)).([]string), Claims: map[string]any{}},
		Params:          map[string]any{},
	}
	for _, name := range sorted(claims) {
		if v := take(name, claims[name]); v != nil {
			in.Identity.Claims[name] = v
		}
	}
	in.Headers = slices.Clone(ordinary)
	var query, cookie []string
	for _, v := range x.Variables {
		switch n := v[strings.IndexByte(v, ' ')+1:]; {
		case strings.HasPrefix(v, headerVariable):
			in.header(n, text(headers[n], rnd))
		case strings.HasPrefix(v, queryVariable):
			query = append(query, n+"="+url.QueryEscape(text(queries[n], rnd)))
		case strings.HasPrefix(v, cookieVariable):
			cookie = append(cookie, n+"="+text(cookies[n], rnd))
		case v == "request.headers":
			for _, h := range sorted(headers) {
				if h != "authorization" {
					in.header(h, text(headers[h], rnd))
				}
			}
		}
	}
	if len(query) > 0 {
		in.Path += "?" + strings.Join(query, "&")
	}
	if len(cookie) > 0 {
		in.header("cookie", strings.Join(cookie, "; "))
	}
	for _, p := range r.Params {
		from := params[p.Name]
		if from == nil {
			return nil, fmt.Errorf("there are no values for parameter %s", p.Name)
		}
		v := take(p.Name, from)
		if p.Type.TypeName() == "optional_type" {
			v = Optional{v}
		}
		in.Params[p.Name] = v
	}
	return in, nil
}

// header adds a header; one without a value is not sent.
func (in *Input) header(name, value string) {
	if value != "" {
		in.Headers = append(in.Headers, [2]string{name, value})
	}
}

// draws is how many inputs are tried for a row of which both outcomes must be
// among those taken.
const draws = 32 * Inputs

// inputs are the row's inputs. Of a row that is true or false, half of them are
// of either outcome where chance gives that many, and a tenth in any case.
func (r *Row) inputs(x *Expression) ([]*Input, error) {
	rnd := source(r.Name)
	var all []*Input
	for range draws {
		in, err := r.draw(x, rnd)
		if err != nil {
			return nil, err
		}
		all = append(all, in)
	}
	sides, err := r.evaluators(x, all)
	if err != nil {
		return nil, err
	}
	byResult := map[any][]*Input{}
	for i, in := range all {
		v, err := sides[0].Value(i)
		if err != nil {
			return nil, fmt.Errorf("input %d: %w", i, err)
		}
		byResult[v] = append(byResult[v], in)
	}
	holds, not := byResult[true], byResult[false]
	if len(holds)+len(not) == 0 {
		if all = all[:Inputs]; len(byResult) < 4 {
			return nil, fmt.Errorf("only %d different results", len(byResult))
		}
		return all, nil
	}
	if min(len(holds), len(not)) < Inputs/10+1 {
		return nil, fmt.Errorf("of %d inputs, %d are true and %d are false", len(all), len(holds), len(not))
	}
	n := min(len(holds), max(Inputs/2, Inputs-len(not)))
	all = slices.Concat(holds[:n], not[:Inputs-n])
	rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all, nil
}
