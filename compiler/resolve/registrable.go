package resolve

import "strings"

// unownedDomain says why text behind a capture in the host of a redirect does
// not fix whose machine it is, or may be: "" where it is somebody's own domain,
// as far as can be told. The rules of every registry are not known here; a
// domain under which anybody may have a name, and that is in neither list
// below, is taken for the policy's own.
func unownedDomain(suffix string) string {
	labels := strings.Split(strings.ToLower(strings.TrimSuffix(suffix, ".")), ".")
	last := labels[len(labels)-1]
	if strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x") && strings.Trim(last[2:], "0123456789abcdef") == "" {
		return "a host that ends in a number is an address"
	}
	if len(labels) < 2 {
		return "anybody can have a name under ." + suffix
	}
	if len(labels) > 2 {
		return ""
	}
	whole := strings.Join(labels, ".")
	if len(last) == 2 && registryLabels[labels[0]] || sharedDomains[whole] {
		return "anybody can have a name under ." + whole
	}
	return ""
}

// registryLabels stand before the two letters of many countries, as in co.uk.
var registryLabels = setOf("ac co com edu gob gov gouv gv ltd me mil ne net nom or org plc sch")

// sharedDomains give names to whoever asks.
var sharedDomains = setOf("appspot.com azurewebsites.net blogspot.com cloudfront.net firebaseapp.com fly.dev github.io gitlab.io herokuapp.com netlify.app onrender.com pages.dev vercel.app web.app workers.dev")

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}
