package speed
import ("testing";"encoding/json";"github.com/casestream/casestream/events")
func BenchmarkMeta(b *testing.B){ m:=command(); b.ReportAllocs(); for b.Loop(){ json.Marshal(m)} }
func BenchmarkFact(b *testing.B){ n,_:=note(b.Context()); b.ReportAllocs(); for b.Loop(){ events.Encode(n)} }
func BenchmarkID(b *testing.B){ m:=command(); s:=newStream(); b.ReportAllocs(); for b.Loop(){ events.ID(m.CommandID,s,0)} }
func BenchmarkCommand(b *testing.B){ b.ReportAllocs(); for b.Loop(){ command()} }
func BenchmarkDecodeMeta(b *testing.B){ m,_:=json.Marshal(command()); b.ReportAllocs(); for b.Loop(){ var x events.Meta; json.Unmarshal(m,&x)} }
func BenchmarkDecodeFact(b *testing.B){ n,_:=note(b.Context()); d,_,_:=events.Encode(n); b.ReportAllocs(); for b.Loop(){ events.Decode(n.Type(),1,d)} }
