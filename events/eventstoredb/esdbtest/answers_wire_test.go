package esdbtest_test

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// onTheWire asks without the client, which hides trailers and some fields.
var onTheWire = []topic{{"wire", []question{
	{"append", func(a *asker) string { return a.two().wireAppend(nil, 1) }},
	{"append, revision 9 of 2", func(a *asker) string {
		a.given(a.S, some(3)...)
		revision := uint64(9)
		return a.wireAppend(&revision, 1)
	}},
	{"append, tombstone", func(a *asker) string { return a.dead().wireAppend(nil, 1) }},
	{"append 2 MiB", func(a *asker) string { return a.wireAppend(nil, 2<<20) }},
	{"delete, revision 99 of 2", func(a *asker) string {
		a.given(a.S, some(3)...)
		var trailer metadata.MD
		_, err := streams.NewStreamsClient(a.wire()).Delete(a.Context(), &streams.DeleteReq{Options: &streams.DeleteReq_Options{
			StreamIdentifier: identifier(a.S), ExpectedStreamRevision: &streams.DeleteReq_Options_Revision{Revision: 99},
		}}, grpc.Trailer(&trailer))
		return refusal(err, trailer)
	}},
	{"read, no such stream", func(a *asker) string { return kinds(a.wireRead()) }},
	{"read, tombstone", func(a *asker) string {
		_, err := a.dead().wireRead()
		return refusal(err, nil)
	}},
	{"read, three events", func(a *asker) string {
		a.given(a.S, some(3)...)
		return kinds(a.wireRead())
	}},
	{"the first of the three", func(a *asker) string {
		a.given(a.S, some(3)...)
		answers, err := a.wireRead()
		if !errors.Is(err, io.EOF) {
			return describe(err)
		}
		e := answers[0].GetEvent().GetEvent()
		said := []string{"id as text"}
		if e.GetId().GetStructured() != nil {
			said[0] = "id structured"
		}
		said = append(said, "content-type "+e.GetMetadata()["content-type"], "type "+e.GetMetadata()["type"])
		if regexp.MustCompile(`^\d{17}$`).MatchString(e.GetMetadata()["created"]) {
			said = append(said, "created in ticks")
		}
		return strings.Join(append(said, "metadata "+string(e.GetCustomMetadata()), "data "+string(e.GetData())), ", ")
	}},
	{"version of the server", func(a *asker) string {
		methods, err := serverfeatures.NewServerFeaturesClient(a.wire()).GetSupportedMethods(a.Context(), &shared.Empty{})
		if err != nil {
			return describe(err)
		}
		return methods.GetEventStoreServerVersion()
	}},
}}}

func (a *asker) wire() *grpc.ClientConn {
	a.Helper()
	conn, err := grpc.NewClient(a.server.Addr(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		a.Fatal(err)
	}
	a.Cleanup(func() { conn.Close() })
	return conn
}

func identifier(stream string) *shared.StreamIdentifier {
	return &shared.StreamIdentifier{StreamName: []byte(stream)}
}

// wireAppend appends one event, with Any or at a revision, and names it by its id as text, which the client never does.
func (a *asker) wireAppend(revision *uint64, bytes int) string {
	a.Helper()
	call, err := streams.NewStreamsClient(a.wire()).Append(a.Context())
	if err != nil {
		a.Fatal(err)
	}
	options := &streams.AppendReq_Options{
		StreamIdentifier: identifier(a.S), ExpectedStreamRevision: &streams.AppendReq_Options_Any{Any: &shared.Empty{}},
	}
	if revision != nil {
		options.ExpectedStreamRevision = &streams.AppendReq_Options_Revision{Revision: *revision}
	}
	event := &streams.AppendReq_ProposedMessage{
		Id:       &shared.UUID{Value: &shared.UUID_String_{String_: uuid.NewString()}},
		Metadata: map[string]string{"type": "Raw", "content-type": "application/octet-stream"}, Data: make([]byte, bytes),
	}
	for _, said := range []*streams.AppendReq{
		{Content: &streams.AppendReq_Options_{Options: options}},
		{Content: &streams.AppendReq_ProposedMessage_{ProposedMessage: event}},
	} {
		if err := call.Send(said); err != nil {
			a.Fatal(err)
		}
	}
	answer, err := call.CloseAndRecv()
	if err != nil {
		return refusal(err, call.Trailer())
	}
	text := regexp.MustCompile(`  +`).ReplaceAllString(answer.String(), " ") // protobuf puts blanks there that differ from build to build
	return regexp.MustCompile(`_position:\d+`).ReplaceAllString(text, "_position:P")
}

func (a *asker) wireRead() (answers []*streams.ReadResp, err error) {
	a.Helper()
	call, err := streams.NewStreamsClient(a.wire()).Read(a.Context(), &streams.ReadReq{Options: &streams.ReadReq_Options{
		StreamOption: &streams.ReadReq_Options_Stream{Stream: &streams.ReadReq_Options_StreamOptions{
			StreamIdentifier: identifier(a.S), RevisionOption: &streams.ReadReq_Options_StreamOptions_Start{Start: &shared.Empty{}},
		}},
		CountOption:  &streams.ReadReq_Options_Count{Count: 10},
		FilterOption: &streams.ReadReq_Options_NoFilter{NoFilter: &shared.Empty{}},
		UuidOption:   &streams.ReadReq_Options_UUIDOption{Content: &streams.ReadReq_Options_UUIDOption_Structured{Structured: &shared.Empty{}}},
	}})
	if err != nil {
		a.Fatal(err)
	}
	for {
		answer, err := call.Recv()
		if err != nil {
			return answers, err
		}
		answers = append(answers, answer)
	}
}

// kinds names messages by their types, to the end.
func kinds(answers []*streams.ReadResp, err error) string {
	var names []string
	for _, answer := range answers {
		name := strings.TrimPrefix(fmt.Sprintf("%T", answer.GetContent()), "*streams.ReadResp_")
		names = append(names, strings.TrimSuffix(name, "_"))
	}
	if !errors.Is(err, io.EOF) {
		return refusal(err, nil)
	}
	return strings.Join(names, ", ") + ", then the end"
}

// refusal is a status and the trailer that says what it means.
func refusal(err error, trailer metadata.MD) string {
	said := status.Code(err).String() + ": " + status.Convert(err).Message()
	if exception := trailer.Get("exception"); len(exception) > 0 {
		said += " exception=" + exception[0]
	}
	return said
}
