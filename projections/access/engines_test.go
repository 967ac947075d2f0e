package access

import (
	"os"
	"testing"

	"github.com/casestream/casestream/events/pgtest"
)

// TestMain runs every test with the views in SQLite, then in PostgreSQL.
func TestMain(m *testing.M) { os.Exit(pgtest.Both(m, pgtest.Fast)) }
