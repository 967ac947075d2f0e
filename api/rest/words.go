package rest

import "net/http"

// Codes of the door itself; the domain's are with its commands.
const (
	codeInternal      = "internal"
	codeNotFound      = "not-found"
	codeNoToken       = "no-token"
	codeSyntax        = "syntax"
	codeSchema        = "schema"
	codeTooLarge      = "too-large"
	codeMediaType     = "media-type"
	codeNotAcceptable = "not-acceptable"
	codeTimeout       = "timeout"
	codeMethod        = "method"
	codeNoVersion     = "no-version"
	codeForgotten     = "forgotten"
	codeBehind        = "behind"
	codeAway          = "away"
	codeBadDay        = "bad-day"
	codeLongAgo       = "long-ago"
	codeUnrecorded    = "unrecorded"
	codeTooNarrow     = "too-narrow"
	codeTooFew        = "too-few"
	codeOtherOrigin   = "other-origin"
	codeLongURI       = "uri-too-long"
	codeTooOften      = "too-often"
	codeTooLittle     = "too-little"
)

// word is what people are told: what it is, and what to do. Status 0 is 409, a rule that said no.
type word struct {
	status int
	zh, en string
}

// words has a line for every code that any command or route can answer with; a test keeps it so.
var words = merge(map[string]word{
	codeInternal:      {http.StatusInternalServerError, "系统出错，您的内容没有写入。请稍后重试；仍不行请联系管理员。", "Something failed here and nothing was recorded. Try again later, or tell the administrator."},
	codeNotFound:      {http.StatusNotFound, "没有找到，或不由您负责。", "Not there, or not yours."},
	codeNoToken:       {http.StatusUnauthorized, "请先登录：请求须带有效的令牌。", "Sign in first: send a valid bearer token."},
	codeSyntax:        {http.StatusBadRequest, "请求的格式无法读取，请检查 JSON（名称不可重复）。", "The request cannot be read. Check its JSON; no name may stand twice."},
	codeSchema:        {http.StatusUnprocessableEntity, "内容不符合要求，请按所列各处修改后重发。", "The request does not fit its schema. Mend the places listed and send it again."},
	codeTooLarge:      {http.StatusRequestEntityTooLarge, "内容过大（记录上限 1 MiB，登录等上限 16 KiB），请分几次记录。", "Too large (a record has 1 MiB at most, signing in and the like 16 KiB). Record it in parts."},
	codeMediaType:     {http.StatusUnsupportedMediaType, "请以 application/json 发送。", "Send application/json."},
	codeNotAcceptable: {http.StatusNotAcceptable, "只能以 application/json 应答。", "Only application/json can be answered."},
	codeTimeout:       {http.StatusRequestTimeout, "接收超时，请重发；重发不会重复记录。", "It took too long to arrive. Send it again; nothing is recorded twice."},
	codeMethod:        {http.StatusMethodNotAllowed, "此处不接受这种请求方法。", "This method is not allowed here."},
	codeNoVersion:     {http.StatusPreconditionRequired, "请带上 If-Match：您看到的版本号。", "Send If-Match with the version that you saw."},
	codeForgotten:     {http.StatusGone, "此人的资料已依法销毁，不能再记录。", "What is known of this person was destroyed; nothing more can be recorded."},
	codeBehind:        {http.StatusServiceUnavailable, "视图尚未更新到该位置，请稍后重试。", "The view has not arrived at that position. Try again in a moment."},
	codeAway:          {http.StatusServiceUnavailable, "记录暂时不可用，请稍后重试；重发不会重复记录。", "The log is away. Try again in a moment; nothing is recorded twice."},
	codeUnrecorded:    {http.StatusServiceUnavailable, "查阅记录暂时无法写入，因此不能显示。请稍后重试。", "Who looks at what cannot be recorded just now, so it is not shown. Try again in a moment."},
	codeBadDay:        {http.StatusUnprocessableEntity, "日期须为 2012-09-30 这样的格式；known_at 也可以是位置。", "A day looks like 2012-09-30; known_at may be a position too."},
	codeTooNarrow:     {http.StatusUnprocessableEntity, "问得太细，答案会透露个人情况。请问整个项目群或一个项目的一整年（from=2012-01-01&to=2012-12-31）；known_at 只可为已过去的月末；类别、机构、地点请不要填。", "So narrow a question would be answered by someone's case. Ask for a whole year of the programme or of one project (from=2012-01-01&to=2012-12-31); known_at may be the end of a month that is over; leave category, agency and site out."},
	codeTooFew:        {http.StatusUnprocessableEntity, "这一年的个案太少，逐行数据会暴露个人。请改用汇总数字（/outcomes），或等个案增多后再取。", "There are too few cases in this year: rows would show who they are. Use the numbers (/outcomes), or ask again when there are more."},
	codeTooLittle:     {http.StatusUnprocessableEntity, "信息太少，无法查找。请填写完整姓名（至少两个字；只有姓氏不够），或完整的电话、证件号码；复姓两字的姓名请加出生年份。", "Too little to search by. Give the whole name (two characters at least; a surname alone is not enough), or a whole telephone or document number; with a name that could be a surname, the year of birth too."},
	codeLongAgo:       {http.StatusUnprocessableEntity, "发生时间早于1900年，请改正年份。", "It is said to have happened before 1900. Correct the year."},
	codeOtherOrigin:   {http.StatusForbidden, "请求来自其他网站，已拒绝。请在本系统的页面中操作。", "This came from a page of another site and was refused. Do it on a page of this one."},
	codeTooOften:      {http.StatusTooManyRequests, "请求过于频繁，请稍候再发（见 Retry-After）；重发不会重复记录。", "Too many requests. Wait as long as Retry-After says and send it again; nothing is recorded twice."},
	codeLongURI:       {http.StatusRequestURITooLong, "网址过长，请减少查询条件。", "The address is too long. Ask for less at a time."},

	"stale":          {0, "您看到的内容之后，已有他人作了记录（见 since）。请看过后再提交。", "Others have recorded something since the version that you saw (see since). Look at it, then send again."},
	"command-reused": {http.StatusUnprocessableEntity, "这个请求编号已用于另一内容，请换一个新的编号。", "This command id was used for something else. Make a new one."},
	"in-the-future":  {http.StatusUnprocessableEntity, "发生时间晚于现在，请改正。", "It is said to have happened later than now. Correct the time."},
	"entry-exists":   {0, "这个记录编号已经存在。", "An entry with this id exists already."},
	"nothing-here":   {http.StatusNotFound, "没有找到，或不由您负责。", "Not there, or not yours."},
}, domainWords, accountWords)

func merge(all ...map[string]word) map[string]word {
	merged := make(map[string]word)
	for _, some := range all {
		for code, w := range some {
			merged[code] = w
		}
	}
	return merged
}
