package rest

import (
	"context"
	"net/http"

	"github.com/casestream/casestream/api/account"
	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/programme"
	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
)

// accountRoutes are who may sign in. An administrator makes, changes and closes accounts, nobody their own; some of it
// takes a second person (account.Change).
func (r *router) accountRoutes() {
	administer(r, http.MethodGet, "/accounts", "accounts", "Every account", http.StatusOK, r.listAccounts)
	administer(r, http.MethodPost, "/accounts", "invite", "Invite someone: an account, and a link for them that is good once", http.StatusCreated, r.invite)
	administer(r, http.MethodPost, "/accounts/{id}/role", "change-role", "Give an account another role", http.StatusCreated, r.changeRole)
	administer(r, http.MethodPost, "/accounts/{id}/closing", "close-account", "Close an account; whoever is signed in is signed out", http.StatusCreated, r.changeAccount(account.Closing))
	administer(r, http.MethodPost, "/accounts/{id}/reset", "reset-account", "Forget password and second factor, and make a new link", http.StatusCreated, r.changeAccount(account.Reset))
	administer(r, http.MethodDelete, "/accounts/{id}/sessions", "sign-out-account", "Sign someone out on every device: a phone was lost", http.StatusNoContent, r.revoke)
	administer(r, http.MethodGet, "/accounts/proposals", "proposals", "What waits for a second person", http.StatusOK, r.proposals)
	administer(r, http.MethodPost, "/accounts/proposals/{id}/decision", "decide-proposal", "Be the second person, or decline", http.StatusCreated, r.decide)
	administer(r, http.MethodGet, "/accounts/facts", "account-facts", "What happened to accounts, in order", http.StatusOK, r.accountFacts)
}

func administer[I, O any](r *router, method, path, name, summary string, status int, handle func(context.Context, *I) (*O, error)) {
	right := rights.Routes[method+" "+path]
	huma.Register(r.api, huma.Operation{
		OperationID: name, Method: method, Path: base + path, Summary: summary, Tags: []string{"accounts"}, DefaultStatus: status,
		MaxBodyBytes: smallBody, Errors: []int{400, 401, 404, 409, 413, 422},
	}, func(ctx context.Context, in *I) (*O, error) {
		if _, err := r.door.admit(ctx, right); err != nil {
			return nil, refuse(ctx, err)
		}
		out, err := handle(ctx, in)
		if err != nil {
			return nil, refuseSignIn(ctx, err)
		}
		return out, nil
	})
}

// AccountShown is an account as an administrator sees it.
type AccountShown struct {
	Account      uuid.UUID `json:"account"`
	Login        string    `json:"login,omitempty" doc:"the name that it signs in with"`
	Role         string    `json:"role"`
	Actor        string    `json:"actor" doc:"as the log names whoever acts by it"`
	Worker       uuid.UUID `json:"worker,omitzero"`
	Extracts     bool      `json:"extracts,omitzero"`
	State        string    `json:"state" enum:"invited,active,closed"`
	SecondFactor bool      `json:"second_factor"`
	MadeAt       string    `json:"made_at" format:"date-time"`
}

func showAccount(a account.Account, login string) AccountShown {
	return AccountShown{
		Account: a.ID, Login: login, Role: string(a.Role), Actor: a.Identity().Actor(), Worker: a.Worker, Extracts: a.Extracts, State: string(a.State),
		SecondFactor: a.SecondFactor, MadeAt: stamp(a.MadeAt),
	}
}

// accountsShown is every account.
type accountsShown struct {
	Body struct {
		Accounts []AccountShown `json:"accounts" nullable:"false"`
	}
}

func (r *router) listAccounts(ctx context.Context, _ *struct{}) (*accountsShown, error) {
	all, err := r.app.Accounts.List(ctx)
	var out accountsShown
	out.Body.Accounts = make([]AccountShown, len(all))
	for i, one := range all {
		out.Body.Accounts[i] = showAccount(one.Account, one.Login)
	}
	return &out, err
}

// AccountChanged says what became of a wish: it is done, or it waits for a second person.
type AccountChanged struct {
	AccountShown
	Proposal uuid.UUID `json:"proposal,omitzero" doc:"nothing is changed yet: a second person decides on this"`
	Link     string    `json:"link,omitempty" doc:"the path of a link that is good once, to hand over; shown this once. What stands behind # is sent to nobody by a browser"`
	Expires  string    `json:"expires,omitempty" format:"date-time" doc:"of the link"`
}

type changed struct{ Body AccountChanged }

func showChanged(done account.Outcome, err error) (*changed, error) {
	if err != nil {
		return nil, err
	}
	out := &changed{AccountChanged{AccountShown: showAccount(done.Account, ""), Proposal: done.Proposal}}
	if done.Link != nil {
		out.Body.Link, out.Body.Expires = InvitationPath+"#"+done.Link.Token, stamp(done.Link.Expires)
	}
	return out, nil
}

