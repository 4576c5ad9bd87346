package diag

import (
	"io"
	"net/url"

	"moec.dev/moec/dsl/source"
)

// The parts of SARIF 2.1.0 that a list of messages needs.

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool       sarifTool     `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name  string      `json:"name"`
	Rules []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID      string       `json:"id"`
	Summary sarifMessage `json:"shortDescription"`
}

type sarifMessage struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID    string          `json:"ruleId"`
	RuleIndex int             `json:"ruleIndex"`
	Level     string          `json:"level"`
	Message   sarifMessage    `json:"message"`
	Locations []sarifLocation `json:"locations,omitempty"`
	Related   []sarifLocation `json:"relatedLocations,omitempty"`
}

type sarifLocation struct {
	ID       int           `json:"id,omitempty"`
	Message  *sarifMessage `json:"message,omitempty"`
	Physical sarifPhysical `json:"physicalLocation"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
	EndLine     int `json:"endLine"`
	EndColumn   int `json:"endColumn"`
}

// WriteSARIF writes diagnostics as a SARIF 2.1.0 log, the form that code
// hosting sites read. Help texts are part of the messages. It returns the error
// of w.
func WriteSARIF(w io.Writer, ds []*Diagnostic) error {
	run := sarifRun{
		Tool: sarifTool{sarifDriver{Name: "moec", Rules: []sarifRule{}}}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{},
	}
	rules := map[string]int{}
	for _, d := range ds {
		index, ok := rules[d.Code.ID]
		if !ok {
			index = len(rules)
			rules[d.Code.ID] = index
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{d.Code.ID, sarifMessage{d.Code.Title}})
		}
		text := d.Message
		if d.Help != "" {
			text += "\nhelp: " + d.Help
		}
		r := sarifResult{RuleID: d.Code.ID, RuleIndex: index, Level: d.Code.Severity.String(), Message: sarifMessage{text}}
		if d.Span.Valid() {
			r.Locations = []sarifLocation{{Physical: physical(d.Span)}}
		}
		for _, n := range d.Related {
			if n.Span.Valid() {
				at := sarifLocation{ID: len(r.Related) + 1, Message: &sarifMessage{n.Message}, Physical: physical(n.Span)}
				r.Related = append(r.Related, at)
			}
		}
		run.Results = append(run.Results, r)
	}
	return writeIndented(w, sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	})
}

func physical(s source.Span) sarifPhysical {
	p := placeOf(s)
	uri := url.URL{Path: p.File}
	return sarifPhysical{sarifArtifact{uri.String()}, sarifRegion{p.Line, p.Column, p.EndLine, p.EndColumn}}
}
