package speed
import ("testing";"fmt";"os";"time";"math/rand/v2";"slices";"runtime/pprof";"github.com/casestream/casestream/events/sqlite")
func TestZZ(t *testing.T){
	fact,_:=note(t.Context())
	var logs []*grown
	for _,n:=range []int{10000,1000000}{
		p:=fmt.Sprintf("/tmp/growth/log-%d.db",n); _,miss:=os.Stat(p)
		g:=&grown{size:n}; var err error
		g.store,err=sqlite.Open(t.Context(),p); if err!=nil {t.Fatal(err)}
		defer g.store.Close()
		if miss!=nil { if err:=g.fill(t.Context(),fact); err!=nil {t.Fatal(err)} } else { seen:=map[string]bool{}; for r,err:=range g.store.ReadAll(t.Context(),0){ if err!=nil {t.Fatal(err)}; if seen[r.Stream]||len(g.streams)>=n/50 {break}; seen[r.Stream]=true; g.streams=append(g.streams,r.Stream)} }
		logs=append(logs,g)
	}
	for round:=range 6 { var med [2]time.Duration; var mn [2]time.Duration; for i,g:=range logs { var took []time.Duration
		if round==5 { f,_:=os.Create(fmt.Sprintf("/tmp/read%d.prof",i)); pprof.StartCPUProfile(f) }
		n:=1000; if round==5 {n=10000}
		for range n { s:=g.streams[rand.IntN(len(g.streams))]; b:=time.Now(); for range g.store.Read(t.Context(),s,1){}; took=append(took,time.Since(b)) }
		if round==5 { pprof.StopCPUProfile() }
		slices.Sort(took); med[i]=took[n/2]; mn[i]=took[n/10] }
		fmt.Println("median",med,float64(med[1])/float64(med[0]),"p10",mn,float64(mn[1])/float64(mn[0])) }
}
