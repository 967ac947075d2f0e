package events

import (
	"time"

	"github.com/casestream/casestream/events/sealed"
)

var (
	sampleAsking = Asking{Role: "worker", Route: "get-cases", Purpose: "casework", Glass: sampleID("glass broken")}
	sampleShown  = []Shown{
		{Classes: []sealed.Class{sealed.Clinical, sealed.Disclosure}, Streams: []string{Stream("case", sampleID("case"))}},
		{Classes: []sealed.Class{sealed.Identity}, Streams: []string{Stream("client", sampleID("client"))}},
	}
)

// What the read log says of the case of the other samples.
var accessSamples = []Event{
	Disclosed{Asking: sampleAsking, Shown: sampleShown, Marks: []string{"night", "own-surname"}},
	Searched{Asking: sampleAsking, Found: 2},
	Exported{Asking: sampleAsking, What: "person", Rows: 12, Shown: sampleShown},
	Denied{Asking: sampleAsking, Right: "see-case", Stream: Stream("case", sampleID("case"))},
	GlassBroken{
		Entered: Entered{sampleID("glass broken")}, Role: "worker", Client: sampleID("client"), Reason: "danger_to_life",
		Words: say("孩子打来电话说要轻生，责任社工电话不通。"), Until: time.Date(2012, 7, 2, 3, 40, 0, 0, time.UTC), ReviewBy: time.Date(2012, 7, 5, 2, 40, 0, 0, time.UTC),
	},
	GlassReviewed{Entered: Entered{sampleID("glass reviewed")}, Glass: sampleID("glass broken"), Role: "supervisor", Finding: "justified", Words: say("已与当事社工核实。")},
}
