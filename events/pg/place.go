package pg

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// Is tells whether a place is one of PostgreSQL, postgres://…; any other is a file of SQLite.
func Is(place string) bool {
	return strings.HasPrefix(place, "postgres://") || strings.HasPrefix(place, "postgresql://")
}

// File is the path of a place that is a file: it may be written sqlite:PATH.
func File(place string) string { return strings.TrimPrefix(place, "sqlite:") }

// Beside is the place of another schema on the same server, named as this one with something behind.
func Beside(place, behind string) (string, error) {
	at, schema, err := split(place)
	if err != nil {
		return "", err
	}
	if !plain.MatchString(schema + behind) {
		return "", fmt.Errorf("the schema %s in the URL of the database is too long: there is to be one named %s as well, of at most 51 letters", schema, schema+behind)
	}
	query := at.Query()
	query.Set("schema", schema+behind)
	at.RawQuery = query.Encode()
	return at.String(), nil
}

// home is the schema where a URL names none.
const home = "casestream"

var plain = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,50}$`)

// split takes the schema out of a URL. Its errors do not repeat the URL: a password may be in it.
func split(place string) (rest *url.URL, schema string, err error) {
	none := errors.New("a PostgreSQL database is named by a URL: postgres://USER:PASSWORD@HOST:PORT/DATABASE?schema=NAME")
	if rest, err = url.Parse(place); err != nil || !Is(place) {
		return nil, "", none
	}
	query, err := url.ParseQuery(rest.RawQuery)
	if err != nil {
		return nil, "", none
	}
	if schema = query.Get("schema"); schema == "" {
		schema = home
	}
	if !plain.MatchString(schema) {
		return nil, "", errors.New("the schema in the URL of the database is to be small letters, digits and _, at most 51")
	}
	query.Del("schema")
	rest.RawQuery = query.Encode()
	return rest, schema, nil
}
