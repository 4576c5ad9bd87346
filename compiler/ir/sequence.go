package ir

import (
	"fmt"
	"strings"
)

// Sequence is a regular expression that holds from the start of a text, as
// steps past its bytes. The next byte alone says how to go on, so that nothing
// is ever tried twice. It must not change once it is made.
type Sequence []Step

// Step is one step of a sequence.
type Step struct {
	Kind StepKind
	Text string // the bytes of StepText, or the ranges of a class, two bytes each
	// Min and Max are how many bytes a run has; a negative Max is no bound.
	Min, Max int
	// Jump is how many of the next steps are left out; a negative one goes back.
	Jump int
}

// StepKind says what a step does. It is the name of its constructor in
// runtime/eval.
type StepKind string

// The steps.
const (
	StepText StepKind = "StepText" // past a text
	StepRun  StepKind = "StepRun"  // past the bytes of a class
	StepFork StepKind = "StepFork" // jump, unless the next byte is in the class
	StepJump StepKind = "StepJump" // jump
	StepEnd  StepKind = "StepEnd"  // only at the end of the text
)

// String is the sequence's text form.
func (q Sequence) String() string {
	var out []string
	for _, s := range q {
		switch s.Kind {
		case StepText:
			out = append(out, fmt.Sprintf("%q", s.Text))
		case StepRun:
			out = append(out, fmt.Sprintf("%s{%d,%d}", class(s.Text), s.Min, s.Max))
		case StepFork:
			out = append(out, fmt.Sprintf("%s?%+d", class(s.Text), s.Jump))
		case StepJump:
			out = append(out, fmt.Sprintf("%+d", s.Jump))
		default:
			out = append(out, "end")
		}
	}
	return "<" + strings.Join(out, " ") + ">"
}

// class writes ranges so that no two sets look the same.
func class(ranges string) string {
	one := func(b byte) string {
		if b == '-' || b == ']' {
			return fmt.Sprintf(`\x%02x`, b)
		}
		s := fmt.Sprintf("%q", string([]byte{b}))
		return s[1 : len(s)-1]
	}
	var b strings.Builder
	for i := 0; i+1 < len(ranges); i += 2 {
		b.WriteString(one(ranges[i]))
		if ranges[i] != ranges[i+1] {
			b.WriteString("-" + one(ranges[i+1]))
		}
	}
	return "[" + b.String() + "]"
}

// sound reports whether a sequence can be followed: its jumps stay inside, and
// its classes and bounds are some.
func (q Sequence) sound() bool {
	for i, s := range q {
		to := i + 1 + s.Jump
		ok := len(s.Text)%2 == 0 && len(s.Text) > 0
		switch s.Kind {
		case StepText:
			ok = s.Text != ""
		case StepRun:
			ok = ok && s.Min >= 0 && s.Max != 0 && (s.Max < 0 || s.Min <= s.Max)
		case StepFork:
			ok = ok && s.Jump > 0 && to <= len(q)
		case StepJump:
			ok = s.Text == "" && s.Jump != -1 && to >= 0 && to <= len(q)
		case StepEnd:
			ok = s.Text == ""
		default:
			ok = false
		}
		if !ok {
			return false
		}
	}
	return len(q) > 0
}
