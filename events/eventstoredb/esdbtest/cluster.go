package esdbtest

import (
	"context"
	"net"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/google/uuid"
)

// version is that of the real server whose answers are in testdata.
const version = "23.10.6"

// cluster is the nodes of one log. They all read it at once: no node of ours is ever behind.
type cluster struct {
	mu     sync.Mutex
	log    *log
	nodes  []*Server
	leader *Server
}

func (c *cluster) add(s *Server) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.nodes = append(c.nodes, s)
	if c.leader == nil {
		c.leader = s
	}
}

func (c *cluster) state() *log {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.log
}

func (c *cluster) replace(l *log) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.log = l
}

func (c *cluster) leads() *Server {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.leader
}

// Join starts another node on the same log, as a follower: it answers reads, and not-leader to whoever writes or requires
// the leader.
func (s *Server) Join(t testing.TB, options ...Option) *Server {
	t.Helper()
	other, err := join(s.cluster, "", options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.Close)
	return other
}

// Lead makes this node the leader: the one before answers not-leader with this one's address from now on.
func (s *Server) Lead() {
	s.cluster.mu.Lock()
	defer s.cluster.mu.Unlock()
	s.cluster.leader = s
}

type gossipService struct {
	gossip.UnimplementedGossipServer
	*Server
}

// Read names the nodes of the cluster, the way that a client of esdb+discover finds the leader.
func (g gossipService) Read(ctx context.Context, _ *shared.Empty) (*gossip.ClusterInfo, error) {
	if err := g.faults.hung(ctx); err != nil {
		return nil, err
	}
	g.cluster.mu.Lock()
	nodes, leader := slices.Clone(g.cluster.nodes), g.cluster.leader
	g.cluster.mu.Unlock()
	var info gossip.ClusterInfo
	for _, node := range nodes {
		state := gossip.MemberInfo_Follower
		switch {
		case node.faults.starting():
			state = gossip.MemberInfo_Initializing
		case node == leader:
			state = gossip.MemberInfo_Leader
		}
		host, port := node.hostPort()
		info.Members = append(info.Members, &gossip.MemberInfo{
			InstanceId: toUUID(uuid.NewSHA1(uuid.NameSpaceURL, []byte(node.addr)), false),
			TimeStamp:  ticks(time.Now()), State: state, IsAlive: node.up.Load(),
			HttpEndPoint: &gossip.EndPoint{Address: host, Port: port},
		})
	}
	return &info, nil
}

func (s *Server) hostPort() (string, uint32) {
	host, text, err := net.SplitHostPort(s.addr)
	if err != nil {
		panic(err) // it is what a listener said
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		panic(err)
	}
	return host, uint32(port)
}

type featuresService struct {
	serverfeatures.UnimplementedServerFeaturesServer
	*Server
}

// GetSupportedMethods names what this server can do, which is less than a real one.
func (f featuresService) GetSupportedMethods(ctx context.Context, _ *shared.Empty) (*serverfeatures.SupportedMethods, error) {
	if err := f.faults.hung(ctx); err != nil {
		return nil, err
	}
	method := func(service, name string, features ...string) *serverfeatures.SupportedMethod {
		return &serverfeatures.SupportedMethod{ServiceName: "event_store.client." + service, MethodName: name, Features: features}
	}
	return &serverfeatures.SupportedMethods{EventStoreServerVersion: version, Methods: []*serverfeatures.SupportedMethod{
		method("gossip.gossip", "read"),
		method("server_features.serverfeatures", "getsupportedmethods"),
		method("streams.streams", "append"),
		method("streams.streams", "delete"),
		method("streams.streams", "read", "position", "events"),
		method("streams.streams", "tombstone"),
	}}, nil
}
