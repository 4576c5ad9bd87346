package types

// Phase says when an attribute is known.
type Phase uint8

// The phases of an attribute.
const (
	Request  Phase = iota // from the first rule on
	Response              // when there is an answer
)

// Trust says who chose a value.
type Trust uint8

// Who chose a value.
const (
	Envoy  Trust = iota // Envoy or the connection
	Client              // whoever sent the request
	Policy              // the bundle itself
)

// Attribute is a name that every expression may read.
type Attribute struct {
	Name  string
	Type  *Type
	Phase Phase
	Trust Trust
	// Host is the number of the host attribute that the value comes from
	// (envoy_dynamic_module_type_attribute_id), or 0 when the runtime derives
	// it from the headers or the clock.
	Host uint32
	// Since is the first Envoy that can read the attribute.
	Since string
	// Later says why the attribute cannot be read yet, for those that cannot.
	Later string
}

// BaseEnvoy is the oldest Envoy that a library can serve.
const BaseEnvoy = "1.38"

// Attributes is the schema: all names that do not depend on a bundle.
var Attributes = []Attribute{
	{Name: "request.path", Type: StringType, Trust: Client},
	{Name: "request.url_path", Type: StringType, Trust: Client},
	{Name: "request.raw_path", Type: StringType, Trust: Client},
	{Name: "request.host", Type: StringType, Trust: Client},
	// An HTTP/2 client writes :scheme as it likes, also without TLS.
	{Name: "request.scheme", Type: StringType, Trust: Client},
	{Name: "request.method", Type: StringType, Trust: Client},
	{Name: "request.headers", Type: MapOf(StringType, StringType), Trust: Client},
	{Name: "request.referer", Type: StringType, Trust: Client},
	{Name: "request.useragent", Type: StringType, Trust: Client},
	{Name: "request.query", Type: StringType, Trust: Client},
	{Name: "request.time", Type: TimestampType, Trust: Envoy},
	{Name: "request.id", Type: StringType, Trust: Client},
	{Name: "request.protocol", Type: StringType, Trust: Envoy, Host: 10},
	{Name: "request.size", Type: IntType, Trust: Client, Later: "the body is not read yet"},
	{Name: "source.address", Type: StringType, Trust: Envoy, Host: 24},
	{Name: "source.ip", Type: StringType, Trust: Envoy, Host: 24},
	{Name: "source.net", Type: StringType, Trust: Envoy, Host: 24},
	{Name: "source.port", Type: IntType, Trust: Envoy, Host: 25},
	{Name: "destination.address", Type: StringType, Trust: Envoy, Host: 26},
	{Name: "destination.port", Type: IntType, Trust: Envoy, Host: 27},
	{Name: "connection.mtls", Type: BoolType, Trust: Envoy, Host: 29, Later: "certificates need auth of kind mtls"},
	{Name: "connection.requested_server_name", Type: StringType, Trust: Client, Host: 30, Since: "1.39"},
	{Name: "connection.tls_version", Type: StringType, Trust: Envoy, Host: 31},
	{Name: "connection.subject_peer_certificate", Type: StringType, Trust: Client, Host: 33, Later: "certificates need auth of kind mtls"},
	{Name: "connection.dns_san_peer_certificate", Type: StringType, Trust: Client, Host: 35, Later: "certificates need auth of kind mtls"},
	{Name: "connection.uri_san_peer_certificate", Type: StringType, Trust: Client, Host: 37, Later: "certificates need auth of kind mtls"},
	{Name: "connection.sha256_peer_certificate_digest", Type: StringType, Trust: Client, Host: 38, Later: "certificates need auth of kind mtls"},
	{Name: "xds.route_name", Type: StringType, Trust: Envoy, Host: 61},
	{Name: "response.code", Type: IntType, Phase: Response, Trust: Envoy},
	{Name: "response.headers", Type: MapOf(StringType, StringType), Phase: Response, Trust: Envoy},
	{Name: "route.name", Type: StringType, Trust: Policy},
	{Name: "now", Type: TimestampType, Trust: Envoy},
}

// Find returns the attribute of a name, or nil.
func Find(name string) *Attribute {
	for i := range Attributes {
		if Attributes[i].Name == name {
			return &Attributes[i]
		}
	}
	return nil
}

// IdentityFields are the names under identity that do not depend on claims.
var IdentityFields = []Attribute{
	{Name: "identity.method", Type: StringType, Trust: Policy},
	{Name: "identity.subject", Type: StringType, Trust: Policy},
	{Name: "identity.id", Type: StringType, Trust: Policy},
	{Name: "identity.issuer", Type: StringType, Trust: Policy},
	{Name: "identity.groups", Type: ListOf(StringType), Trust: Policy},
	{Name: "identity.anonymous", Type: BoolType, Trust: Policy},
}
