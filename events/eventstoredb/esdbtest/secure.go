package esdbtest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
)

// secure is what a client must know to be let in.
type secure struct {
	creds         grpc.ServerOption
	caFile        string
	authorization string // the header that a caller has to send
}

// Secure is an Option: connections need TLS, under a certificate that is made for this server and written to a file in
// dir, and calls need this name and password. What a real server with TLS answers was not observed.
func Secure(dir, user, password string) Option {
	return func(s *Server) error {
		certificate, text, err := selfSigned()
		if err != nil {
			return fmt.Errorf("making a certificate: %w", err)
		}
		s.secure = &secure{
			creds:         grpc.Creds(credentials.NewServerTLSFromCert(&certificate)),
			caFile:        filepath.Join(dir, "ca.pem"),
			authorization: "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password)),
		}
		return os.WriteFile(s.secure.caFile, text, 0o600)
	}
}

// query is the settings of a connection string by which a client reaches the server. Name and password are not in it.
func (s *secure) query() string {
	if s == nil {
		return "?tls=false"
	}
	return "?tls=true&tlsCaFile=" + s.caFile
}

// authorized looks for the name and the password.
func (s *secure) authorized(ctx context.Context) error {
	if s == nil {
		return nil
	}
	headers, _ := metadata.FromIncomingContext(ctx)
	switch sent := headers.Get("authorization"); {
	case len(sent) == 0:
		return refuse(ctx, codes.PermissionDenied, "Access Denied", "exception", "access-denied")
	case sent[0] != s.authorization:
		return refuse(ctx, codes.Unauthenticated, "Unauthenticated")
	}
	return nil
}

// selfSigned makes a certificate for this machine's loopback, for a day.
func selfSigned() (certificate tls.Certificate, text []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return certificate, nil, err
	}
	is := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	signed, err := x509.CreateCertificate(rand.Reader, is, is, &key.PublicKey, key)
	if err != nil {
		return certificate, nil, err
	}
	certificate = tls.Certificate{Certificate: [][]byte{signed}, PrivateKey: key}
	return certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}), nil
}
