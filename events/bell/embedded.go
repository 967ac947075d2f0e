package bell

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// patience is how long the server inside may take to be ready. It takes milliseconds.
const patience = 10 * time.Second

// Embedded is a bell inside this process, for one node: a NATS server that nobody else can reach. It listens on no
// port and keeps nothing.
func Embedded(ctx context.Context) (*Bell, error) {
	inside, err := server.NewServer(&server.Options{
		ServerName: "casestream", DontListen: true, NoSigs: true, NoLog: true, NoSystemAccount: true,
	})
	if err != nil {
		return nil, fmt.Errorf("making the server of the bell: %w", err)
	}
	inside.Start()
	hangUp := func() error {
		inside.Shutdown()
		inside.WaitForShutdown()
		return nil
	}
	wait := patience
	if until, ok := ctx.Deadline(); ok {
		wait = min(wait, time.Until(until))
	}
	if !inside.ReadyForConnections(wait) || ctx.Err() != nil {
		return nil, errors.Join(errors.New("the server of the bell is not ready in time"), ctx.Err(), hangUp())
	}
	closed := make(chan struct{})
	conn, err := nats.Connect("", nats.InProcessServer(inside), nats.Name("casestream"), nats.MaxReconnects(-1),
		nats.ClosedHandler(func(*nats.Conn) { close(closed) }))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("connecting to the bell: %w", err), hangUp())
	}
	return newBell(conn, func() error {
		conn.Close()
		<-closed
		return hangUp()
	}), nil
}
