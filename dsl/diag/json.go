package diag

import (
	"encoding/json"
	"io"

	"moec.dev/moec/dsl/source"
)

// The JSON form. Field names are a promise: they are never renamed.

type jsonReport struct {
	Diagnostics []jsonDiagnostic `json:"diagnostics"`
	Errors      int              `json:"errors"`
	Warnings    int              `json:"warnings"`
}

type jsonDiagnostic struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
	jsonPlace
	Related []jsonRelated `json:"related,omitempty"`
	Help    string        `json:"help,omitempty"`
}

type jsonRelated struct {
	Message string `json:"message"`
	jsonPlace
}

// jsonPlace counts lines and columns from 1, columns in code points; the end is
// the first column behind the place. All are left out when there is no place.
type jsonPlace struct {
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	EndLine   int    `json:"endLine,omitempty"`
	EndColumn int    `json:"endColumn,omitempty"`
}

func placeOf(s source.Span) jsonPlace {
	if !s.Valid() {
		return jsonPlace{}
	}
	start, end := s.Position(), s.File.Position(s.End)
	return jsonPlace{s.File.Name, start.Line, start.Column, end.Line, end.Column}
}

// WriteJSON writes diagnostics as one JSON document with a line end. It returns
// the error of w.
func WriteJSON(w io.Writer, ds []*Diagnostic) error {
	report := jsonReport{Diagnostics: []jsonDiagnostic{}}
	for _, d := range ds {
		j := jsonDiagnostic{
			Code: d.Code.ID, Severity: d.Code.Severity.String(), Message: d.Message, jsonPlace: placeOf(d.Span), Help: d.Help,
		}
		for _, r := range d.Related {
			j.Related = append(j.Related, jsonRelated{r.Message, placeOf(r.Span)})
		}
		if d.Code.Severity == Error {
			report.Errors++
		} else {
			report.Warnings++
		}
		report.Diagnostics = append(report.Diagnostics, j)
	}
	return writeIndented(w, report)
}

func writeIndented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
