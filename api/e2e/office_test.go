package e2e

import "testing"

// office is a small programme in a running server: one project with a site, a supervisor and a worker.
type office struct {
	*server
	api                                        string
	administrator, worker, supervisor, numbers person
	officer                                    person
	workerID, supervisorID                     string
}

const project, site = "bring-home", "station"

// open sets a small programme up in a new directory.
func open(t testing.TB) *office {
	t.Helper()
	o := &office{server: start(t, t.TempDir()), workerID: newID(), supervisorID: newID()}
	o.api = o.address + "/api/v1"
	o.administrator = someone(casestream(t, "token", "administrator", "--data", o.dir))
	for _, c := range []struct {
		path string
		body map[string]any
	}{
		{"/programme/commissioners", map[string]any{"commissioner": "civil-affairs", "names": map[string]string{"zh": "市民政局"}}},
		{"/programme/agencies", map[string]any{"agency": "chuxin", "names": map[string]string{"zh": "楚馨社会工作服务中心"}}},
		{"/programme/projects", map[string]any{"project": project, "names": map[string]string{"zh": "接送流浪孩子回家"}, "commissioner": "civil-affairs", "agency": "chuxin", "category": "street_child"}},
		{"/programme/sites", map[string]any{"project": project, "site": site, "names": map[string]string{"zh": "市救助管理站"}}},
		{"/programme/posts", post("post-1")},
		{"/programme/posts", post("post-2")},
		{"/programme/workers", map[string]any{"worker": o.supervisorID, "name": "督导𠮷", "post": "post-1"}},
		{"/programme/workers", map[string]any{"worker": o.workerID, "name": "社工䶮", "post": "post-2", "supervisor": o.supervisorID}},
	} {
		o.administrator.do(t, o.api+c.path, c.body)
	}
	o.worker = someone(casestream(t, "token", "worker", "--worker", o.workerID, "--data", o.dir))
	o.supervisor = someone(casestream(t, "token", "supervisor", "--worker", o.supervisorID, "--data", o.dir))
	o.officer = someone(casestream(t, "token", "privacy_officer", "--data", o.dir))
	o.numbers = someone(casestream(t, "token", "evaluator", "--data", o.dir))
	return o
}

func post(code string) map[string]any {
	return map[string]any{
		"post": code, "kind": "dispatched", "employer": "chuxin", "project": project, "site": site,
		"duties": "个案服务", "goals": "安全返家", "standards": "按月考核", "badge": code,
	}
}
