package rest

import (
	"bytes"
	"errors"
	"log"
	"log/slog"
	"net/http"
	"regexp"
	"time"

	"github.com/labstack/echo/v4"
)

// How much, and how slowly, anyone may send. A body has its own limit, events.MaxAppend.
const (
	longestURI  = 4 << 10
	mostHeaders = 16 << 10
	deepest     = 32 // levels of JSON; a body of the contract has six or so

	headersWithin = 10 * time.Second
	requestWithin = time.Minute
	answerWithin  = 2 * time.Minute
	idleFor       = 2 * time.Minute
)

// bodyWithin is how long the body of a command may take to arrive: a megabyte, over a bad phone. huma counts it anew from
// when it begins to read, so that it and not ReadTimeout holds.
var bodyWithin = 50 * time.Second

// Server serves a handler so that nobody holds it up by sending, or reading, slowly or without end.
func Server(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headersWithin, ReadTimeout: requestWithin, WriteTimeout: answerWithin, IdleTimeout: idleFor,
		MaxHeaderBytes: mostHeaders,
		ErrorLog:       log.New(nameless{}, "", 0),
	}
}

// nameless logs what the server says of a connection, without whose it was.
type nameless struct{}

var address = regexp.MustCompile(`(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:.%\w]+\]):\d+`)

func (nameless) Write(said []byte) (int, error) {
	slog.Warn("a connection failed", "why", address.ReplaceAllString(string(said), "someone"))
	return len(said), nil
}

// sized refuses an address that is longer than any question can be.
func sized(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if u := c.Request().URL; len(u.EscapedPath())+len(u.RawQuery) > longestURI {
			return problem(codeLongURI)
		}
		return next(c)
	}
}

// errTooDeep: no body of the contract goes so deep, and each level costs whoever reads it.
var errTooDeep = errors.New(tooDeep)

const tooDeep = "expected at most 32 levels"

// shallow refuses JSON that goes too deep, before anything is made of it. Whether it is JSON, others find out.
func shallow(data []byte) error {
	if bytes.Count(data, []byte("{"))+bytes.Count(data, []byte("[")) <= deepest {
		return nil
	}
	depth, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			quoted = !quoted
		case '\\':
			if quoted {
				i++
			}
		case '[', '{':
			if !quoted {
				if depth++; depth > deepest {
					return errTooDeep
				}
			}
		case ']', '}':
			if !quoted {
				depth--
			}
		}
	}
	return nil
}
