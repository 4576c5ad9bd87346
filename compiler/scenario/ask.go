package scenario

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"moec.dev/moec/compiler/check"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// Question is one request that somebody wants to know the fate of. What is left
// out is as in a test.
type Question struct {
	Method, URL string
	Headers     []Header
	From        string // an IP address
	At          time.Time
	// As is the auth that has verified who is calling; "" for nobody. The claims
	// are text, whatever their types are.
	As, Subject string
	Groups      []string
	Claims      []Header
	Upstream    Response
}

// Asked is a question as an executor takes it: the bundle, which accepts a key
// that was made for the caller, and the request, which has it.
type Asked struct {
	Bundle  *check.Bundle
	Request Request
	// Written is the request without the key.
	Written Request
}

// Ask makes the request of a question; nil when it cannot be made, for reasons
// that are in diags.
func Ask(b *check.Bundle, q Question, diags *diag.List) *Asked {
	if q.As == "nobody" && q.Subject == "" && len(q.Claims) == 0 {
		q.As = ""
	}
	words := &spoken{}
	send := &ast.Send{Method: ast.Name{At: words.at(q.Method), Text: q.Method}, URL: ast.Text{At: words.at(q.URL), Value: q.URL}}
	for _, h := range q.Headers {
		send.Headers = append(send.Headers, ast.Pair{Name: ast.Text{At: words.at(h.Name), Value: h.Name}, Value: ast.Text{At: words.at(h.Value), Value: h.Value}})
	}
	if q.From != "" {
		send.From = &ast.Text{At: words.at(q.From), Value: q.From}
	}
	var as *ast.As
	if q.As != "" {
		who := identityText(b, q)
		as = &ast.As{Auth: ast.Name{At: words.at(q.As), Text: q.As}, Value: &ast.Expr{At: words.at(who), Text: who}}
		as.Place = as.Auth.Place
	}
	words.finish()
	words.settle(&send.Method.At, &send.URL.At)
	for i := range send.Headers {
		words.settle(&send.Headers[i].Name.At, &send.Headers[i].Value.At)
	}
	if send.From != nil {
		words.settle(&send.From.At)
	}
	if as != nil {
		words.settle(&as.At, &as.Auth.At, &as.Value.At)
	}
	before := diags.Len()
	checkSend(send, diags)
	test := &ast.Test{Steps: []ast.Step{send}}
	if as != nil {
		test.Steps = []ast.Step{as, send}
	}
	names := *b.Bundle
	names.Tests = []*ast.Test{test}
	alone := *b
	alone.Bundle = &names
	extended, keys := Credentials(&alone, diags)
	if diags.Len() > before {
		return nil
	}
	r, err := present(send)
	if err != nil {
		diags.Add(diag.BadTest, send.URL.Span(), "%v", err)
		return nil
	}
	r.Now, r.Upstream = q.At, q.Upstream
	if r.Now.IsZero() {
		r.Now = clockStart
	}
	if r.Upstream.Status == 0 {
		r.Upstream.Status = 200
	}
	asked := &Asked{Bundle: extended, Request: r, Written: copied(r)}
	if as != nil {
		asked.Request = attach(r, keys.by[as])
	}
	return asked
}

// identityText writes who is calling as an as statement would.
func identityText(b *check.Bundle, q Question) string {
	kinds := map[string]string{}
	for _, a := range b.Auths {
		if a.Name == q.As {
			for _, f := range a.Claims {
				kinds[f.Name.Text] = f.Type.Kind
			}
		}
	}
	list := func(values []string) string {
		var out []string
		for _, v := range values {
			out = append(out, strconv.Quote(v))
		}
		return "[" + strings.Join(out, ", ") + "]"
	}
	text := fmt.Sprintf("{subject: %q, groups: %s", q.Subject, list(q.Groups))
	var claims []string
	for _, c := range q.Claims {
		value := strconv.Quote(c.Value) // what is of another type is refused where it is read
		if kinds[c.Name] == "list" {
			value = list(strings.Split(c.Value, ","))
		} else if literal := numberOrBool(kinds[c.Name], c.Value); literal != "" {
			value = literal
		}
		claims = append(claims, strconv.Quote(c.Name)+": "+value)
	}
	return text + ", claims: {" + strings.Join(claims, ", ") + "}}"
}

// numberOrBool writes text as a literal of a type that is not quoted; "" when it
// is none.
func numberOrBool(kind, text string) string {
	var err error
	switch kind {
	case "bool":
		if text != "true" && text != "false" {
			return ""
		}
	case "int":
		var n int64
		n, err = strconv.ParseInt(text, 10, 64)
		text = strconv.FormatInt(n, 10)
	case "uint":
		text = strings.TrimSuffix(text, "u")
		_, err = strconv.ParseUint(text, 10, 64)
		text += "u"
	case "double":
		var f float64
		f, err = strconv.ParseFloat(text, 64)
		text = fmt.Sprintf("double(%q)", strconv.FormatFloat(f, 'g', -1, 64))
	default:
		return ""
	}
	if err != nil {
		return ""
	}
	return text
}

// spoken is a file of the words of a command line, a line each, so that messages
// about them have a place.
type spoken struct {
	text strings.Builder
	file *source.File
}

func (s *spoken) at(word string) ast.At {
	start := s.text.Len()
	s.text.WriteString(word)
	end := s.text.Len()
	s.text.WriteString("\n")
	return ast.At{Place: source.Span{Start: start, End: end}}
}

func (s *spoken) finish() { s.file = source.New("command line", s.text.String()) }

func (s *spoken) settle(places ...*ast.At) {
	for _, p := range places {
		p.Place.File = s.file
	}
}
