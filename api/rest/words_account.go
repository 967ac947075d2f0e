package rest

import (
	"net/http"

	"github.com/casestream/casestream/api/account"
)

// Codes of signing in that the door itself says.
const (
	codeScope    = "scope"
	codeSlowDown = "slow-down"

	codeProviderAway = "provider-away"
)

// accountWords are the words of the refusals of accounts.
var accountWords = map[string]word{
	codeScope:                   {http.StatusForbidden, "这个令牌不能用于此操作；请换一个范围合适的令牌。", "This token is not for that. Use one with another scope."},
	codeSlowDown:                {http.StatusTooManyRequests, "尝试过于频繁，请稍候再试（见 Retry-After）；到时正确的密码一定有效。", "Too many tries. Wait a moment (see Retry-After); the right password will be taken then."},
	codeProviderAway:            {http.StatusServiceUnavailable, "统一登录暂时不可用，请稍后重试，或用密码登录。", "The provider is away. Try again in a moment, or sign in with a password."},
	account.RefusedSignIn:       {http.StatusUnauthorized, "登录名或密码不正确。", "The name or the password is not right."},
	account.RefusedCode:         {http.StatusUnauthorized, "验证码不正确、已用过或已过期。", "The code is not right, was used, or is over."},
	account.RefusedNeedsCode:    {http.StatusUnauthorized, "请完成第二步验证。", "Give the second factor first."},
	account.RefusedNeedsFactor:  {http.StatusUnauthorized, "您的角色须有第二步验证，请先设置。", "Your role needs a second factor. Set one up first."},
	account.RefusedStale:        {http.StatusForbidden, "请重新登录后再做这一操作。", "Sign in again; this is done only shortly after."},
	account.RefusedLink:         {http.StatusNotFound, "链接无效、已用过或已过期，请向管理员索取新的链接。", "The link is not good, was used, or is over. Ask the administrator for another."},
	account.RefusedShort:        {http.StatusUnprocessableEntity, "密码至少十二个字符；可以用一句话。", "A password has twelve characters at least. A sentence will do."},
	account.RefusedLong:         {http.StatusUnprocessableEntity, "密码不超过一百二十八个字符。", "A password has 128 characters at most."},
	account.RefusedCommon:       {http.StatusUnprocessableEntity, "这个密码太容易猜到（常用词、生日、连续或重复的字符、登录名），请换一个。", "This password is easily guessed: common words, birthdays, runs, repetitions, your own name. Choose another."},
	account.RefusedLogin:        {http.StatusUnprocessableEntity, "登录名为二至六十四个文字、数字或 . - _ @。", "A name to sign in with has 2 to 64 letters, digits or . - _ @."},
	account.RefusedLoginTaken:   {0, "这个登录名已有人使用。", "Somebody has this name already."},
	account.RefusedTaken:        {0, "这个账号编号已经存在。", "There is an account with this id already."},
	account.RefusedWorkerTaken:  {0, "这位社工已有账号。", "This worker has an account already."},
	account.RefusedNoWorker:     {http.StatusUnprocessableEntity, "社工和督导的账号须写明是项目中的哪位社工，其他角色不写；明细数据只给评估者。", "A worker or supervisor is someone of the programme, nobody else is; extracts are for evaluators."},
	account.RefusedOneself:      {0, "不能改动自己的账号或决定关于自己的事，请由另一位同事办理。", "Nobody changes their own account or decides about themselves. Ask a colleague."},
	account.RefusedClosed:       {0, "这个账号已停用。", "The account is closed."},
	account.RefusedSecondPerson: {0, "这一改动须由两位有账号的人办理：一人提出，另一人确认。", "This takes two people with accounts: one proposes it, another confirms."},
	account.RefusedDecided:      {0, "这一提议已有决定。", "This was decided already."},
	account.RefusedNoProvider:   {http.StatusNotFound, "没有设定统一登录。", "No provider vouches for anybody here."},
	account.RefusedLinked:       {0, "统一登录中的这个人已经与一个账号相连。", "Whom the provider vouches for there has an account already."},
	account.RefusedNoPasskeys:   {0, "没有可用的通行密钥；请用验证码，或由运维设定本系统的网址（--origin）。", "There is no passkey to use. Give a code, or have the operator say where this is reached (--origin)."},
	account.RefusedUnchanged:    {0, "已经如此，没有可改的。", "It is so already."},
}