type inviteBody struct {
	Body struct {
		Account  string `json:"account" format:"uuid" doc:"the id of the account, made by the client"`
		Login    string `json:"login" maxLength:"200" doc:"the name to sign in with: letters of any script, digits and . - _ @"`
		Role     string `json:"role" enum:"worker,supervisor,evaluator,administrator,privacy_officer"`
		Worker   string `json:"worker,omitempty" format:"uuid" doc:"of a worker or supervisor: who they are in the programme"`
		Extracts bool   `json:"extracts,omitempty" doc:"of an evaluator: may take extracts row by row; needs a second factor"`
	}
}

func (r *router) invite(ctx context.Context, in *inviteBody) (*changed, error) {
	who := account.Account{Role: session.Role(in.Body.Role), Extracts: in.Body.Extracts}
	who.ID, _ = uuid.Parse(in.Body.Account) // checked before, as is the worker
	who.Worker, _ = uuid.Parse(in.Body.Worker)
	if who.ID == uuid.Nil {
		return nil, problem(codeSchema)
	}
	if who.Worker != uuid.Nil {
		known := false
		err := r.app.Programme.Look(ctx, programmeStream, func(p programme.Programme, _ int) { _, known = p.Worker(who.Worker) })
		if err != nil {
			return nil, err
		}
		if !known {
			return nil, services.Refuse(refusedNoWorker)
		}
	}
	return showChanged(r.app.Accounts.Invite(ctx, identity(ctx), who, in.Body.Login, r.app.World()))
}

type roleBody struct {
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Role string `json:"role" enum:"worker,supervisor,evaluator,administrator,privacy_officer"`
	}
}

func (r *router) changeRole(ctx context.Context, in *roleBody) (*changed, error) {
	id, _ := uuid.Parse(in.ID)
	return showChanged(r.app.Accounts.Change(ctx, identity(ctx), account.Change{Account: id, Kind: account.Role, Role: session.Role(in.Body.Role)}, r.app.World()))
}

type accountID struct {
	ID string `path:"id" format:"uuid"`
}

func (r *router) changeAccount(kind account.Kind) func(context.Context, *accountID) (*changed, error) {
	return func(ctx context.Context, in *accountID) (*changed, error) {
		id, _ := uuid.Parse(in.ID)
		return showChanged(r.app.Accounts.Change(ctx, identity(ctx), account.Change{Account: id, Kind: kind}, r.app.World()))
	}
}

func (r *router) revoke(ctx context.Context, in *accountID) (*struct{}, error) {
	id, _ := uuid.Parse(in.ID)
	return nil, r.app.Accounts.Revoke(ctx, identity(ctx), id, r.app.World())
}

// ProposalShown is a wish that waits for a second person.
type ProposalShown struct {
	Proposal uuid.UUID `json:"proposal"`
	Account  uuid.UUID `json:"account" doc:"whom it is about"`
	Change   string    `json:"change" enum:"opening,role,closing,reset"`
	Role     string    `json:"role,omitempty"`
	By       string    `json:"by" doc:"the account that proposed it"`
	MadeAt   string    `json:"made_at" format:"date-time"`
}

type proposalsShown struct {
	Body struct {
		Proposals []ProposalShown `json:"proposals" nullable:"false"`
	}
}

func (r *router) proposals(ctx context.Context, _ *struct{}) (*proposalsShown, error) {
	all, err := r.app.Accounts.Proposals(ctx, identity(ctx))
	var out proposalsShown
	out.Body.Proposals = make([]ProposalShown, len(all))
	for i, p := range all {
		out.Body.Proposals[i] = ProposalShown{p.ID, p.Change.Account, string(p.Change.Kind), string(p.Change.Role), p.By, stamp(p.MadeAt)}
	}
	return &out, err
}

type decisionBody struct {
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Accepted bool `json:"accepted"`
	}
}

func (r *router) decide(ctx context.Context, in *decisionBody) (*changed, error) {
	id, _ := uuid.Parse(in.ID)
	return showChanged(r.app.Accounts.Decide(ctx, identity(ctx), id, in.Body.Accepted, r.app.World()))
}

type factsAsked struct {
	After int64 `query:"after" minimum:"0" doc:"the number of the last one that is known"`
	Limit int   `query:"limit" minimum:"1" maximum:"1000" default:"200"`
}

type factsShown struct {
	Body struct {
		Facts []account.Fact `json:"facts" nullable:"false"`
	}
}

func (r *router) accountFacts(ctx context.Context, in *factsAsked) (*factsShown, error) {
	all, err := r.app.Accounts.Facts(ctx, in.After, in.Limit)
	var out factsShown
	out.Body.Facts = append([]account.Fact{}, all...)
	return &out, err
}
