package keydb

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// RootEnv is the environment variable that may hold the root key, in hex or base64, instead of a file.
const RootEnv = "CASESTREAM_ROOT_KEY"

// RootKey wraps every other key. Who has it and the files has everything; who loses it has lost every word about
// every person. It prints as [root key].
type RootKey struct {
	secret *[32]byte // a pointer, because fmt looks into a struct for %p, whatever its methods say
}

// NewRoot is a root key that was never used before.
func NewRoot() RootKey {
	k := RootKey{secret: new([32]byte)}
	rand.Read(k.secret[:]) // never fails: it ends the process instead
	return k
}

// ParseRoot reads 32 bytes in hex or base64. Its error does not repeat what it could not read.
func ParseRoot(text string) (RootKey, error) {
	text = strings.TrimSpace(text)
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawStdEncoding.DecodeString,
		base64.URLEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	} {
		if secret, err := decode(text); err == nil && len(secret) == 32 {
			return RootKey{secret: (*[32]byte)(secret)}, nil
		}
	}
	return RootKey{}, errors.New("a root key is 32 bytes, in hex (64 characters) or base64")
}

// LoadOrCreateRoot gives the root key: from the environment when RootEnv is set, else from the file, which is made
// when there is none. Whoever is told that it was created should tell the operator to keep a copy elsewhere.
func LoadOrCreateRoot(path string) (key RootKey, created bool, err error) {
	if text, ok := os.LookupEnv(RootEnv); ok {
		if key, err = ParseRoot(text); err != nil {
			err = fmt.Errorf("reading %s: %w", RootEnv, err)
		}
		return key, false, err
	}
	key, err = LoadRoot(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, false, err
	}
	err = createRoot(path, NewRoot())
	if err != nil && !errors.Is(err, fs.ErrExist) { // exists: another process was faster, and its key is the key
		return RootKey{}, false, fmt.Errorf("making the root key: %w", err)
	}
	created = err == nil
	key, err = LoadRoot(path)
	return key, created, err
}

// LoadRoot reads a root key from a file that only this user may read.
func LoadRoot(path string) (RootKey, error) {
	file, err := os.Open(path)
	if err != nil {
		return RootKey{}, fmt.Errorf("reading the root key: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return RootKey{}, fmt.Errorf("reading the root key: %w", err)
	}
	if open := info.Mode().Perm() & 0o077; open != 0 && runtime.GOOS != "windows" {
		return RootKey{}, fmt.Errorf("the root key %s may be read by others (%s): chmod 600 it", path, info.Mode().Perm())
	}
	text, err := io.ReadAll(io.LimitReader(file, 4096))
	if err != nil {
		return RootKey{}, fmt.Errorf("reading the root key: %w", err)
	}
	var said []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			said = append(said, line)
		}
	}
	key, err := ParseRoot(strings.Join(said, ""))
	if err != nil {
		return RootKey{}, fmt.Errorf("reading the root key %s: %w", path, err)
	}
	return key, nil
}

// createRoot writes the file whole and durably, or not at all, and never over another.
func createRoot(path string, key RootKey) error {
	var text bytes.Buffer
	fmt.Fprintf(&text, "# Casestream root key %s\n# Keep a copy elsewhere: without it nobody can read a word about any person.\n%s\n",
		key.Fingerprint(), hex.EncodeToString(key.secret[:]))
	temp, err := os.CreateTemp(filepath.Dir(path), ".root-*") // made with 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	defer temp.Close()
	if _, err := temp.Write(text.Bytes()); err != nil {
		return err
	}
	if err := temp.Sync(); err != nil {
		return err
	}
	if err := os.Link(temp.Name(), path); err != nil { // unlike a rename, it refuses to replace
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes the names of new files survive a loss of power.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil && runtime.GOOS != "windows" {
		return err
	}
	return nil
}

// Fingerprint tells root keys apart and says nothing about any: it is kept in the key database and in root.key.
func (k RootKey) Fingerprint() string {
	check, err := hkdf.Key(sha256.New, k.secret[:], nil, "casestream root key check", 8)
	if err != nil {
		panic(err) // only for lengths that are not these
	}
	return hex.EncodeToString(check)
}

// String never shows the key.
func (k RootKey) String() string { return "[root key]" }

// Format is String for every verb.
func (k RootKey) Format(s fmt.State, _ rune) { io.WriteString(s, k.String()) }

// GoString is String, for %#v.
func (k RootKey) GoString() string { return k.String() }
