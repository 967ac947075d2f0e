package cli

import (
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificate is one in two files, which are read again when they have changed: whoever renews it need not tell anyone.
type certificate struct {
	cert, key string

	mu   sync.Mutex
	seen [2]version
	pair *tls.Certificate
	told string // what was logged last: whoever connects must not fill the log
}

// version is what tells one version of a file from another.
type version struct {
	at   time.Time
	size int64
}

func openCertificate(cert, key string) (*certificate, error) {
	if cert == "" || key == "" {
		return nil, errors.New("TLS needs both a certificate and its key: --tls-cert and --tls-key")
	}
	c := &certificate{cert: cert, key: key}
	return c, c.read()
}

// read reads the files if they have changed. One that cannot be read leaves the certificate as it was.
func (c *certificate) read() error {
	var now [2]version
	for i, name := range []string{c.cert, c.key} {
		info, err := os.Stat(name)
		if err != nil {
			return fmt.Errorf("reading the certificate: %w", err)
		}
		now[i] = version{info.ModTime(), info.Size()}
	}
	if now == c.seen {
		return nil
	}
	c.seen = now
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("reading the certificate: %w", err)
	}
	c.pair = &pair
	return nil
}

// config is TLS under this certificate.
func (c *certificate) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if err := c.read(); err == nil {
			c.told = ""
		} else if err.Error() != c.told {
			c.told = err.Error()
			slog.Error("a changed certificate cannot be read; the one before is used", "why", err)
		}
		return c.pair, nil
	}}
}

// certificateIn is the first certificate in a file, which is the one that is shown.
func certificateIn(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the certificate: %w", err)
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			return block.Bytes, nil
		}
	}
	return nil, fmt.Errorf("there is no certificate in %s", file)
}
