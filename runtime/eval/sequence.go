package eval

import (
	"math"
	"unicode/utf8"
)

// Sequence is a regular expression that holds from the start of a text and that
// can be followed byte by byte, as the next byte alone always says how to go
// on. That is for the compiler to see to.
type Sequence struct{ steps []Step }

// Step is one step of a sequence.
type Step struct {
	kind     stepKind
	text     string
	class    *Class
	min, max int
	wide     bool // characters are counted, and may be several bytes
	jump     int
}

type stepKind uint8

const (
	textStep stepKind = iota
	runStep
	forkStep
	jumpStep
	endStep
)

// StepText goes past a text, which must be there.
func StepText(text string) Step { return Step{kind: textStep, text: text} }

// StepRun goes past the characters of a class, at most max of them, or all there
// are if max is negative; there must be min. A class that has bytes beyond ASCII
// has them all.
func StepRun(ranges string, min, max int) Step {
	class := NewClass(ranges)
	// Where only one must be there, a byte does as well as a character.
	wide := class[utf8.RuneSelf] && (max >= 0 || min > 1)
	if max < 0 {
		max = math.MaxInt
	}
	return Step{kind: runStep, class: class, min: min, max: max, wide: wide}
}

// StepFork leaves the next steps out unless the next byte is in the class.
func StepFork(ranges string, steps int) Step {
	return Step{kind: forkStep, class: NewClass(ranges), jump: steps}
}

// StepJump leaves the next steps out, or goes back: -1 is the step itself.
func StepJump(steps int) Step { return Step{kind: jumpStep, jump: steps} }

// StepEnd must be at the end of the text.
func StepEnd() Step { return Step{kind: endStep} }

// NewSequence makes a sequence of steps. A loop must go past a byte each time.
func NewSequence(steps ...Step) *Sequence { return &Sequence{steps} }

// Match reports whether s begins as the sequence says.
func (q *Sequence) Match(s string) bool {
	for at := 0; at < len(q.steps); at++ {
		switch step := &q.steps[at]; step.kind {
		case textStep:
			n := len(step.text)
			if len(s) < n || s[:n] != step.text {
				return false
			}
			s = s[n:]
		case runStep:
			n, size := step.run(s)
			if n < step.min {
				return false
			}
			s = s[size:]
		case forkStep:
			if s == "" || !step.class[s[0]] {
				at += step.jump
			}
		case jumpStep:
			at += step.jump
		default:
			if s != "" {
				return false
			}
		}
	}
	return true
}

// run is how many characters of the class s begins with, and their bytes.
func (step *Step) run(s string) (n, size int) {
	if !step.wide {
		n = step.class.Run(s, step.max)
		return n, n
	}
	for ; size < len(s) && n < step.max && step.class[s[size]]; n++ {
		_, bytes := utf8.DecodeRuneInString(s[size:])
		size += bytes
	}
	return n, size
}
