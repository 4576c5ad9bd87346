package wire

// Question asks for the value of one expression.
type Question struct {
	Name string  `json:"name"` // of the expression
	Args []Value `json:"args"` // of its parameters, in order
}

// Answer is what became of it: exactly one field is set.
type Answer struct {
	Value *Value `json:"value,omitempty"`
	// Error is CEL's: the expression has no value.
	Error string `json:"error,omitempty"`
	// Panic is a mistake of the compiled code, with its place.
	Panic string `json:"panic,omitempty"`
	// Unasked says why the question made no sense.
	Unasked string `json:"unasked,omitempty"`
}

// String is the answer in a line.
func (a Answer) String() string {
	switch {
	case a.Value != nil:
		return a.Value.String()
	case a.Error != "":
		return "error: " + a.Error
	case a.Panic != "":
		return "PANIC: " + a.Panic
	}
	return "NOT ASKED: " + a.Unasked
}

// Agrees reports whether two answers are the same: the same value, or both an
// error, whichever. A panic agrees with nothing.
func (a Answer) Agrees(b Answer) bool {
	if a.Value != nil && b.Value != nil {
		return a.Value.String() == b.Value.String()
	}
	return a.Error != "" && b.Error != ""
}
