package command

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"moec.dev/moec/compiler/account"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/diag"
)

// asking is what the command line says of a request.
type asking struct {
	headers, groups, claims []string
	as, subject, from, at   string
}

func (a *asking) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&a.headers, "header", nil, "a header of the request, `'name: value'`; repeat it for more")
	f.StringVar(&a.as, "as", "", "the `AUTH` that has verified who is calling (default nobody)")
	f.StringVar(&a.subject, "subject", "", "the caller's subject, with --as")
	f.StringArrayVar(&a.groups, "group", nil, "a group of the caller, with --as; repeat it for more")
	f.StringArrayVar(&a.claims, "claim", nil, "a claim of the caller, `name=value`, with --as; repeat it for more")
	f.StringVar(&a.from, "from", "", "the client's `IP` address (default 127.0.0.1)")
	f.StringVar(&a.at, "at", "", "the `TIME` of the request, as 2026-01-01T12:00:00Z (default the start of that year)")
}

// unused refuses flags of a request where there is none.
func (a *asking) unused(cmd *cobra.Command) error {
	for _, name := range []string{"header", "as", "subject", "group", "claim", "from", "at", "json"} {
		if cmd.Flags().Changed(name) {
			return usagef("--%s belongs to a request: moec explain policies/shop 'GET /orders/7' --%s ...", name, name)
		}
	}
	return nil
}

// question reads the request.
func (a *asking) question(cmd *cobra.Command, request string) (scenario.Question, error) {
	q := scenario.Question{From: a.from, As: a.as, Subject: a.subject, Groups: a.groups}
	var ok bool
	if q.Method, q.URL, ok = strings.Cut(strings.TrimSpace(request), " "); !ok {
		return q, usagef("%q is no request: write a method and a path, as in 'GET /orders/7'", request)
	}
	q.URL = strings.TrimSpace(q.URL)
	for _, c := range q.Method {
		if c < 'A' || c > 'Z' {
			return q, usagef("%q is no request: methods are upper-case words, as in 'GET /orders/7'", request)
		}
	}
	for _, h := range a.headers {
		name, value, ok := strings.Cut(h, ":")
		if !ok || name == "" {
			return q, usagef("--header %q: write 'name: value'", h)
		}
		q.Headers = append(q.Headers, scenario.Header{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)})
	}
	for _, c := range a.claims {
		name, value, ok := strings.Cut(c, "=")
		if !ok || name == "" {
			return q, usagef("--claim %q: write name=value", c)
		}
		q.Claims = append(q.Claims, scenario.Header{Name: name, Value: value})
	}
	if a.at != "" {
		t, err := time.Parse(time.RFC3339, a.at)
		if err != nil {
			return q, usagef("--at %q: write a time as 2026-01-01T12:00:00Z", a.at)
		}
		q.At = t
	}
	for _, name := range []string{"subject", "group", "claim"} {
		if a.as == "" && cmd.Flags().Changed(name) {
			return q, usagef("--%s says who is calling: add --as AUTH, the auth that knows the caller", name)
		}
	}
	return q, nil
}

// account tells how a bundle decides one request.
func (s *console) account(cmd *cobra.Command, dir, request string, ask *asking) error {
	q, err := ask.question(cmd, request)
	if err != nil {
		return err
	}
	units, err := s.bundles([]string{dir}, "check")
	if err != nil {
		return err
	}
	var wrong diag.List
	asked := scenario.Ask(units[0].Checked, q, &wrong)
	if err := s.report(wrong.Sorted()); err != nil {
		return err
	}
	told, err := account.Of(asked)
	if err != nil {
		return err
	}
	if s.json {
		s.answer.Account, err = json.Marshal(told)
		return err
	}
	return told.WriteText(s.env.Stdout, s.style)
}

// styles are how pieces of text look on a terminal.
var styles = map[string]string{"decides": "\x1b[1;33m", "place": "\x1b[2m", "value": "\x1b[36m",
	"title": "\x1b[1m", "cost": "\x1b[36m"}

// style colours a piece of standard output.
func (s *console) style(kind, text string) string {
	if code := styles[kind]; s.colorOut && code != "" {
		return code + text + "\x1b[0m"
	}
	return text
}
