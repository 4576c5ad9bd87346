package differential

import "fmt"

// readable are the request headers that expressions read.
var readable = []string{"h1", "h2", "a-1", "accept", "cookie", "x-api-key"}

// leaves are the expressions of a scalar type without an operator.
func (c *place) leaves(kind string, add func(int, func() string)) {
	one := func(weight int, of ...string) { add(weight, func() string { return pick(c.Rand, of...) }) }
	switch kind {
	case "bool":
		one(1, "true", "false")
		if c.request {
			add(2, func() string { return fmt.Sprintf("(%q in request.headers)", pick(c.Rand, readable...)) })
			one(1, "has(request.headers.h1)", "has(request.headers.accept)")
		}
		if c.response {
			one(1, `("u1" in response.headers)`, "has(response.headers.u2)")
		}
	case "int":
		one(2, "0", "1", "2", "-3", "10", "9223372036854775807", "-9223372036854775808", "4611686018427387904")
		if c.request {
			one(1, "source.port", "destination.port")
		}
		if c.response {
			one(2, "response.code")
		}
	case "uint":
		one(2, "0u", "1u", "7u", "18446744073709551615u")
	case "double":
		one(2, "0.0", "1.5", "-2.25", "1e300", "1e-7", "100.0", "1e21", "3.0")
	case "string":
		one(2, `""`, `"a"`, `"b"`, `"é🙂"`, `"1"`, `"a,b"`, `"10.0.0.1"`, `"2026-01-02T03:04:05Z"`, `"90s"`, `"true"`, `" c"`, `"d "`, `r"x\y"`, "route.name")
		if c.request {
			one(3, `header("h1")`, `header("h2")`, `query("q")`, `query("m")`, `cookie("ck")`, `cookie("sid")`)
			one(2, "request.path", "request.url_path", "request.host", "request.method", "request.scheme", "request.query", "request.referer", "request.useragent", "request.id")
			one(1, "source.ip", "source.address", "source.net")
			if !c.safe {
				one(1, `request.headers["h1"]`, "request.headers.accept")
			}
			if len(c.captures) > 0 {
				one(4, c.captures...)
			}
		}
		if c.response && !c.safe {
			one(3, `response.headers["u1"]`, "response.headers.u2", `response.headers["content-type"]`)
		}
		if c.identity {
			one(2, "identity.id", "identity.method", "identity.issuer")
			if len(c.auths) == 1 {
				one(1, "identity.subject")
			}
		}
	case "duration":
		one(2, `duration("5s")`, `duration("-1h30m")`, `duration("1ms")`)
	case "timestamp":
		one(2, "now", `timestamp("2026-01-02T03:04:05Z")`, `timestamp("1969-12-31T23:59:59.5Z")`)
		if c.request {
			one(1, "request.time")
		}
	}
	c.claimForms(kind, add)
}

