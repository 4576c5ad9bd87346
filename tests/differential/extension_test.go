package differential

import "fmt"

// texts is the kind of maps from text to text: what headers are.
const texts = "map(string, string)"

var zones = []string{`"Europe/Berlin"`, `"America/New_York"`, `"+05:45"`, `"-03:30"`, `"UTC"`}

// extensions are the expressions of a kind that CEL's extensions give, and
// those of kinds that only they have a use for.
//
// Constants get + "" where the compiler would refuse some of them: as names of
// headers, and as formats.
//
// INVARIANT: nothing depends on the order of a map's entries, which the two
// executors need not share: what is made of them is sorted, or asks for any.
func (c *place) extensions(kind string, depth int, add func(int, func() string), sub func(string) string) {
	call := func(weight int, format string, kinds ...string) {
		add(weight, func() string {
			args := make([]any, len(kinds))
			for i, k := range kinds {
				args[i] = sub(k)
			}
			return fmt.Sprintf(format, args...)
		})
	}
	add(1, func() string { return c.bind(kind, depth) })
	switch kind {
	case "bool":
		c.extendedTests(depth, add, call)
	case "int":
		c.extendedInts(add, sub, call)
	case "double":
		add(1, func() string {
			return "math." + pick(c.Rand, "floor", "ceil", "round", "trunc", "abs", "sign", "sqrt") + "(" + sub("double") + ")"
		})
	case "string":
		c.extendedTexts(add, sub, call)
	case "list(string)":
		c.extendedLists(depth, add, sub, call)
	case "list(int)":
		call(1, "%s.sort()", kind)
		call(1, "%s.distinct()", kind)
		add(1, func() string { return "lists.range(" + pick(c.Rand, "0", "3", "5") + ")" })
		call(1, "%s.transformList(i, x, i + size(x))", "list(string)")
	case "optional(string)":
		call(1, "%s.first()", "list(string)")
		call(1, "%s.last()", "list(string)")
		call(1, "optional.ofNonZeroValue(%s)", "string")
		call(2, `%s[?(%s + "")]`, texts, "string")
		call(1, "%s.optMap(o, o + %s)", kind, "string")
		call(1, "%s.optFlatMap(o, %s[?o])", kind, texts)
	case "optional(int)":
		call(1, "%s.optMap(o, size(o))", "optional(string)")
		call(1, "%s.sort().first()", "list(int)")
	}
}

// bind gives a part a name, which the rest may read.
func (c *place) bind(kind string, depth int) string {
	of := pick(c.Rand, "string", "int", "list(string)", texts, "dyn")
	inner := c.with(func(d *place) {
		d.bound++
		d.vars = append(d.vars, variable{fmt.Sprintf("v%d", d.bound), of})
	})
	return fmt.Sprintf("cel.bind(v%d, %s, %s)", inner.bound, c.expr(of, min(depth-1, 2)), inner.expr(kind, min(depth-1, 2)))
}

