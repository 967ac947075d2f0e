package projections_test
import ("testing";"context";"database/sql";"fmt";"time";"github.com/casestream/casestream/projections";"github.com/casestream/casestream/projections/readdb")
type zz struct{}
func (zz) Name() string {return "zz"}
func (zz) Version() int {return 1}
func (zz) Tables() []projections.Table { return []projections.Table{{Name:"zz_v",Columns:`case_id TEXT NOT NULL, what TEXT NOT NULL, day TEXT NOT NULL, origin BIGINT NOT NULL, position BIGINT NOT NULL, until BIGINT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (case_id, what, day, origin, position)`,Key:5}} }
func (zz) Apply(tx *readdb.Tx, b []projections.Fact) error {return nil}
func TestZZ(t *testing.T){
 ctx:=context.Background()
 db:=open(t); log:=newLog()
 if err:=projections.New(log,db,nil,zz{}).CatchUp(ctx,nil); err!=nil {t.Fatal(err)}
 n:=0
 var ids []any
 st:=time.Now()
 whats:=[]string{"contact","step contact","contact","step contact","contact","step contact","stage","risk","worker","intake"}
 for c:=0;c<4000;c++{ 
  id:=number("case",c).String()
  if c<400 {ids=append(ids,id)}
 }
 db.Update(ctx,func(tx *readdb.Tx) error { tx.On(1)
  for r:=0;r<60;r++{ for c:=0;c<4000;c++{ n++
   id:=number("case",c).String()
   tx.Insert("zz_v@",id,whats[r%10],noon("2012-01-01").AddDate(0,0,r*5).Format(time.DateOnly),n,n,int64(1)<<62,"2012-06-01T16:00:00Z")
  }}
  return nil})
 fmt.Println("insert per row",time.Since(st)/time.Duration(n))
 in:=""
 for i:=range ids { if i>0 {in+=","}; in+=fmt.Sprintf("$%d",i+3)}
 args:=append([]any{"2012-12-31",int64(1)<<61},ids...)
 for k:=0;k<3;k++{
 for name,q:=range map[string]string{
 "all": "SELECT case_id, what, day, origin, value FROM zz_v@ WHERE case_id IN ("+in+") AND day<=$1 AND position<=$2 AND until>$2",
 "max": "SELECT case_id, what, MAX(day || substr('0000000000000000000' || origin, -19) || value), 0, '' FROM zz_v@ WHERE case_id IN ("+in+") AND day<=$1 AND position<=$2 AND until>$2 GROUP BY case_id, what",
 "seek": "SELECT case_id, what, (SELECT value FROM zz_v@ w WHERE w.case_id=v.case_id AND w.what=v.what AND day<=$1 AND position<=$2 AND until>$2 ORDER BY day DESC, origin DESC LIMIT 1), 0, '' FROM (SELECT DISTINCT case_id, what FROM zz_v@ WHERE case_id IN ("+in+")) v",
 } {
  st:=time.Now(); rows:=0
  err:=db.View(ctx,"zz",func(tx *readdb.Tx) error { return tx.Query(q,args,func(r *sql.Rows) error { var a,b,c,e string; var d int64; rows++; return r.Scan(&a,&b,&c,&d,&e)})})
  if err!=nil {t.Fatal(err)}
  fmt.Println(name,rows,time.Since(st))
 }}
}
