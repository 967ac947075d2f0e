package app

import (
	"sync"

	"github.com/google/uuid"
)

// Quiet lets a forgetting begin only while nothing is being recorded in the cases of the client. So what it is decided on
// are all the cases there are, and who opens one later finds that it has begun. It holds within a process; see README.
type Quiet struct {
	rooms [64]sync.RWMutex // of clients by their ids: one for each would have to be let go of some time
}

// Recording is called before rights and standing are looked at for what is to be recorded in a case, and done after it is.
func (q *Quiet) Recording(client uuid.UUID) (done func()) {
	room := q.room(client)
	room.RLock()
	return room.RUnlock
}

// Alone is called before the cases of a client are looked at for a forgetting, and done when it has begun or has to wait.
func (q *Quiet) Alone(client uuid.UUID) (done func()) {
	room := q.room(client)
	room.Lock()
	return room.Unlock
}

func (q *Quiet) room(client uuid.UUID) *sync.RWMutex {
	return &q.rooms[int(client[15])%len(q.rooms)] // the end of an id is random in every version
}
