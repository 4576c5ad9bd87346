package check

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// CORS is what one cors.allow says. An * stands alone in Origins, Methods and
// Expose, and may stand beside names in Headers.
type CORS struct {
	Block       string // full name of the block that has it
	Origins     []string
	Methods     []string
	Headers     []string // lower case
	Expose      []string // lower case
	Credentials bool
	MaxAge      time.Duration
	Span        source.Span
}

// corsRule checks the arguments of the block's cors.allow.
func (s *scope) corsRule() {
	rule := s.route.CORS
	if rule == nil {
		return
	}
	args := s.arguments(rule.Use)
	if args == nil {
		return
	}
	for _, x := range args {
		s.read(x.Root) // so that the lets in it count as read
	}
	o := &CORS{Block: s.route.FullName, Span: rule.Use.Span}
	v := &sharing{scope: s, args: args}
	o.Origins, o.Methods = v.texts("origins"), v.texts("methods")
	o.Headers, o.Expose = lowered(v.texts("headers")), lowered(v.texts("expose"))
	o.Credentials, _ = v.constant("credentials").(bool)
	o.MaxAge, _ = v.constant("max_age").(time.Duration)
	if v.wrong {
		return
	}
	v.sound(o)
	for _, name := range []string{"origin", "access-control-request-method", "access-control-request-headers"} {
		if slices.Contains(s.Owned, name) {
			s.diags.Add(diag.OwnedHeader, rule.Use.Span, "cors.allow reads %s, which this bundle writes: it is removed from every request", name).
				Helpf("set another header")
		}
	}
	if s.CORS == nil {
		s.CORS = map[*resolve.CORS]*CORS{}
	}
	s.CORS[rule] = o
}

// sharing reads the arguments of a cors.allow.
type sharing struct {
	*scope
	args  map[string]*celfront.Checked
	wrong bool
}

func (v *sharing) constant(name string) any {
	x := v.args[name].Folded()
	if x.Op != celfront.Const {
		v.notConstant(name)
		return nil
	}
	return x.Value
}

// texts is an argument that is a list of strings.
func (v *sharing) texts(name string) []string {
	out := []string{}
	x := v.args[name].Folded()
	if x.Op != celfront.List {
		v.notConstant(name)
		return nil
	}
	for _, e := range x.Args {
		if e.Op != celfront.Const || slices.Contains(x.Optional, true) {
			v.notConstant(name)
			return nil
		}
		text, _ := e.Value.(string)
		out = append(out, text)
	}
	return out
}

func (v *sharing) notConstant(name string) {
	v.wrong = true
	v.diags.Add(diag.NotConstant, v.args[name].Source.Span(), "%s of cors.allow is not constant: answers to it are prepared when the policy is compiled", name).
		Helpf("write the values here")
}

func (v *sharing) bad(name, help, format string, args ...any) {
	v.diags.Add(diag.BadSharing, v.args[name].Source.Span(), format, args...).Help = help
}

var (
	origin   = regexp.MustCompile(`^[a-z][a-z0-9+.-]*://([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,4})?$`)
	method   = regexp.MustCompile(`^[A-Z]+$`)
	fieldish = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9a-z-]+$")
)

// sound holds the arguments to what browsers make of them by the fetch standard.
func (v *sharing) sound(o *CORS) {
	if len(o.Origins) == 0 {
		v.bad("origins", `origins: ["https://www.example.com"]`, "no origin may read the answers: cors.allow would allow nothing")
	}
	v.each("origins", o.Origins, func(t string) {
		switch {
		case t == "null":
			v.diags.Add(diag.NullOrigin, v.args["origins"].Source.Span(), `every page in a sandbox has the origin "null", whoever wrote it`).
				Helpf("list the origins that have a name")
		case !origin.MatchString(t):
			v.bad("origins", `origins: ["https://www.example.com", "https://www.example.com:8443"]`,
				"%q is not an origin as browsers send it: a scheme, a host in lower case, a port unless it is the scheme's own", t)
		case strings.HasPrefix(t, "https://") && strings.HasSuffix(t, ":443"), strings.HasPrefix(t, "http://") && strings.HasSuffix(t, ":80"):
			v.bad("origins", "origins: [\""+t[:strings.LastIndexByte(t, ':')]+"\"]", "browsers leave the scheme's own port out of %q", t)
		}
	})
	v.each("methods", o.Methods, func(t string) {
		if !method.MatchString(t) || t == "CONNECT" || t == "TRACE" || t == "TRACK" {
			v.bad("methods", `methods: ["GET", "POST"]`, "%q is not a method that a page may use", t)
		}
	})
	for name, list := range map[string][]string{"headers": o.Headers, "expose": o.Expose} {
		v.each(name, list, func(t string) {
			if !fieldish.MatchString(t) {
				v.bad(name, name+`: ["x-request-id"]`, "%q is not the name of a header", t)
			}
		})
	}
	if o.MaxAge < 0 || o.MaxAge > 24*time.Hour || o.MaxAge%time.Second != 0 {
		v.bad("max_age", "max_age: 10m", "max_age is a whole number of seconds up to a day, not %s", o.MaxAge)
	}
}

// each looks at the values of a list; an * may stand in some, once.
func (v *sharing) each(name string, list []string, one func(string)) {
	seen := map[string]bool{}
	for _, t := range list {
		switch {
		case seen[t]:
			v.bad(name, "leave one of them out", "%q stands twice", t)
		case t == "*":
			if granted, _ := v.args["credentials"].Folded().Value.(bool); granted {
				v.bad(name, "name them", "browsers do not take * of %s for all where credentials are allowed", name)
			}
			if len(list) > 1 && name != "headers" {
				v.bad(name, name+`: ["*"]`, "* stands for all %s: the others say nothing", name)
			}
		default:
			one(t)
		}
		seen[t] = true
	}
}

func lowered(list []string) []string {
	for i := range list {
		list[i] = strings.ToLower(list[i])
	}
	return list
}
