package eventstoredb

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// The client tells nobody of a setting that it does not know, so what may stand in an address is said here. How often
// the client tries to find a server is not among what counts: the store itself tries, and goes on trying (lines.go).
var settings = []string{
	"tls", "tlscafile", "tlsverifycert", "usercertfile", "userkeyfile", credentialsFile, "nodepreference", "gossiptimeout",
	"keepaliveinterval", "keepalivetimeout", "defaultdeadline", "discoveryinterval", "maxdiscoverattempts",
}

// credentialsFile is a setting of ours: a file with user:password on its first line, for whoever keeps secrets out of
// command lines.
const credentialsFile = "credentialsfile"

// address is where a log is, and how it is asked.
type address struct {
	config esdb.Configuration
	hosts  string        // for messages: without credentials
	limit  time.Duration // an answer that takes longer is not waited for
}

// reach is how long the client may take to find a server that lets it in: it asks each host who leads, then the leader.
func (a address) reach() time.Duration {
	return time.Duration(a.config.GossipTimeout) * time.Second * time.Duration(len(a.config.GossipSeeds)+3)
}

// parse reads a connection string. What would fail later, or worse, seem to work, is refused: credentials without TLS
// (the client does not send them, and says nothing) and a node that is not the leader (its reads are stale).
// No error repeats the connection string: there may be a password in it.
func parse(connection string) (a address, err error) {
	plain, query, _ := strings.Cut(connection, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return a, errors.New("the settings after the ? cannot be read")
	}
	file, patient := "", false
	for name, value := range values {
		key := strings.ToLower(name)
		if !slices.Contains(settings, key) {
			return a, fmt.Errorf("there is no setting %q", name)
		}
		if len(value) != 1 || value[0] == "" {
			return a, fmt.Errorf("%s needs one value", name)
		}
		switch key {
		case credentialsFile:
			file = value[0]
			values.Del(name)
		case "gossiptimeout":
			patient = true
		case "keepaliveinterval":
			if ms, err := strconv.Atoi(value[0]); err != nil || ms != -1 && ms < 10_000 {
				return a, errors.New("keepAliveInterval is -1 or at least 10000 ms: the server hangs up on who pings more often")
			}
		}
	}
	config, err := esdb.ParseConnectionString(plain + "?" + values.Encode())
	if err != nil {
		return a, wordless(connection, err)
	}
	if file != "" {
		if config.Username, config.Password, err = credentials(file); err != nil {
			return a, err
		}
	}
	if err := config.Validate(); err != nil {
		return a, err
	}
	switch {
	case config.NodePreference != esdb.NodePreferenceLeader:
		return a, errors.New("nodePreference must be leader: another node does not know yet what was just acknowledged")
	case config.DisableTLS && (config.Username != "" || config.UserCertFile != ""):
		return a, errors.New("credentials need TLS: without it they are not sent")
	case config.Username != "" && config.Password == "":
		return a, errors.New("a user needs a password: without it the name is not sent")
	case config.DefaultDeadline != nil && *config.DefaultDeadline <= 0:
		return a, errors.New("defaultDeadline is a number of ms") // the client takes anything
	case config.GossipTimeout < 1:
		return a, errors.New("gossipTimeout is at least 1 s")
	}
	a = address{config: *config, hosts: hosts(config), limit: 10 * time.Second}
	if config.DefaultDeadline != nil {
		a.limit = *config.DefaultDeadline
	}
	if !patient {
		a.config.GossipTimeout = 2 // s: who does not answer in that time is away
	}
	a.config.MaxDiscoverAttempts = 1
	return a, nil
}

// wordless is what the parser said, where that cannot be a part of the password.
func wordless(connection string, err error) error {
	if strings.Contains(connection, "@") {
		return errors.New("the address cannot be read: in a password, write what is not a letter or a digit as %XX")
	}
	if in := new(url.Error); errors.As(err, &in) {
		err = in.Err
	}
	return err
}

func credentials(file string) (user, password string, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", "", fmt.Errorf("reading the credentials: %w", err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	user, password, ok := strings.Cut(strings.TrimRight(line, "\r"), ":")
	if !ok || user == "" {
		return "", "", fmt.Errorf("%s does not begin with user:password", file)
	}
	return user, password, nil
}

func hosts(config *esdb.Configuration) string {
	if len(config.GossipSeeds) == 0 {
		return config.Address
	}
	var all []string
	for _, seed := range config.GossipSeeds {
		all = append(all, seed.String())
	}
	return strings.Join(all, ", ")
}
