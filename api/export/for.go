package export

import (
	"context"
	"fmt"
	"io"

	seen "github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/api/app"
	"github.com/google/uuid"
)

// Handed is what one recipient is handed.
type Handed interface {
	// Write writes it as JSON, the words opened. What was opened is noted in saw: see app.Write.
	Write(ctx context.Context, a *app.App, out io.Writer, saw *seen.Opened) error
	// Said is what the read log says of it: who received what, and how many rows.
	Said() (what string, rows int)
}

// For collects what a recipient is handed about a client; ok is false where nobody was registered under that id. Who
// receives it must be said: there is no default.
func For(ctx context.Context, a *app.App, recipient string, client uuid.UUID) (Handed, bool, error) {
	switch recipient {
	case Client:
		return handed(Collect(ctx, a, client))
	case Guardian:
		return handed(CollectForGuardian(ctx, a, client))
	}
	return nil, false, fmt.Errorf("nobody can be handed an export as %q", recipient)
}

func handed[H Handed](all H, ok bool, err error) (Handed, bool, error) { return all, ok, err }

// Said is every fact, to the client.
func (e Everything) Said() (what string, rows int) { return ToClient, len(e.Facts) }

// Said is every case that is named, to a guardian.
func (g ForGuardian) Said() (what string, rows int) { return ToGuardian, len(g.Cases) }
