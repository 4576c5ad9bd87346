package process

import (
	"slices"
	"strings"

	"moec.dev/moec/compiler/scenario"
)

// action is one header change of a frame: 0 remove, 1 set, 2 add, 3 set if
// absent.
type action struct {
	Op    uint32 `json:"op"`
	Key   string `json:"key"`
	Value string `json:"value"`
}

// headerList is a header map as Envoy keeps it.
type headerList [][2]string

// apply carries out actions as Envoy does: a set with an empty value removes,
// an add of one does nothing.
func (l headerList) apply(actions []action) headerList {
	l = slices.Clone(l)
	for _, a := range actions {
		same := func(h [2]string) bool { return strings.EqualFold(h[0], a.Key) }
		op := a.Op
		if op == 3 {
			if a.Value == "" || slices.ContainsFunc(l, same) {
				continue
			}
			op = 1
		}
		switch op {
		case 0:
			l = slices.DeleteFunc(l, same)
		case 1:
			at := slices.IndexFunc(l, same)
			switch {
			case a.Value == "":
				l = slices.DeleteFunc(l, same)
			case at < 0:
				l = append(l, [2]string{a.Key, a.Value})
			default:
				rest := slices.DeleteFunc(l[at+1:], same)
				l = append(l[:at:at], append(headerList{{l[at][0], a.Value}}, rest...)...)
			}
		case 2:
			if a.Value != "" {
				l = append(l, [2]string{a.Key, a.Value})
			}
		}
	}
	return l
}

func (l headerList) get(name string) string {
	for _, h := range l {
		if h[0] == name {
			return h[1]
		}
	}
	return ""
}

func (l headerList) headers() []scenario.Header {
	var out []scenario.Header
	for _, h := range l {
		out = append(out, scenario.Header{Name: h[0], Value: h[1]})
	}
	return out
}
