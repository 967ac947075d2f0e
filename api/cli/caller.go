package cli

import (
	"bytes"
	"crypto/tls"
	"errors"
	"net/http"

	"github.com/casestream/casestream/api/app"
)

// caller asks the server of a data directory. Under TLS that is whoever shows the certificate which the directory names:
// its name is for people elsewhere, and no authority is asked about a neighbour.
func caller(serving app.Serving) *http.Client {
	pinned := &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(shown tls.ConnectionState) error { //nolint:gosec // the very certificate is compared
		own, err := certificateIn(serving.Certificate)
		if err != nil {
			return err
		}
		if len(shown.PeerCertificates) == 0 || !bytes.Equal(shown.PeerCertificates[0].Raw, own) {
			return errors.New("it shows another certificate than the one in " + serving.Certificate)
		}
		return nil
	}}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: pinned}}
}
