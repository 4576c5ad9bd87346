package interp

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/scenario"
)

// identity is who the client turned out to be; auth is nil for anonymous ones.
type identity struct {
	auth *resolve.Auth
	key  *resolve.Key
}

func isIdentity(name string) bool { return name == "identity" || strings.HasPrefix(name, "identity.") }

func (i *identity) id() string {
	if i.auth == nil {
		return ""
	}
	return i.auth.Name + ":" + i.key.Subject
}

// claim returns the value of a claim in the form of resolve.Key.Claims, nil
// when the key or its auth has none of that name.
func (i *identity) claim(name string) any {
	if i.auth == nil {
		return nil
	}
	for n, field := range i.auth.Claims {
		if field.Name.Text == name {
			return i.key.Claims[n]
		}
	}
	return nil
}

// logIn authenticates where the route asks for it.
func (d *decision) logIn() *answer {
	a := d.authenticate()
	d.log.login(d, a)
	return a
}

// authenticate finds out who the client is. A credential that is present and
// does not hold is refused, beside a good one too; so are two.
func (d *decision) authenticate() *answer {
	if d.route.Public {
		return nil
	}
	var found []identity
	for _, auth := range d.route.Auths {
		values := d.credentials(auth)
		if len(values) == 0 {
			continue
		}
		if len(values) > 1 {
			return d.challenge()
		}
		key := keyFor(auth, values[0])
		if key == nil {
			return d.challenge()
		}
		found = append(found, identity{auth, key})
	}
	switch {
	case len(found) > 1:
		return d.challenge()
	case len(found) == 1:
		d.identity = &found[0]
	case d.route.Optional:
		d.identity = &identity{}
	default:
		return d.challenge()
	}
	d.lets = nil
	return nil
}

// credentials returns what stands in the place of an auth.
func (d *decision) credentials(a *resolve.Auth) []string {
	switch a.Place {
	case resolve.InHeader:
		return valuesOf(d.headers, a.Field)
	case resolve.InCookie:
		return cookieValues(d.headers, a.Field)
	}
	return d.QueryValues(a.Field) // that they can be read was checked before
}

func keyFor(a *resolve.Auth, credential string) *resolve.Key {
	digest := sha256.Sum256([]byte(credential))
	for _, k := range a.Keys {
		if k.Digest == digest {
			return k
		}
	}
	return nil
}

// challenge is the 401 with what the route would have taken.
func (d *decision) challenge() *answer {
	a := refusal(401, d.route.FullName+".auth")
	for _, auth := range d.route.Auths {
		a.headers = append(a.headers, scenario.Header{
			Name:  "www-authenticate",
			Value: fmt.Sprintf(`ApiKey realm="%s", in="%s", name="%s"`, d.bundle.Name, auth.Place, auth.Field),
		})
	}
	return a
}