func (c *place) extendedTests(depth int, add func(int, func() string), call func(int, string, ...string)) {
	call(1, "isIP(%s)", "string")
	call(1, "isCIDR(%s)", "string")
	call(1, `((%s + "") in %s)`, "string", texts)
	call(1, "(%s == %s)", texts, texts)
	call(1, "(%s == %s)", "bytes", "bytes")
	call(1, "(%s < %s)", "bytes", "bytes")
	call(1, "(%s == %s)", "optional(string)", "optional(string)")
	call(2, "(%s == %s)", "dyn", "dyn")
	call(1, "(%s in [dyn(1.0), dyn(%s), %s])", "dyn", "string", "dyn")
	call(1, "(dyn(%s) == dyn(%s))", "int", "double")
	call(1, "(%s < %s)", "int", "double")
	call(1, "(%s >= %s)", "uint", "int")
	add(2, func() string {
		return fmt.Sprintf("(type(%s) == %s)", c.expr("dyn", 1), pick(c.Rand, "string", "int", "double", "list", "map", "bool", "null_type"))
	})
	add(1, func() string {
		k := pick(c.Rand, "list(string)", "list(int)")
		return fmt.Sprintf("%s(%s, %s)", pick(c.Rand, "sets.contains", "sets.intersects", "sets.equivalent"), c.expr(k, depth-1), c.expr(k, depth-1))
	})
	add(1, func() string {
		return fmt.Sprintf("%s.%s(%s)", c.expr("list(string)", depth-1), pick(c.Rand, "hasAll", "hasAny", "hasOnly", "hasExactly"), c.expr("list(string)", depth-1))
	})
	add(2, func() string {
		return c.pairs(texts, pick(c.Rand, "all", "exists", "existsOne"), "string", "bool", depth)
	})
	add(2, func() string {
		return c.pairs("list(string)", pick(c.Rand, "all", "exists", "exists_one"), "int", "bool", depth)
	})
	if c.request {
		add(1, func() string {
			return pick(c.Rand, `cidr("10.0.0.0/8").containsIP(source.ip)`, `ip(source.ip).isGlobalUnicast()`, `(isIP(header("h1")) && cidr("10.0.0.0/8").containsIP(header("h1")))`,
				`(isIP(header("h2")) ? ip(header("h2")) == ip(source.ip) : false)`, `header("h1").matches("^[0-9a-f]+$")`, `header("h2").matches("^(a|b)(,b)?$")`, `header("h1").matches("^a.*$")`)
		})
	}
	if !c.safe {
		call(1, "%s.startsWith(\"a\")", "dyn")
		call(1, "(%s && %s)", "dyn", "bool")
		call(1, "(%s || %s)", "bool", "dyn")
		call(1, "%s.exists(d, d == %s)", "dyn", "dyn")
		call(1, "in_cidr(%s, [%s, \"10.0.0.0/8\"])", "string", "string")
	}
}

// pairs writes a macro with two names.
func (c *place) pairs(over, name, first, result string, depth int) string {
	inner := c.with(func(d *place) {
		d.bound += 2
		d.vars = append(d.vars, variable{fmt.Sprintf("v%d", d.bound-1), first}, variable{fmt.Sprintf("v%d", d.bound), "string"})
	})
	return fmt.Sprintf("%s.%s(v%d, v%d, %s)", c.expr(over, min(depth-1, 1)), name, inner.bound-1, inner.bound, inner.expr(result, min(depth-1, 2)))
}

func (c *place) extendedInts(add func(int, func() string), sub func(string) string, call func(int, string, ...string)) {
	call(1, "%s.indexOf(%s)", "string", "string")
	call(1, "%s.lastIndexOf(%s)", "string", "string")
	call(1, "size(%s)", "bytes")
	call(1, "size(%s)", texts)
	call(1, "math.sign(%s)", "int")
	call(1, "math.greatest(%s, %s)", "int", "int")
	call(1, "math.least(%s, %s, 3)", "int", "int")
	add(1, func() string {
		return "math." + pick(c.Rand, "bitAnd", "bitOr", "bitXor") + "(" + sub("int") + ", " + sub("int") + ")"
	})
	add(2, func() string {
		return sub("timestamp") + "." + pick(c.Rand, getters...) + "(" + pick(c.Rand, zones...) + ")"
	})
	add(1, func() string {
		return sub("duration") + "." + pick(c.Rand, "getHours", "getMinutes", "getSeconds", "getMilliseconds") + "()"
	})
	if !c.safe {
		call(1, "math.abs(%s)", "int")
		call(1, "math.bitShiftLeft(%s, %s)", "int", "int")
		call(1, "math.greatest(%s)", "list(int)")
		call(1, "%s.indexOf(%s, %s)", "string", "string", "int")
		call(1, "int(%s)", "timestamp")
		call(1, "size(%s)", "dyn")
	}
}

func (c *place) extendedTexts(add func(int, func() string), sub func(string) string, call func(int, string, ...string)) {
	add(2, func() string {
		return sub("string") + "." + pick(c.Rand, "lowerAscii", "upperAscii", "trim", "reverse") + "()"
	})
	add(1, func() string {
		return sub("string") + ".replace(" + pick(c.Rand, `"a"`, `","`, `""`, `"é"`) + ", " + pick(c.Rand, `"b"`, `""`, `"🙂-"`) + pick(c.Rand, "", "", ", 1") + ")"
	})
	add(2, func() string { return sub("list(string)") + ".join(" + pick(c.Rand, `""`, `","`, `"; "`) + ")" })
	call(1, "strings.quote(%s)", "string")
	call(1, "base64.encode(%s)", "bytes")
	call(1, "base64.encodeUrl(%s)", "bytes")
	call(1, "string(%s)", "duration")
	call(1, "string(%s)", "timestamp")
	call(1, `"%%s:%%d:%%s".format([%s, %s, %s])`, "string", "int", "bool")
	add(1, func() string {
		return "json.encode(" + sub(pick(c.Rand, "string", "int", "bool", "list(string)")) + ")"
	})
	if !c.safe {
		call(1, "%s.substring(%s)", "string", "int")
		call(1, "%s.charAt(%s)", "string", "int")
		call(1, "string(%s)", "bytes")
		call(1, "string(%s)", "dyn")
		call(1, `%s[%s + ""]`, texts, "string")
		call(1, `(%s + "%%s").format([%s])`, "string", "string")
	}
}

