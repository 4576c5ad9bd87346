package scenario

import (
	"fmt"
	"slices"
	"strings"
)

// differences lists where two outcomes of one request differ. The order of
// headers of different names means nothing and is not compared; the order of
// the values of one name is.
func differences(nameA string, a Outcome, nameB string, b Outcome) []string {
	var out []string
	differ := func(what string, x, y any) {
		if x, y := fmt.Sprint(x), fmt.Sprint(y); x != y {
			out = append(out, fmt.Sprintf("%s: %s %s, %s %s", what, nameA, shown(x), nameB, shown(y)))
		}
	}
	differ("forwarded", a.Forward, b.Forward)
	differ("cluster", a.Cluster, b.Cluster)
	differ("by", a.By, b.By)
	differ("status of the rule", a.Status, b.Status)
	differHeaders("request header", a.Request, b.Request, differ)
	differ("response status", a.Response.Status, b.Response.Status)
	differHeaders("response header", a.Response.Headers, b.Response.Headers, differ)
	if a.Shadows != nil && b.Shadows != nil {
		differ("rules in shadow", a.Shadows, b.Shadows)
	}
	differ("response body", a.Response.Body, b.Response.Body)
	return out
}

func differHeaders(what string, a, b []Header, differ func(string, any, any)) {
	var names []string
	for _, h := range slices.Concat(a, b) {
		names = append(names, strings.ToLower(h.Name))
	}
	slices.Sort(names)
	for _, n := range slices.Compact(names) {
		differ(what+" "+n, valueList(headerValues(a, n)), valueList(headerValues(b, n)))
	}
}

// valueList writes values so that ["a,b"] and ["a" "b"] look different.
func valueList(values []string) string {
	switch len(values) {
	case 0:
		return "absent"
	case 1:
		return fmt.Sprintf("%q", values[0])
	}
	return fmt.Sprintf("%q", values)
}

func shown(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
