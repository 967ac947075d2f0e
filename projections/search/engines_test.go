package search_test

import (
	"os"
	"testing"

	"github.com/casestream/casestream/events/pgtest"
)

// TestMain runs every test with the index in SQLite, then in PostgreSQL.
func TestMain(m *testing.M) { os.Exit(pgtest.Both(m, pgtest.Fast)) }
