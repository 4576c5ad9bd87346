// Package authn finds out who presents a credential. It knows digests and
// numbers of identities; where a credential travels and what an identity may do
// is the business of generated code.
package authn

import (
	"crypto/sha256"
	"encoding/binary"
	"unsafe"
)

// Key is one accepted secret: its SHA-256 digest and the number of the
// identity that it stands for.
type Key struct {
	Digest   [sha256.Size]byte
	Identity int32
}

// Unknown is what Find returns for a credential that is no key.
const Unknown int32 = -1

// Keys is a set of accepted secrets. It is immutable after it is made.
type Keys struct {
	keys  []Key
	table []uint32 // 1 + index in keys, by the digest's first bytes; 0 is free
	mask  uint32
}

// NewKeys makes a set from digests, 32 raw bytes each. The identity of the
// i-th is i, or identities[i] where identities are given. It panics when the
// text has another length than that; the compiler writes both.
func NewKeys(digests string, identities ...int32) *Keys {
	n := len(digests) / sha256.Size
	if n*sha256.Size != len(digests) || len(identities) != 0 && len(identities) != n {
		panic("authn: digests and identities do not fit together")
	}
	keys := make([]Key, n)
	for i := range keys {
		copy(keys[i].Digest[:], digests[i*sha256.Size:])
		keys[i].Identity = int32(i)
		if len(identities) != 0 {
			keys[i].Identity = identities[i]
		}
	}
	return NewKeySet(keys)
}

// NewKeySet makes a set from keys. Of two equal digests the first counts.
func NewKeySet(keys []Key) *Keys {
	size := 4
	for size < 2*len(keys) {
		size *= 2
	}
	k := &Keys{keys: keys, table: make([]uint32, size), mask: uint32(size - 1)}
	for i := range keys {
		at := prefix(&keys[i].Digest) & k.mask
		for k.table[at] != 0 {
			at = (at + 1) & k.mask
		}
		k.table[at] = uint32(i + 1)
	}
	return k
}

// The slot comes from a digest, which a client cannot choose without finding
// collisions; what the time of a search tells is a prefix of the digest of a
// guess, not of a key.
func prefix(digest *[sha256.Size]byte) uint32 { return binary.LittleEndian.Uint32(digest[:4]) }

// Find returns the identity of a credential, or Unknown. It does not allocate,
// and compares digests in constant time.
//
// INVARIANT: the table is at most half full, so the search ends.
func (k *Keys) Find(credential string) int32 {
	digest := sha256.Sum256(unsafe.Slice(unsafe.StringData(credential), len(credential)))
	for at := prefix(&digest) & k.mask; k.table[at] != 0; at = (at + 1) & k.mask {
		key := &k.keys[k.table[at]-1]
		if equal(&key.Digest, &digest) {
			return key.Identity
		}
	}
	return Unknown
}

// equal compares digests in constant time, eight bytes at once:
// subtle.ConstantTimeCompare goes byte by byte.
func equal(a, b *[sha256.Size]byte) bool {
	var differ uint64
	for i := 0; i < sha256.Size; i += 8 {
		differ |= binary.LittleEndian.Uint64(a[i:]) ^ binary.LittleEndian.Uint64(b[i:])
	}
	return differ == 0
}

// Len is the number of keys.
func (k *Keys) Len() int { return len(k.keys) }
