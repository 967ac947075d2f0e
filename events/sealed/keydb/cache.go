package keydb

import (
	"container/list"
	"sync"

	"github.com/casestream/casestream/events/sealed"
)

// cache holds the keys used last, unwrapped, by key id and the newest of an owner also by owner.
type cache struct {
	mu    sync.Mutex
	most  int
	order *list.List // of *held, the one used last in front
	under map[string]*list.Element
	drops uint64
}

type held struct {
	name, owner string
	key         *sealed.Key
}

func newCache(most int) *cache {
	return &cache{most: most, order: list.New(), under: map[string]*list.Element{}}
}

func (c *cache) get(name string) (*sealed.Key, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, ok := c.under[name]
	if !ok {
		return nil, false
	}
	c.order.MoveToFront(at)
	return at.Value.(*held).key, true
}

// asOf is taken before the database is read, and handed to put with what was read.
func (c *cache) asOf() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.drops
}

// put keeps a key under some names, unless anyone was dropped since it was read: a reader that was slow must not
// bring back a key that was destroyed meanwhile.
func (c *cache) put(asOf uint64, owner string, key *sealed.Key, names ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if asOf != c.drops {
		return
	}
	for _, name := range names {
		if at, ok := c.under[name]; ok {
			c.forget(at)
		}
		c.under[name] = c.order.PushFront(&held{name: name, owner: owner, key: key})
	}
	for c.order.Len() > c.most {
		c.forget(c.order.Back())
	}
}

func (c *cache) drop(owner string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drops++
	for at := c.order.Front(); at != nil; {
		next := at.Next()
		if at.Value.(*held).owner == owner {
			c.forget(at)
		}
		at = next
	}
}

func (c *cache) forget(at *list.Element) {
	delete(c.under, at.Value.(*held).name)
	c.order.Remove(at)
}