func (c *place) extendedLists(depth int, add func(int, func() string), sub func(string) string, call func(int, string, ...string)) {
	add(3, func() string {
		return sub("string") + ".split(" + pick(c.Rand, `","`, `""`, `"a"`) + pick(c.Rand, "", "", ", 2", ", 0") + ")"
	})
	add(2, func() string { return sub("list(string)") + "." + pick(c.Rand, "distinct", "sort", "reverse") + "()" })
	call(1, "(%s + %s)", "list(string)", "list(string)")
	call(1, "[?%s, %s]", "optional(string)", "string")
	call(1, "[%s, %s].unwrapOpt()", "optional(string)", "optional(string)")
	call(1, "%s.map(s, s.split(\",\")).flatten()", "list(string)")
	call(1, "%s.map(k, k).sort()", texts)
	call(1, "%s.sortBy(s, size(s) * 100 + s.indexOf(\"a\")).map(s, string(size(s)))", "list(string)")
	add(1, func() string { return c.pairs(texts, "transformList", "string", "string", depth) + ".sort()" })
	add(1, func() string { return c.pairs("list(string)", "transformList", "int", "string", depth) })
	call(1, "%s.map(x, %s, x + \"!\")", "list(string)", "bool")
	if !c.safe {
		call(1, "%s.slice(%s, %s)", "list(string)", "int", "int")
	}
}

// containers are the expressions of the kinds bytes, dyn and maps of text.
func (c *place) containers(kind string, depth int, add func(int, func() string), sub func(string) string) {
	switch kind {
	case "bytes":
		add(2, func() string { return pick(c.Rand, `b""`, `b"a"`, `b"\xff\x00"`, `bytes("é")`) })
		add(2, func() string { return "bytes(" + c.expr("string", min(depth-1, 1)) + ")" })
		if depth > 0 {
			add(1, func() string { return "(" + sub(kind) + " + " + sub(kind) + ")" })
			if !c.safe {
				add(1, func() string {
					return pick(c.Rand, "base64.decode", "base64.decodeUrl") + "(" + sub("string") + ")"
				})
			}
		}
	case "dyn":
		add(1, func() string {
			return pick(c.Rand, "dyn(1)", "dyn(1.0)", "dyn(2u)", `dyn("a")`, "dyn(null)", "dyn(true)", "dyn([1])")
		})
		add(2, func() string { return "json.parse(" + c.expr("string", 0) + ").orValue(" + c.expr("dyn", 0) + ")" })
		if depth > 0 {
			add(1, func() string {
				return "dyn(" + sub(pick(c.Rand, "int", "uint", "double", "string", "list(string)", texts)) + ")"
			})
			if !c.safe {
				add(2, func() string { return "json.parse(" + sub("string") + ").?a.orValue(" + sub("dyn") + ")" })
				add(1, func() string { return sub("dyn") + ".a" })
				add(1, func() string { return sub("dyn") + "[" + sub("int") + "]" })
			}
		}
	case texts:
		add(1, func() string {
			return fmt.Sprintf(`{"a": %s, ?"b": %s}`, c.expr("string", min(depth-1, 1)), c.expr("optional(string)", min(depth-1, 1)))
		})
		if c.request {
			add(3, func() string { return "request.headers" })
		}
		if c.response {
			add(3, func() string { return "response.headers" })
		}
		if depth > 0 {
			add(2, func() string { return c.pairs(texts, "transformMap", "string", "string", depth) })
			if !c.safe {
				add(1, func() string {
					return fmt.Sprintf("%s.transformMapEntry(i, x, {x: %s})", sub("list(string)"), c.expr("string", 0))
				})
			}
		}
	}
}
