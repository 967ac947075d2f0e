package forget

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services/clients"
	"github.com/google/uuid"
)

// Certificate says of a person that they were forgotten, by their number alone: when, at whose request and by whose word,
// and what cannot be read any more. It can be made again from the log at any time, with the same signature.
type Certificate struct {
	Format string    `json:"format"`
	Log    uuid.UUID `json:"log"`
	Client uuid.UUID `json:"client"`
	Says   says      `json:"says"`
	events.ClientForgotten
}

type says struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

const format = "casestream certificate of forgetting 1"

var said = says{
	Zh: "此编号之人的密钥已销毁，其姓名、文字及一切加密内容不能再被任何人读出；编号、代码、日期与数字保留。",
	En: "The key of the person of this number is destroyed: their name, their words and all that was sealed can be read by nobody any more. Numbers, codes and days stay.",
}

// certificate is that of what was found, unsigned if that is.
func certificate(log, client uuid.UUID, found events.ClientForgotten) Certificate {
	return Certificate{Format: format, Log: log, Client: client, Says: said, ClientForgotten: found}
}

// signed is what the signature is of: everything but itself.
func (c Certificate) signed() ([]byte, error) {
	c.Signature = nil
	return json.Marshal(c)
}

// Text is the certificate as it is handed out.
func (c Certificate) Text() ([]byte, error) {
	text, err := json.MarshalIndent(c, "", "  ")
	return append(text, '\n'), err
}

// ErrForged: what the certificate says is not what was signed.
var ErrForged = errors.New("the signature is not of what this certificate says")

// ReadCertificate reads a certificate and verifies that it is as it was signed and says nothing else: what somebody reads
// in it, twice or behind it, is ErrForged too. Only blanks may differ. Whether who signed it is who they should be is for
// the caller: compare PublicKey with PublicKey of the installation.
func ReadCertificate(text []byte) (Certificate, error) {
	var c Certificate
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&c); err != nil || c.Format != format {
		return Certificate{}, errors.New("this is no certificate of forgetting that this version can read")
	}
	handedOut, err := json.Marshal(c)
	if err != nil {
		return Certificate{}, err
	}
	var said bytes.Buffer
	if err := json.Compact(&said, text); err != nil || !bytes.Equal(said.Bytes(), handedOut) {
		return Certificate{}, ErrForged
	}
	body, err := c.signed()
	if err != nil {
		return Certificate{}, err
	}
	if len(c.PublicKey) != ed25519.PublicKeySize || !ed25519.Verify(c.PublicKey, body, c.Signature) {
		return Certificate{}, ErrForged
	}
	return c, nil
}

// signer is whose key certificates are signed with. It is derived from a key among the others, so that it is kept, backed
// up and rotated with them.
const signer = "certificates"

func signingKey(ctx context.Context, keys sealed.Keys) (ed25519.PrivateKey, error) {
	key, err := keys.Sealing(ctx, signer)
	if err != nil {
		return nil, fmt.Errorf("the key that signs certificates: %w", err)
	}
	seed := append(key.Digest([]byte("ed25519 seed"), []byte{1}), key.Digest([]byte("ed25519 seed"), []byte{2})...)
	defer clear(seed)
	return ed25519.NewKeyFromSeed(seed), nil
}

// ErrUnsigned: this installation has signed no certificate, so none can be its own.
var ErrUnsigned = errors.New("this installation has not signed any certificate yet")

// PublicKey is the key by which certificates of an installation are known, in hex. It makes none: where there is none it is
// ErrUnsigned.
func PublicKey(ctx context.Context, keys app.Keyring) (string, error) {
	if epoch, err := keys.Epoch(ctx, signer); err != nil || epoch == 0 {
		return "", cmp.Or(err, ErrUnsigned)
	}
	key, err := signingKey(ctx, keys)
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(key.Public().(ed25519.PublicKey)), nil
}

// sign puts the signature into what was found.
func sign(ctx context.Context, keys sealed.Keys, log, client uuid.UUID, found events.ClientForgotten) (events.ClientForgotten, error) {
	key, err := signingKey(ctx, keys)
	if err != nil {
		return found, err
	}
	found.PublicKey = key.Public().(ed25519.PublicKey)
	body, err := certificate(log, client, found).signed()
	if err != nil {
		return found, err
	}
	found.Signature = ed25519.Sign(key, body)
	return found, nil
}

// unreadable finds what the certificate says: what cannot be read any more.
func unreadable(ctx context.Context, a *app.App, client uuid.UUID, known clients.Client) (events.ClientForgotten, error) {
	owner, request := events.Stream("client", client), known.Request
	found := events.ClientForgotten{
		Request: request.ID, By: request.By, Basis: request.Basis, RequestedAt: request.Asked.At, RequestedBy: request.Asked.By,
		CheckedAt: request.Checked.At, CheckedBy: request.Checked.By, ApprovedAt: request.Approved.At, ApprovedBy: request.Approved.By,
		BegunAt: known.Begun.At, DoneAt: a.Now().UTC(),
	}
	found.Views = app.ViewNames()
	var err error
	if found.KeyEpoch, err = a.Keyring.Epoch(ctx, owner); err != nil {
		return found, err
	}
	if _, err := a.Keyring.Sealing(ctx, owner); !errors.Is(err, sealed.ErrForgotten) {
		return found, errors.Join(errors.New("the key is not gone"), err)
	}
	streams, err := streamsOf(ctx, a, client)
	if err != nil {
		return found, err
	}
	for _, stream := range streams {
		values, err := count(ctx, a.Log, stream, owner)
		if err != nil {
			return found, err
		}
		if values > 0 {
			found.Streams, found.Values = found.Streams+1, found.Values+values
		}
		if values, err = overGlass(ctx, a, stream, owner); err != nil {
			return found, err
		}
		if values > 0 {
			found.Streams, found.Values = found.Streams+1, found.Values+values
		}
	}
	return sign(ctx, a.Keys, a.Log.ID(), client, found)
}

// overGlass counts those in the read log: why the glass was broken over a case, and what came of that. All else there are
// ids, codes and classes, which stay, as the log's own do.
func overGlass(ctx context.Context, a *app.App, stream, owner string) (values int, err error) {
	category, id, _ := events.SplitStream(stream)
	if category != "case" {
		return 0, nil
	}
	return count(ctx, a.Access, events.Glass(id), owner)
}

// count counts the sealed values of an owner in a stream of the log.
func count(ctx context.Context, log events.Store, stream, owner string) (values int, err error) {
	for r, err := range log.Read(ctx, stream, 1) {
		if err != nil {
			return 0, fmt.Errorf("reading %s: %w", stream, err)
		}
		data, err := json.Marshal(r.Event)
		if err != nil {
			return 0, fmt.Errorf("reading %s: %w", stream, err)
		}
		_, n := sealed.Without(data, owner)
		values += n
	}
	return values, nil
}

// CertificateOf is the certificate of a client; ok is false for one who was not forgotten.
func CertificateOf(ctx context.Context, a *app.App, client uuid.UUID) (c Certificate, ok bool, err error) {
	known, err := state(ctx, a, events.Stream("client", client))
	if err != nil || known.Done == nil {
		return c, false, err
	}
	return certificate(a.Log.ID(), client, *known.Done), true, nil
}
