package speed
import ("testing";"time";"os";"runtime/pprof";"github.com/casestream/casestream/events/sqlite")
func TestProf2(t *testing.T){
	l, err := newLoad(t.Context(), t.TempDir()); if err!=nil {t.Fatal(err)}
	defer l.close()
	f,_:=os.Create("/tmp/w64.prof"); pprof.StartCPUProfile(f)
	for range 6 {
	sqlite.Dbg=[5]int64{}
	m,_:=drive(t.Context(),64,time.Second,l.log);  d:=sqlite.Dbg
	t.Log(m, "batch", d[1]/d[0], "write", time.Duration(d[2]/d[0]), "commit", time.Duration(d[3]/d[0]), "take", time.Duration(d[4]/d[0]), d[0])
	}
	pprof.StopCPUProfile()
}
