package cli

import (
	"io"
	"os"
	"strings"

	"github.com/casestream/casestream/api/app"
)

// secretsIn are the passwords in whatever a setting can come from.
func secretsIn(args []string, said map[string]string) (all []string) {
	for _, arg := range args {
		all = append(all, app.Secrets(arg)...)
	}
	for _, env := range os.Environ() {
		if strings.HasPrefix(env, "CASESTREAM_") {
			all = append(all, app.Secrets(env)...)
		}
	}
	for _, value := range said {
		all = append(all, app.Secrets(value)...)
	}
	return all
}

// masked is a writer that passwords do not get through, if each is written in one go.
func (c *call) masked(to io.Writer) io.Writer { return masking{to, c.secrets} }

type masking struct {
	to      io.Writer
	secrets []string
}

func (m masking) Write(text []byte) (int, error) {
	_, err := io.WriteString(m.to, app.Mask(string(text), m.secrets...))
	return len(text), err
}