// operators are the expressions of a scalar type with one.
func (c *place) operators(kind string, add func(int, func() string), sub func(string) string) {
	call := func(weight int, format string, kinds ...string) {
		add(weight, func() string {
			args := make([]any, len(kinds))
			for i, k := range kinds {
				args[i] = sub(k)
			}
			return fmt.Sprintf(format, args...)
		})
	}
	infix := func(ops ...string) {
		add(3, func() string { return "(" + sub(kind) + " " + pick(c.Rand, ops...) + " " + sub(kind) + ")" })
	}
	switch kind {
	case "bool":
		call(4, "(%s && %s)", kind, kind)
		call(4, "(%s || %s)", kind, kind)
		call(1, "!(%s)", kind)
		add(5, func() string {
			k := pick(c.Rand, scalars...)
			return "(" + sub(k) + " " + pick(c.Rand, "==", "!=", "<", "<=", ">", ">=") + " " + sub(k) + ")"
		})
		add(3, func() string {
			return sub("string") + "." + pick(c.Rand, "contains", "startsWith", "endsWith") + "(" + sub("string") + ")"
		})
		add(2, func() string {
			k := pick(c.Rand, "string", "int", "uint", "double", "bool")
			return "(" + sub(k) + " in " + sub("list("+k+")") + ")"
		})
		add(3, func() string {
			k := pick(c.Rand, "string", "int")
			return c.macro(sub("list("+k+")"), pick(c.Rand, "all", "exists", "exists_one"), k, "bool", 3)
		})
		add(1, func() string { k := pick(c.Rand, "string", "int"); return sub("optional("+k+")") + ".hasValue()" })
		add(1, func() string {
			k := pick(c.Rand, "list(string)", "list(int)")
			return "(" + sub(k) + pick(c.Rand, " == ", " != ") + sub(k) + ")"
		})
		c.guards(add, sub)
		add(1, func() string {
			return sub("string") + ".matches(" + pick(c.Rand, `"^a+$"`, `"b"`, `"^[^,]*$"`, `"(?i)É"`) + ")"
		})
		if !c.safe {
			call(1, "bool(%s)", "string")
			add(1, func() string {
				return "in_cidr(" + sub("string") + pick(c.Rand, `, "10.0.0.0/8")`, `, ["192.0.2.0/24", "2001:db8::/32"])`)
			})
		}
		if c.request {
			one := `in_cidr(source.ip, ["10.0.0.0/8", "2001:db8::/32"])`
			add(1, func() string { return one })
		}
	case "int":
		if !c.safe {
			infix("+", "-", "*", "/", "%")
			call(1, "-(%s)", kind)
			add(2, func() string { return "int(" + sub(pick(c.Rand, "string", "uint", "double", "int")) + ")" })
		} else {
			call(1, "(size(%s) * 3 - %s.getHours())", "string", "timestamp")
			call(1, "(%s / 7)", kind)
			call(1, "(%s %% 10)", kind)
		}
		call(1, "size(%s)", "string")
		call(1, "%s.size()", "list(string)")
		call(1, "int_or(%s, %s)", "string", "int")
		add(1, func() string { return sub("timestamp") + "." + pick(c.Rand, getters...) + "()" })
	case "uint":
		if c.safe {
			call(1, "(%s / 3u)", kind)
			call(1, "uint(size(%s))", "string")
			break
		}
		infix("+", "-", "*", "/", "%")
		add(2, func() string { return "uint(" + sub(pick(c.Rand, "string", "int", "double", "uint")) + ")" })
	case "double":
		infix("+", "-", "*", "/")
		call(1, "-(%s)", kind)
		from := 0
		if c.safe {
			from = 1 // text may be no number
		}
		add(2, func() string {
			return "double(" + sub(pick(c.Rand, []string{"string", "int", "uint", "double"}[from:]...)) + ")"
		})
	case "string":
		infix("+")
		add(3, func() string { return "string(" + sub(pick(c.Rand, "int", "uint", "double", "bool", "string")) + ")" })
	case "duration":
		if c.safe {
			break
		}
		infix("+", "-")
		call(1, "(%s - %s)", "timestamp", "timestamp")
		call(1, "duration(%s)", "string")
	case "timestamp":
		if c.safe {
			add(1, func() string { return pick(c.Rand, `(now + duration("5s"))`, `(now - duration("1h"))`) })
			break
		}
		call(1, "(%s + %s)", kind, "duration")
		call(1, "(%s + %s)", "duration", kind)
		call(1, "(%s - %s)", kind, "duration")
		call(1, "timestamp(%s)", "string")
	}
	if kind == "string" || kind == "int" {
		call(2, "%s.orValue(%s)", "optional("+kind+")", kind)
		if !c.safe {
			call(1, "%s.value()", "optional("+kind+")")
			call(1, "%s[%s]", "list("+kind+")", "int")
		}
	}
}

var getters = []string{"getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getHours", "getMinutes", "getSeconds", "getMilliseconds"}

// guards are expressions that would fail were it not for what stands before:
// the compiler must see it, and be right.
func (c *place) guards(add func(int, func() string), sub func(string) string) {
	if c.request {
		for _, name := range []string{"h1", "accept"} {
			add(1, func() string {
				return fmt.Sprintf("(%q in request.headers && request.headers[%q] %s %s)", name, name, pick(c.Rand, "==", "<"), sub("string"))
			})
			add(1, func() string {
				return fmt.Sprintf("(has(request.headers.%s) ? request.headers.%s.startsWith(%s) : %s)", name, name, sub("string"), sub("bool"))
			})
		}
		add(1, func() string {
			return fmt.Sprintf("(!(%q in request.headers) || request.headers[%q] != %s)", "h2", "h2", sub("string"))
		})
		add(1, func() string {
			return fmt.Sprintf("(size(header_values(%q)) > 1 && header_values(%q)[1] == %s)", "h1", "h1", sub("string"))
		})
	}
	add(1, func() string {
		o := sub("optional(string)")
		return fmt.Sprintf("(%s.hasValue() && %s.value() != %s)", o, o, sub("string"))
	})
	add(1, func() string {
		l := sub("list(int)")
		return fmt.Sprintf("(size(%s) > 0 && %s[0] > %s)", l, l, sub("int"))
	})
}
