package coverage

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"moec.dev/moec/dsl/source"
)

// WriteText writes what was not met, for people: a line a bundle and a line each
// of its points.
func WriteText(w io.Writer, profiles []*Profile) error {
	for _, p := range profiles {
		met, all := p.Tally()
		if _, err := fmt.Fprintf(w, "cover %s\t%s, %d of %d\n", p.Name, Written(p.Percent()), met, all); err != nil {
			return err
		}
		for _, r := range p.Rules {
			for _, point := range r.Points {
				if point.Count > 0 {
					continue
				}
				if _, err := fmt.Fprintf(w, "    %s: %s: %s\n", point.Span, r.Item.Name, point.missing()); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Written writes a share so that only all is 100 %.
func Written(percent float64) string {
	s := fmt.Sprintf("%.1f%%", percent)
	if percent < 100 && s == "100.0%" {
		return "99.9%"
	}
	return s
}

// missing says what did not happen.
func (p *Point) missing() string {
	switch p.What {
	case "true", "false":
		return fmt.Sprintf("`%s` was never %s", short(p.Span), p.What)
	case "accepted":
		return "nobody was let in"
	case "admitted":
		return "no request passed"
	case "refused":
		return "nobody was refused"
	case "taken":
		return "no request took the route"
	}
	return "was never reached"
}

// short is the text of a place in one line, cut where it is long.
func short(at source.Span) string {
	s := strings.Join(strings.Fields(at.Text()), " ")
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:59], "") + "…"
	}
	return s
}

type jsonBundle struct {
	Bundle  string     `json:"bundle"`
	Percent float64    `json:"percent"`
	Met     int        `json:"met"`
	All     int        `json:"all"`
	Rules   []jsonRule `json:"rules"`
}

type jsonRule struct {
	Name   string      `json:"name"`
	Kind   string      `json:"kind"`
	File   string      `json:"file"`
	Line   int         `json:"line"`
	Points []jsonPoint `json:"points"`
}

type jsonPoint struct {
	What   string `json:"what"`
	Text   string `json:"text"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Count  int    `json:"count"`
}

// JSON is the profiles for machines. Its names are a promise.
func JSON(profiles []*Profile) ([]byte, error) {
	out := []jsonBundle{}
	for _, p := range profiles {
		met, all := p.Tally()
		b := jsonBundle{Bundle: p.Name, Percent: p.Percent(), Met: met, All: all, Rules: []jsonRule{}}
		for _, r := range p.Rules {
			j := jsonRule{Name: r.Item.Name, Kind: r.Item.Kind, File: r.Item.Span.File.Name, Line: r.Item.Span.Position().Line, Points: []jsonPoint{}}
			for _, point := range r.Points {
				at := point.Span.Position()
				j.Points = append(j.Points, jsonPoint{point.What, short(point.Span), at.Line, at.Column, point.Count})
			}
			b.Rules = append(b.Rules, j)
		}
		out = append(out, b)
	}
	return json.Marshal(out)
}
