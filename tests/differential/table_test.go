package differential

import (
	"fmt"
	"math/rand/v2"
)

// writeTables declares tables of numbers and of records, with or without reload.
func (p *policy) writeTables() {
	if p.chance(40) {
		return
	}
	p.tables = true
	p.line("table nums: map(string, int) from file %q%s", pick(p.Rand, "nums.json", "nums.yaml"), pick(p.Rand, "", " reload"))
	p.files["nums.json"] = `{"a": 1, "gold": -7, "é": 9223372036854775807, "": 0}`
	p.files["nums.yaml"] = "a: 1\ngold: -7\n\"1\": 5\n"
	p.line("table recs: map(string, { n: int, s: string, l: list(string) }) from file \"recs.json\"%s", pick(p.Rand, "", " reload"))
	p.files["recs.json"] = `{"a": {"n": 2, "s": "gold", "l": ["a", "b"]}, "b": {"n": 0, "s": "", "l": []}}`
}

// otherTables are values that a request may find in place of the tables'.
func (p *policy) otherTables(r *rand.Rand) map[string]string {
	if !p.tables || r.IntN(100) < 70 {
		return nil
	}
	t := map[string]string{}
	if r.IntN(2) == 0 {
		t["nums"] = pick(r, `{}`, `{"a": 4, "b": 3}`)
	}
	if r.IntN(2) == 0 {
		t["recs"] = pick(r, `{}`, `{"a": {"n": 1, "s": "b", "l": []}}`)
	}
	return t
}

// tableForms reads the tables.
func (c *place) tableForms(kind string, add func(int, func() string), sub func(string) string) {
	if !c.tables || !c.request {
		return
	}
	call := func(form string) {
		add(2, func() string { return fmt.Sprintf(form, sub("string")) })
	}
	switch kind {
	case "bool":
		call("((%s) in nums)")
		call("((%s) in recs)")
	case "int":
		call("nums[?(%s)].orValue(3)")
		call("recs[?(%s)].n.orValue(size(recs))")
		if !c.safe {
			call("nums[(%s)]")
		}
	case "string":
		call(`recs[?(%s)].s.orValue("-")`)
		if !c.safe {
			call("recs[(%s)].s")
		}
	case "optional(int)":
		call("nums[?(%s)]")
	case "optional(string)":
		call("recs[?(%s)].s")
	case "list(string)":
		call("recs[?(%s)].l.orValue([\"a\"])")
	}
}
