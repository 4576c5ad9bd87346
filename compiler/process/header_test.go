package process

import (
	"slices"
	"testing"
)

// Changes of headers, as Envoy carries them out.
func TestApply(t *testing.T) {
	const remove, set, add, setIfAbsent = 0, 1, 2, 3
	start := headerList{{"a", "1"}, {"b", "2"}, {"A", "3"}, {"c", ""}}
	for _, c := range []struct {
		name    string
		actions []action
		want    headerList
	}{
		{"nothing", nil, start},
		{"remove all of a name", []action{{remove, "a", ""}}, headerList{{"b", "2"}, {"c", ""}}},
		{"remove what is not there", []action{{remove, "x", ""}}, start},
		{"set one of many", []action{{set, "a", "9"}}, headerList{{"a", "9"}, {"b", "2"}, {"c", ""}}},
		{"set a new one", []action{{set, "x", "9"}}, append(slices.Clone(start), [2]string{"x", "9"})},
		{"set to nothing removes", []action{{set, "a", ""}}, headerList{{"b", "2"}, {"c", ""}}},
		{"set to the value of another", []action{{set, "a", "3"}}, headerList{{"a", "3"}, {"b", "2"}, {"c", ""}}},
		{"add", []action{{add, "a", "9"}}, append(slices.Clone(start), [2]string{"a", "9"})},
		{"add nothing", []action{{add, "a", ""}}, start},
		{"if absent, present", []action{{setIfAbsent, "B", "9"}}, start},
		{"if absent, present and empty", []action{{setIfAbsent, "c", "9"}}, start},
		{"if absent, absent", []action{{setIfAbsent, "x", "9"}}, append(slices.Clone(start), [2]string{"x", "9"})},
		{"if absent, to nothing", []action{{setIfAbsent, "x", ""}}, start},
		{"in order", []action{{remove, "b", ""}, {setIfAbsent, "b", "1"}, {add, "b", "2"}, {set, "a", ""}}, headerList{{"c", ""}, {"b", "1"}, {"b", "2"}}},
	} {
		before := slices.Clone(start)
		if got := start.apply(c.actions); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		if !slices.Equal(before, start) {
			t.Fatalf("%s: the list itself was changed", c.name)
		}
	}
	if start.get("b") != "2" || start.get("x") != "" {
		t.Error("get")
	}
}
