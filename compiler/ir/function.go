package ir

// Function is a function of CEL that generated code calls in runtime/eval. Its
// arguments are CEL's, the receiver first; it returns a value, and an eval.Err
// when it can fail.
type Function struct {
	Go    string // its name in runtime/eval
	Fails bool
	// Arena says that the first argument is the frame's memory, from which
	// every string that the function builds is taken.
	Arena bool
	// Equal and Order say that the last argument compares elements of the first
	// list, or of the keys' list where elements go by keys of their own.
	Equal, Order bool
}

// Functions are all functions, by cel-go's overload.
var Functions = join(valueFunctions, textFunctions, operatorFunctions)

func join(parts ...map[string]Function) map[string]Function {
	all := map[string]Function{}
	for _, p := range parts {
		for overload, f := range p {
			if _, twice := all[overload]; twice {
				panic("ir: two functions for " + overload)
			}
			all[overload] = f
		}
	}
	return all
}

// operatorFunctions are the operators over dyn, whose operands are known only
// at run time. They have no overload of their own in cel-go.
var operatorFunctions = map[string]Function{
	"dyn_add":            {Go: "AddValuesIn", Arena: true, Fails: true},
	"dyn_subtract":       {Go: "SubValues", Fails: true},
	"dyn_multiply":       {Go: "MulValues", Fails: true},
	"dyn_divide":         {Go: "DivValues", Fails: true},
	"dyn_modulo":         {Go: "ModValues", Fails: true},
	"dyn_negate":         {Go: "NegValue", Fails: true},
	"dyn_less":           {Go: "LessValues", Fails: true},
	"dyn_less_equals":    {Go: "LessEqualValues", Fails: true},
	"dyn_greater":        {Go: "GreaterValues", Fails: true},
	"dyn_greater_equals": {Go: "GreaterEqualValues", Fails: true},
	"dyn_size":           {Go: "SizeOf", Fails: true},
	"dyn_in":             {Go: "InValue", Fails: true},
	"dyn_index":          {Go: "IndexValue", Fails: true},
	"dyn_index_optional": {Go: "OptionalIndexValue", Fails: true},
	"dyn_field":          {Go: "Field", Fails: true},
	"dyn_has_field":      {Go: "HasField", Fails: true},
	"dyn_field_optional": {Go: "OptionalField", Fails: true},
	"dyn_type":           {Go: "TypeOf"},
	"dyn_is_zero":        {Go: "IsZeroValue"},
	"dyn_elements":       {Go: "Elements", Fails: true},
	"dyn_entries":        {Go: "Entries", Fails: true},
}
