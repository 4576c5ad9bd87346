package resolve

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

// body is the body of an answer, or the zero Body where none is written. One
// that is said to be JSON has to be, or clients would choke on it.
func (r *resolver) body(isJSON bool, t *ast.Text) Body {
	if t == nil {
		return Body{}
	}
	if isJSON {
		if why := notJSON(t.Value); why != "" {
			r.diags.Add(diag.BadLiteral, t.Span(), "the body is not JSON: %s", why).
				Helpf("write JSON, as in json \"{\\\"error\\\":\\\"forbidden\\\"}\", or leave json out to send text")
		}
	}
	return Body{Text: t.Value, JSON: isJSON, Set: true}
}

// notJSON says what keeps a text from being JSON and where, or "".
func notJSON(text string) string {
	var value json.RawMessage
	err := json.Unmarshal([]byte(text), &value)
	var bad *json.SyntaxError
	switch {
	case err == nil:
		return ""
	case text == "":
		return "it is empty"
	case !errors.As(err, &bad):
		return err.Error()
	case bad.Offset >= int64(len(text)) && strings.HasPrefix(bad.Error(), "unexpected end"):
		return "it ends too early, after character " + fmt.Sprint(utf8.RuneCountInString(text))
	}
	// The offset counts the bytes that were read, the offending one included.
	before := text[:max(0, bad.Offset-1)]
	line := strings.Count(before, "\n") + 1
	at := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	if line == 1 {
		return fmt.Sprintf("%v, at character %d", bad, at)
	}
	return fmt.Sprintf("%v, at character %d of line %d", bad, at, line)
}
