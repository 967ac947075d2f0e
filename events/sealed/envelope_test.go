package sealed_test

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
)

// oneKey has the same secret under every id, so that only the envelope can tell ids apart.
type oneKey struct{}

func (oneKey) Sealing(ctx context.Context, owner string) (*sealed.Key, error) {
	return oneKey{}.Opening(ctx, owner+"/1")
}

func (oneKey) Opening(_ context.Context, id string) (*sealed.Key, error) {
	return sealed.NewKey(id, make([]byte, 32))
}

type word struct {
	Said sealed.Text `json:"said" class:"S2"`
}

func openLine(t testing.TB, keys sealed.Keys, line, stream string) (string, error) {
	var v sealed.Text
	if err := v.UnmarshalJSON([]byte(`"` + line + `"`)); err != nil {
		return "", err
	}
	return v.Open(t.Context(), keys, stream)
}

func TestAnEnvelopeOpensOnlyAsItWasAndWhereItWas(t *testing.T) {
	piece := parts(t, seal(t, oneKey{}, word{sealed.Say("想回家")}).Said)
	if said, err := openLine(t, oneKey{}, strings.Join(piece, "."), here.Stream); err != nil || said != "想回家" {
		t.Fatalf("as it was: %q, %v", said, err)
	}
	for i, other := range []string{"2", "S1", "sad", "client-9/1", "018f0000-0000-7000-8000-0000000000e2", strings.Repeat("A", len(piece[5]))} {
		changed := append([]string(nil), piece...)
		changed[i] = other
		if said, err := openLine(t, oneKey{}, strings.Join(changed, "."), here.Stream); !errors.Is(err, sealed.ErrTampered) {
			t.Errorf("with %s for %s it opens: %q, %v", other, piece[i], said, err)
		}
	}
	if said, err := openLine(t, oneKey{}, strings.Join(piece, "."), "case-2"); !errors.Is(err, sealed.ErrTampered) {
		t.Errorf("in another stream it opens: %q, %v", said, err)
	}
}

func TestNoByteOfAnEnvelopeMayChange(t *testing.T) {
	line := strings.Join(parts(t, seal(t, oneKey{}, word{sealed.Say("想回家了")}).Said), ".")
	rapid.Check(t, func(r *rapid.T) {
		at := rapid.IntRange(0, len(line)-1).Draw(r, "at")
		with := rapid.SampledFrom([]byte("ABCXYZabcxyz0123456789-_./ \"\\\n\x00\xff")).Draw(r, "with")
		changed := line[:at] + string(with) + line[at+1:]
		if rapid.Bool().Draw(r, "cut") {
			changed = line[:at]
		}
		if changed == line {
			return
		}
		if _, err := openLine(t, oneKey{}, changed, here.Stream); !errors.Is(err, sealed.ErrTampered) {
			r.Fatalf("%q opens: %v", changed, err)
		}
	})
}

func TestTheLastCharacterOfAnEnvelopeCountsToTheLastBit(t *testing.T) {
	const all = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for _, said := range []string{"", "a", "ab"} { // boxes of every length modulo 3
		line := strings.Join(parts(t, seal(t, oneKey{}, word{sealed.New(said)}).Said), ".")
		opens := 0
		for _, c := range all {
			if _, err := openLine(t, oneKey{}, line[:len(line)-1]+string(c), here.Stream); err == nil {
				opens++
			}
		}
		if opens != 1 {
			t.Errorf("%d spellings of one envelope open", opens)
		}
	}
}

// vector pins the format: what it says must open for as long as anyone keeps a log. Never edit testdata/envelope.json;
// a new algorithm adds a file.
type vector struct {
	Secret   string          `json:"secret"`
	KeyID    string          `json:"key_id"`
	Stream   string          `json:"stream"`
	Class    sealed.Class    `json:"class"`
	Field    string          `json:"field"`
	Event    string          `json:"event"`
	Plain    string          `json:"plain"`
	Envelope json.RawMessage `json:"envelope"`
	Digest   string          `json:"digest_of_a_and_b"`
}

func readVector(t testing.TB) (v vector, secret []byte) {
	t.Helper()
	data, err := os.ReadFile("testdata/envelope.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	if secret, err = hex.DecodeString(v.Secret); err != nil {
		t.Fatal(err)
	}
	return v, secret
}

type fixed struct{ key *sealed.Key }

func (f fixed) Sealing(context.Context, string) (*sealed.Key, error) { return f.key, nil }
func (f fixed) Opening(context.Context, string) (*sealed.Key, error) { return f.key, nil }

func TestTheFormatIsStillTheOneThatWasWritten(t *testing.T) {
	v, secret := readVector(t)
	key, err := sealed.NewKey(v.KeyID, secret)
	if err != nil {
		t.Fatal(err)
	}
	var text sealed.Text
	if err := json.Unmarshal(v.Envelope, &text); err != nil {
		t.Fatal(err)
	}
	if said, err := text.Open(t.Context(), fixed{key}, v.Stream); err != nil || said != v.Plain {
		t.Errorf("opens to %q, %v", said, err)
	}
	if text.Class() != v.Class {
		t.Errorf("class %s", text.Class())
	}
	if digest := hex.EncodeToString(key.Digest([]byte("a"), []byte("b"))); digest != v.Digest {
		t.Errorf("digest %s", digest)
	}
}

// The same by the words of envelope.go and nothing else, so that another program could do it.
func TestTheFormatIsWhatItsDescriptionSays(t *testing.T) {
	v, secret := readVector(t)
	line := strings.Trim(string(v.Envelope), `"`)
	head := strings.Join([]string{"1", string(v.Class), v.Field, v.KeyID, v.Event}, ".")
	if !strings.HasPrefix(line, head+".") {
		t.Fatalf("%s does not begin with %s", line, head)
	}
	raw, err := base64.RawURLEncoding.DecodeString(line[len(head)+1:])
	if err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gcm.Open(nil, raw[:12], raw[12:], []byte(head+"\n"+v.Stream))
	if err != nil || string(plain) != `"`+v.Plain+`"` {
		t.Errorf("%s, %v", plain, err)
	}
}

// FuzzUnmarshal: nothing that a log or a request holds makes it panic, and what is taken for an envelope is written
// again as the same bytes.
func FuzzUnmarshal(f *testing.F) {
	v, _ := readVector(f)
	for _, seed := range []string{
		string(v.Envelope), "null", `""`, `"`, "", "12", `"1.S1.a.k/1.` + v.Event + `.AAAA"`, `"1.S1..k.` + v.Event + `."`,
		`"1.S1.<a>.k.` + v.Event + `.AAAA"`, `"1.S1.a.k.{` + v.Event + `}.AAAA"`, `"1.S1.a.k.` + strings.ToUpper(v.Event) + `.AAAA"`, `"1.S1.\u0061.k.` + v.Event + `.AAAA"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var v sealed.Text
		if err := v.UnmarshalJSON(data); err != nil {
			if !errors.Is(err, sealed.ErrTampered) {
				t.Fatal(err)
			}
			return
		}
		if again, err := json.Marshal(v); err != nil || string(again) != string(data) {
			t.Fatalf("%q is written as %q, %v", data, again, err)
		}
		if said, err := v.Open(t.Context(), &sealedtest.Keys{}, here.Stream); err != nil && said != "" {
			t.Fatalf("an error, and %q", said)
		}
	})
}
