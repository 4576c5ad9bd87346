package check

import (
	"strings"

	"moec.dev/moec/compiler/resolve"
)

// CredentialIn returns an auth whose credential travels in a request header, or
// nil. A cookie makes the whole cookie header one: its text cannot be shown in
// part.
func CredentialIn(auths []*resolve.Auth, header string) *resolve.Auth {
	name := strings.ToLower(header)
	for _, a := range auths {
		if a.Place == resolve.InHeader && a.Field == name || a.Place == resolve.InCookie && name == "cookie" {
			return a
		}
	}
	return nil
}
