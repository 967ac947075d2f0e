package forget

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/casestream/casestream/api/app"
)

// To look by which key an installation signs makes none.
func TestWhoVerifiesACertificateMakesNoKey(t *testing.T) {
	w := openWard(t, 1, "")
	before, err := os.ReadFile(filepath.Join(string(w.dir), "keys.db"))
	if err != nil {
		t.Fatal(err)
	}
	key := func() (public string, epoch int, err error) {
		a, err := app.OpenReader(t.Context(), w.dir)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		public, err = PublicKey(t.Context(), a.Keyring)
		epoch, failed := a.Keyring.Epoch(t.Context(), signer)
		if failed != nil {
			t.Fatal(failed)
		}
		return public, epoch, err
	}
	if public, epoch, err := key(); !errors.Is(err, ErrUnsigned) || public != "" || epoch != 0 {
		t.Errorf("%q, of epoch %d, %v", public, epoch, err)
	}
	if after, err := os.ReadFile(filepath.Join(string(w.dir), "keys.db")); err != nil || !bytes.Equal(before, after) {
		t.Error("the keys are changed")
	}
	w.runs("")
	if public, epoch, err := key(); err != nil || epoch != 1 || len(public) != 64 {
		t.Errorf("%q, of epoch %d, %v", public, epoch, err)
	}
}
