package audit

import (
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
)

type Projection struct{}

func (Projection) Name() string                                        { return "audit" }
func (Projection) Version() int                                        { return 1 }
func (Projection) Tables() []projections.Table                         { return nil }
func (Projection) Apply(tx *readdb.Tx, batch []projections.Fact) error { return nil }
