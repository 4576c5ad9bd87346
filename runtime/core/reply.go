package core

// Reply answers with a status under a rule's name, which must be a constant as
// the body must. An empty body stands for the bundle's own of that status or,
// for refusals, the reason phrase.
func (r *Request) Reply(details string, status uint32, body string, json bool) {
	r.answer(r.spec, r.grpc, details, status, body, json, true)
}

// ReplyExact is Reply without a default body.
func (r *Request) ReplyExact(details string, status uint32, body string, json bool) {
	r.answer(r.spec, r.grpc, details, status, body, json, false)
}

// Challenge adds a www-authenticate header to the answer.
func (r *Request) Challenge(value string) {
	if value != "" {
		r.push(OpAdd, "www-authenticate", r.kept(value))
	}
}

// Unmatched answers a request that no route takes.
func (r *Request) Unmatched() {
	r.Reply(r.spec.Details.Unmatched, r.spec.UnmatchedStatus, "", false)
}

// MethodNotAllowed answers 405 with the methods that the path has.
func (r *Request) MethodNotAllowed(allow string) {
	r.Reply(r.spec.Details.Method, 405, "", false)
	if allow != "" {
		r.push(OpAdd, "allow", r.kept(allow))
	}
}

// Refuse400 answers 400 by the given name.
func (r *Request) Refuse400(details string) { r.Reply(details, 400, "", false) }

// Undecided answers 500 and marks the request as one that could not be
// decided. It is the only answer that does not come from a rule.
func (r *Request) Undecided() {
	r.Reply(r.spec.Details.Undecided, 500, "", false)
	r.f.Flags |= FlagFault
}

// SetLabel names the route for the access log; the name must be a constant.
func (r *Request) SetLabel(label string) { r.f.Label = ref(label) }

// Done is the last step of a decision. It replaces one that did not fit the
// frame, or that decided nothing, by Undecided.
func (r *Request) Done() {
	r.announceLater()
	if unsound(r.f) != "" {
		r.Undecided()
	}
	if r.shadowed {
		r.f.Flags |= FlagShadow
	}
	if r.crowded {
		r.f.Flags |= FlagCrowded
	}
}

// answer puts a reply into the frame in place of anything that is there.
func (s *Scratch) answer(spec *Spec, grpc bool, details string, status uint32, body string, json, byDefault bool) {
	f := s.f
	if body == "" && byDefault {
		body, json = spec.body(status)
	}
	f.Verdict = VerdictReply
	f.Status = status
	f.Flags = 0
	f.NActions = 0
	f.Details = ref(details)
	f.Body = ref(body)
	switch {
	case grpc:
		s.push(OpAdd, "grpc-status", grpcStatus(status))
	case body == "":
	case json:
		s.push(OpAdd, "content-type", "application/json")
	default:
		s.push(OpAdd, "content-type", "text/plain")
	}
}

// body is what an answer says when its rule says nothing.
func (s *Spec) body(status uint32) (body string, json bool) {
	for i := range s.Replies {
		if s.Replies[i].Status == status {
			return s.Replies[i].Body, s.Replies[i].JSON
		}
	}
	if status < 400 {
		return "", false
	}
	return reason(status), false
}

// grpcStatus is the gRPC status of an HTTP status.
func grpcStatus(status uint32) string {
	switch {
	case status < 300:
		return "0"
	case status < 400:
		return "2"
	case status == 401:
		return "16"
	case status == 403:
		return "7"
	case status == 404, status == 405:
		return "12"
	case status == 413, status == 429:
		return "8"
	case status < 500:
		return "3"
	case status == 500:
		return "13"
	}
	return "14"
}

// reason is the registered reason phrase of a refusal in lower case, as a line.
func reason(status uint32) string {
	switch status {
	case 400:
		return "bad request\n"
	case 401:
		return "unauthorized\n"
	case 402:
		return "payment required\n"
	case 403:
		return "forbidden\n"
	case 404:
		return "not found\n"
	case 405:
		return "method not allowed\n"
	case 406:
		return "not acceptable\n"
	case 407:
		return "proxy authentication required\n"
	case 408:
		return "request timeout\n"
	case 409:
		return "conflict\n"
	case 410:
		return "gone\n"
	case 411:
		return "length required\n"
	case 412:
		return "precondition failed\n"
	case 413:
		return "request entity too large\n"
	case 414:
		return "request uri too long\n"
	case 415:
		return "unsupported media type\n"
	case 416:
		return "requested range not satisfiable\n"
	case 417:
		return "expectation failed\n"
	case 418:
		return "i'm a teapot\n"
	case 421:
		return "misdirected request\n"
	case 422:
		return "unprocessable entity\n"
	case 423:
		return "locked\n"
	case 424:
		return "failed dependency\n"
	case 425:
		return "too early\n"
	case 426:
		return "upgrade required\n"
	case 428:
		return "precondition required\n"
	case 429:
		return "too many requests\n"
	case 431:
		return "request header fields too large\n"
	case 451:
		return "unavailable for legal reasons\n"
	case 500:
		return "internal server error\n"
	case 501:
		return "not implemented\n"
	case 502:
		return "bad gateway\n"
	case 503:
		return "service unavailable\n"
	case 504:
		return "gateway timeout\n"
	case 505:
		return "http version not supported\n"
	case 506:
		return "variant also negotiates\n"
	case 507:
		return "insufficient storage\n"
	case 508:
		return "loop detected\n"
	case 510:
		return "not extended\n"
	case 511:
		return "network authentication required\n"
	}
	return ""
}
