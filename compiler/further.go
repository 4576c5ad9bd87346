package compiler

import (
	"strings"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// standing are the codes of mistakes that are mistakes whatever else the bundle
// says: none of them can come from a statement that could not be read. All
// others can: a misspelt auth line leaves a route without access, a broken let
// leaves its name unknown, and whatever is read nowhere may have been read there.
var standing = map[diag.Code]bool{
	diag.DuplicateName: true, diag.UnnamedRule: true, diag.DuplicateSetting: true, diag.UnknownMember: true,
	diag.BadExpression: true, diag.WrongType: true, diag.WrongPhase: true, diag.OwnedHeader: true, diag.CredentialRead: true,
	diag.ForbiddenHeader: true, diag.HeaderConflict: true, diag.BadHeaderName: true, diag.BadHeaderValue: true,
	diag.BadStatus: true, diag.AnonymousUse: true, diag.SkipNotAllowed: true, diag.BadRegex: true,
	diag.TooComplex: true, diag.MayFail: true, diag.NotYet: true, diag.NotYetExpr: true,
	diag.BadTemplate: true, diag.BadHost: true, diag.BadMethod: true,
}

// further finds what else is wrong with a bundle of which not everything could
// be read, so that one misspelt word does not hide the mistakes elsewhere. The
// unit keeps nothing of it but the messages.
func further(u *Unit) []*diag.Diagnostic {
	if len(u.Tree.Files) == 0 {
		return nil
	}
	part := &Unit{Input: u.Input, Tree: u.Tree}
	part.tolerant()
	names := map[source.Span]bool{}
	for _, f := range u.Tree.Files {
		for _, d := range f.Decls {
			if r, ok := d.(*ast.Route); ok {
				names[r.Name.Span()] = true
			}
		}
	}
	var kept []*diag.Diagnostic
	for _, d := range part.diags.Sorted() {
		switch {
		case !standing[d.Code]:
		case d.Code == diag.BadExpression && strings.HasSuffix(d.Message, "is not declared"):
		case d.Code == diag.NotYet && names[d.Span]: // a route without an ending
		case u.blamed(d.Span): // said already, by the parser
		default:
			kept = append(kept, d)
		}
	}
	return kept
}

// blamed reports whether a message is about some of this text already.
func (u *Unit) blamed(s source.Span) bool {
	for _, d := range u.diags.Sorted() {
		if d.Span.File == s.File && d.Span.Start <= s.End && s.Start <= d.Span.End {
			return true
		}
	}
	return false
}

// tolerant runs the stages that look for mistakes. A tree with gaps is not what
// they are made for: where one gives up, what was found until then counts.
func (u *Unit) tolerant() {
	defer func() { _ = recover() }()
	for _, s := range Stages {
		if carriesOn[s.Name] {
			s.Run(u)
		}
	}
}
