package ir

// valueFunctions are the functions over lists, maps, optionals and values of
// any kind. Those whose name begins with dyn_ have no overload of their own in
// cel-go: they stand for the overloads of one name when the types of elements
// are known only at run time.
var valueFunctions = map[string]Function{
	"add_list": {Go: "AddLists"},

	"list_first":       {Go: "First"},
	"list_last":        {Go: "Last"},
	"list_slice":       {Go: "Slice", Fails: true},
	"list_reverse":     {Go: "ReverseList"},
	"list_distinct":    {Go: "Distinct", Equal: true},
	"list_flatten":     {Go: "Flatten", Arena: true},
	"list_flatten_int": {Go: "FlattenValues", Fails: true, Arena: true},
	"lists_range":      {Go: "Range", Fails: true},

	"list_bool_sort":                      {Go: "Sort", Order: true},
	"list_bytes_sort":                     {Go: "Sort", Order: true},
	"list_double_sort":                    {Go: "Sort", Order: true},
	"list_google.protobuf.Duration_sort":  {Go: "Sort", Order: true},
	"list_google.protobuf.Timestamp_sort": {Go: "Sort", Order: true},
	"list_int_sort":                       {Go: "Sort", Order: true},
	"list_string_sort":                    {Go: "Sort", Order: true},
	"list_uint_sort":                      {Go: "Sort", Order: true},
	"dyn_sort":                            {Go: "SortValues", Fails: true},

	"list_bool_sortByAssociatedKeys":                      {Go: "SortBy", Order: true},
	"list_bytes_sortByAssociatedKeys":                     {Go: "SortBy", Order: true},
	"list_double_sortByAssociatedKeys":                    {Go: "SortBy", Order: true},
	"list_google.protobuf.Duration_sortByAssociatedKeys":  {Go: "SortBy", Order: true},
	"list_google.protobuf.Timestamp_sortByAssociatedKeys": {Go: "SortBy", Order: true},
	"list_int_sortByAssociatedKeys":                       {Go: "SortBy", Order: true},
	"list_string_sortByAssociatedKeys":                    {Go: "SortBy", Order: true},
	"list_uint_sortByAssociatedKeys":                      {Go: "SortBy", Order: true},
	"dyn_sort_by":                                         {Go: "SortByValues", Fails: true},

	"list_hasAll_list":          {Go: "HasAll", Equal: true},
	"list_hasAny_list":          {Go: "HasAny", Equal: true},
	"list_hasExactly_list":      {Go: "HasExactly", Equal: true},
	"list_hasOnly_list":         {Go: "HasOnly", Equal: true},
	"list_sets_contains_list":   {Go: "HasAll", Equal: true},
	"list_sets_equivalent_list": {Go: "HasExactly", Equal: true},
	"list_sets_intersects_list": {Go: "HasAny", Equal: true},

	"optional_hasValue_value": {Go: "HasValue", Equal: true}, // of the optional's value
	"optional_unwrap":         {Go: "Unwrap"},
	"optional_unwrapOpt":      {Go: "Unwrap"},

	"@mapInsert_map_key_value": {Go: "InsertEntry", Fails: true},
	"@mapInsert_map_map":       {Go: "InsertEntries", Fails: true},

	"math_@max_list_double": {Go: "MaxOf", Fails: true},
	"math_@max_list_int":    {Go: "MaxOf", Fails: true},
	"math_@max_list_uint":   {Go: "MaxOf", Fails: true},
	"math_@min_list_double": {Go: "MinOf", Fails: true},
	"math_@min_list_int":    {Go: "MinOf", Fails: true},
	"math_@min_list_uint":   {Go: "MinOf", Fails: true},
	"dyn_max_list":          {Go: "MaxValues", Fails: true},
	"dyn_min_list":          {Go: "MinValues", Fails: true},
	"dyn_max":               {Go: "MaxValue", Fails: true},
	"dyn_min":               {Go: "MinValue", Fails: true},

	// A double may be NaN, which has no order.
	"math_@max_int_uint":    {Go: "MaxIntUint"},
	"math_@max_uint_int":    {Go: "MaxUintInt"},
	"math_@max_int_double":  {Go: "MaxIntDouble", Fails: true},
	"math_@max_uint_double": {Go: "MaxUintDouble", Fails: true},
	"math_@max_double_int":  {Go: "MaxDoubleInt", Fails: true},
	"math_@max_double_uint": {Go: "MaxDoubleUint", Fails: true},
	"math_@min_int_uint":    {Go: "MinIntUint"},
	"math_@min_uint_int":    {Go: "MinUintInt"},
	"math_@min_int_double":  {Go: "MinIntDouble", Fails: true},
	"math_@min_uint_double": {Go: "MinUintDouble", Fails: true},
	"math_@min_double_int":  {Go: "MinDoubleInt", Fails: true},
	"math_@min_double_uint": {Go: "MinDoubleUint", Fails: true},

	"json_encode_dyn":   {Go: "EncodeJSON", Arena: true, Fails: true},
	"json_parse_string": {Go: "ParseJSON", Arena: true},
}
