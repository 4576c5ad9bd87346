package scenario

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

// Keyring has the keys behind the identities that tests speak as. They are real
// keys of a bundle made for testing: no executor has a door for tests.
type Keyring struct {
	by map[*ast.As]credential
}

// credential is one key and the auth that takes it.
type credential struct {
	auth *resolve.Auth
	key  string
}

// Credentials makes a key for every distinct as of the bundle's tests and returns a
// copy of the bundle that accepts them too; the given bundle stays as it is.
// What is wrong with an as goes to diags.
func Credentials(b *check.Bundle, diags *diag.List) (*check.Bundle, *Keyring) {
	out := &Keyring{by: map[*ast.As]credential{}}
	extended, auths := withOwnAuths(b)
	issued := map[string]credential{}
	counts := map[string]int{}
	for _, test := range b.Tests {
		eachStep(test.Steps, func(step ast.Step) {
			as, ok := step.(*ast.As)
			if !ok || as.Nobody || as.Sign {
				return
			}
			auth := auths[as.Auth.Text]
			if auth == nil {
				unknownAuth(b, as, diags)
				return
			}
			who := readIdentity(auth, as, diags)
			if who == nil {
				return
			}
			same := fmt.Sprintf("%s %#v", auth.Name, *who)
			c, ok := issued[same]
			if !ok {
				counts[auth.Name]++
				c = credential{auth, fmt.Sprintf("moec-test-%s-%d", auth.Name, counts[auth.Name])}
				issued[same] = c
				auth.Keys = append(auth.Keys, &resolve.Key{
					Digest: sha256.Sum256([]byte(c.key)), Subject: who.subject,
					Groups: who.groups, Claims: who.claims, Span: as.Span(),
				})
			}
			out.by[as] = c
		})
	}
	return extended, out
}

// withOwnAuths copies a bundle as deep as its auths reach: routes point at the
// copies.
func withOwnAuths(b *check.Bundle) (*check.Bundle, map[string]*resolve.Auth) {
	names := *b.Bundle
	copies := map[*resolve.Auth]*resolve.Auth{}
	byName := map[string]*resolve.Auth{}
	names.Auths = nil
	for _, a := range b.Auths {
		c := *a
		c.Keys = slices.Clone(a.Keys)
		copies[a], byName[a.Name] = &c, &c
		names.Auths = append(names.Auths, &c)
	}
	names.Routes = nil
	for _, r := range b.Routes {
		c := *r
		c.Auths = nil
		for _, a := range r.Auths {
			c.Auths = append(c.Auths, copies[a])
		}
		names.Routes = append(names.Routes, &c)
	}
	checked := *b
	checked.Bundle = &names
	return &checked, byName
}

func unknownAuth(b *check.Bundle, as *ast.As, diags *diag.List) {
	var names []string
	for _, a := range b.Auths {
		names = append(names, a.Name)
	}
	d := diags.Add(diag.BadTest, as.Auth.Span(), "the bundle has no auth %s", as.Auth.Text)
	if len(names) > 0 {
		d.Helpf("its auths are %s; without one: as nobody", strings.Join(names, ", "))
	}
}
