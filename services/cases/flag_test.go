package cases_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
)

func TestAFlagIsRaisedWithADayToLookAtItAgainAndClearedOnce(t *testing.T) {
	raise := func(by string) cases.RaiseFlag {
		return cases.RaiseFlag{Entry: id("new"), Kind: "safety", Text: "父亲持刀上门", ReviewBy: by}
	}
	clearFlag := cases.ClearFlag{Entry: id("new"), Flag: id("flag"), Reason: "已签协议"}
	cleared := events.FlagCleared{Entered: entry("new"), Flag: id("flag"), Reason: say("已签协议")}
	before := cleared
	before.Entry = id("before")
	run(t, []rule{
		{Name: "raised", Given: takenIn, When: raise("2012-07-02"), Then: facts{
			events.FlagRaised{Entered: entry("new"), Kind: "safety", Text: say("父亲持刀上门"), ReviewBy: "2012-07-02"},
		}},
		{Name: "not to be looked at before it was raised", Given: takenIn, When: raise("2012-07-01"), Err: cases.RefusedDay},
		{Name: "not by a day that is none", Given: takenIn, When: raise("soon"), Err: cases.RefusedDay},
		{Name: "not on a closed case", Given: ended, When: raise("2012-08-01"), Err: cases.RefusedClosed},
		{Name: "cleared", Given: given(open, warned), When: clearFlag, Then: facts{cleared}},
		{Name: "not twice", Given: given(open, warned, before), When: clearFlag, Err: cases.RefusedCleared},
		{Name: "not one that was never raised", Given: open, When: clearFlag, Err: cases.RefusedUnknown},
		{Name: "not before it was raised", Given: given(open, on("2012-07-03 10:00", warned)), When: clearFlag, Err: cases.RefusedOrder},
		{Name: "not without a reason", Given: given(open, warned), When: cases.ClearFlag{Entry: id("new"), Flag: id("flag")}, Err: cases.RefusedMissing},
		{Name: "not on a closed case", Given: given(serving, warned, closed), When: clearFlag, Err: cases.RefusedClosed},
	})
}
