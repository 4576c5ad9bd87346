package syntax

import (
	"strconv"
	"strings"
)

// expectation takes out of a message of participle the things of which one was
// expected, as words for people. participle says them as the rest of its grammar
// in EBNF; of that only what can come first is of use.
func expectation(message string) []string {
	_, rest, ok := strings.Cut(message, " (expected ")
	if !ok {
		return nil
	}
	e := ebnf{text: strings.TrimSuffix(rest, ")")}
	e.choice()
	return e.firsts
}

// ebnf walks over a grammar and notes what can come first in it.
type ebnf struct {
	text   string
	firsts []string
	number bool // a kind of number is noted: the others stand beside it only to be refused with a better message
}

// choice reads alternatives up to a closing bracket or the end, and reports
// whether one of them can be empty.
func (e *ebnf) choice() bool {
	empty := e.sequence(true)
	for e.take("|") {
		empty = e.sequence(true) || empty
	}
	return empty
}

// sequence reads elements one after the other; live says that the first of
// them can come first.
func (e *ebnf) sequence(live bool) bool {
	for {
		e.text = strings.TrimLeft(e.text, " ")
		if e.text == "" || e.text[0] == ')' || e.text[0] == '|' {
			return live
		}
		known := len(e.firsts)
		empty := e.element()
		if !live {
			e.firsts = e.firsts[:known]
		}
		live = live && empty
	}
}

// element reads one element with its ?, * or + and reports whether it can be
// empty.
func (e *ebnf) element() bool {
	empty := false
	switch {
	case e.take("(?! "), e.take("(?!"), e.take("(?= "), e.take("(?="):
		known := len(e.firsts)
		e.choice()
		e.take(")")
		e.firsts = e.firsts[:known]
		return true
	case e.take("("):
		empty = e.choice()
		e.take(")")
	case strings.HasPrefix(e.text, `"`):
		quoted, err := strconv.QuotedPrefix(e.text)
		if err != nil {
			e.text = ""
			return false
		}
		word, _ := strconv.Unquote(quoted)
		e.text = e.text[len(quoted):]
		e.note("`" + word + "`")
	default:
		end := strings.IndexAny(e.text, " ()?*+!|")
		if end < 0 {
			end = len(e.text)
		}
		end = max(1, end) // never stand still, whatever is written there
		name := e.text[:end]
		e.text = e.text[end:]
		if number := name == "<int>" || name == "<quantity>" || name == "<float>" || name == "<percent>"; !number || !e.number {
			e.note(tokenTitles[name])
			e.number = e.number || number
		}
	}
	if e.take("?") || e.take("*") {
		return true
	}
	if !e.take("+") {
		e.take("!")
	}
	return empty
}

func (e *ebnf) note(title string) {
	for _, f := range e.firsts {
		if f == title {
			return
		}
	}
	if title != "" {
		e.firsts = append(e.firsts, title)
	}
}

func (e *ebnf) take(prefix string) bool {
	rest, ok := strings.CutPrefix(strings.TrimLeft(e.text, " "), prefix)
	if ok {
		e.text = rest
	}
	return ok
}

// tokenTitles are what messages call the kinds of token and the parts of
// statements, by participle's names.
var tokenTitles = map[string]string{
	"<ident>": "a name", "<int>": "a whole number", "<string>": "a string in quotes", "<quantity>": "a number with a unit",
	"<float>": "a number", "<percent>": "a share such as 10%", "<block>": "`{`", "Cel": "an expression", "TypeTerm": "a type",
	"ReplyForm": "a status", "LimitSpec": "a rate", "ParamForm": "a parameter", "ArgForm": "an argument", "RecordPart": "a field",
}
