// Package abi holds what this project declares of foreign interfaces against
// the originals: Envoy's dynamic modules header, and the frame that Go and C
// both describe. It contains tests only and knows nothing of policies.
package abi
