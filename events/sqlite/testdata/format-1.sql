-- A log as the versions before this one made it, to be opened for ever. Never edit it.
PRAGMA page_size = 8192;

CREATE TABLE log (id BLOB NOT NULL) STRICT;
CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE events (
	position INTEGER PRIMARY KEY,
	stream   INTEGER NOT NULL,
	version  INTEGER NOT NULL,
	hash     BLOB NOT NULL, -- chain.go
	type     TEXT NOT NULL,
	meta     TEXT NOT NULL, -- JSON
	data     TEXT NOT NULL, -- JSON, as events.Encode writes it
	UNIQUE (stream, version)
) STRICT;
CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events BEGIN SELECT raise(ABORT, 'the log only grows'); END;
CREATE TRIGGER events_are_not_removed BEFORE DELETE ON events BEGIN SELECT raise(ABORT, 'the log only grows'); END;
PRAGMA application_id = 1131639922;
PRAGMA user_version = 1;
INSERT INTO log VALUES (x'A9F2831873A64382871DF54D14636F78');
INSERT INTO streams VALUES (1, 'case-01a209bb-3393-7639-8e3f-f20db32b7370');
INSERT INTO streams VALUES (2, 'case-01a209bb-3393-763c-bc6d-3f33734b6822');
INSERT INTO streams VALUES (3, 'case-01a209bb-3393-763d-b006-2aa6ab671c8d');
INSERT INTO events VALUES (1, 1, 1, x'B4109B12C5B697442270C9C89041FACAFA7E12C5855044622016648B43A6AFEA', 'programme.target-set',
	'{"event_id":"8ccc01b2-a9a5-5e11-af7f-76325f843052","command_id":"01a209bb-3393-7645-85a1-8732c614a65d","actor":"worker-1","occurred_at":"2012-03-14T04:00:00Z","recorded_at":"2012-03-14T04:00:00Z","schema":1}',
	'{"year":2012,"count":"activities","number":1}');
INSERT INTO events VALUES (2, 1, 2, x'DE6006CF9CCAC75CF0F2068E922EBA23A5EFCEE498EB131718A75E4FD95838C2', 'programme.target-set',
	'{"event_id":"f30714d4-7762-5772-a0c1-bf98727fad91","command_id":"01a209bb-3393-7e5a-b0a6-03859d390995","actor":"worker-1","occurred_at":"2012-03-14T04:00:00Z","recorded_at":"2012-03-14T04:00:00Z","schema":1}',
	'{"year":2012,"count":"activities","number":2}');
INSERT INTO events VALUES (3, 2, 1, x'E51EFE65B95751EF148264C30071EA7730B5DF4DF0381F21AD15A7557EC5EB35', 'programme.target-set',
	'{"event_id":"5d13381f-f3c8-5756-a035-3bacf1c24068","command_id":"01a209bb-3394-737f-b990-9c18b93b4088","actor":"worker-1","occurred_at":"2012-03-14T04:00:00Z","recorded_at":"2012-03-14T04:00:00Z","schema":1}',
	'{"year":2012,"count":"activities","number":1}');
INSERT INTO events VALUES (4, 2, 2, x'5E44C3EA8DC278EA234EB511D3621B2F5F311D0D81FF10C4C08CDA03C0433EC0', 'programme.target-set',
	'{"event_id":"4d7bd617-899f-5afe-9727-1e046ab32557","command_id":"01a209bb-3394-7872-99d3-cbf0201cffaf","actor":"worker-1","occurred_at":"2012-03-14T04:00:00Z","recorded_at":"2012-03-14T04:00:00Z","schema":1}',
	'{"year":2012,"count":"activities","number":2}');
INSERT INTO events VALUES (5, 2, 3, x'8732E588A8F0E5A20AA0D9FF1EBDD435CC497FA43E1572C2C93A2968862C8C37', 'programme.target-set',
	'{"event_id":"c0a5bec4-0808-5a34-940b-589037666ba2","command_id":"01a209bb-3394-7ce7-a7c6-3c30c87a9774","actor":"worker-1","occurred_at":"2012-03-14T04:00:00Z","recorded_at":"2012-03-14T04:00:00Z","schema":1}',
	'{"year":2012,"count":"activities","number":3}');
INSERT INTO events VALUES (6, 1, 3, x'CCA2659D2D770A559BF885E7C7F8B14B4147B62977DB6E7942E787D3FBB12676', 'programme.target-set',
	'{"event_id":"86b95dab-c496-58db-bb6c-ba65f111bcd8","command_id":"01a209bb-3395-71f9-bcf7-accbd212d1f9","actor":"worker-1","occurred_at":"2012-03-14T04:00:00Z","recorded_at":"2012-03-14T04:00:00Z","schema":1}',
	'{"year":2012,"count":"activities","number":3}');
INSERT INTO events VALUES (7, 1, 4, x'14831F3CDD0EAB8D4AE15F16EBFEEF34B5B8513831EE2212A2BB0B8D22D3D34B', 'programme.target-set',
	'{"event_id":"ace22f5c-5614-5af5-b0ec-158175182daa","command_id":"01a209bb-3395-7642-b467-0a8d8cb19db2","actor":"worker-1","occurred_at":"2012-03-14T04:00:00Z","recorded_at":"2012-03-14T04:00:00Z","schema":1}',
	'{"year":2012,"count":"activities","number":4}');
INSERT INTO events VALUES (8, 3, 1, x'19397F3AFBEC66F281D61C29EBDD583BB89FA2ABF4ABE30E8E5749455ADF7ED6', 'programme.target-set',
	'{"event_id":"3b039b73-383c-5e00-8721-8727f351a5ce","command_id":"01a209bb-3395-7a91-b8ea-dfbc4d4a8cd1","actor":"worker-1","occurred_at":"2012-03-14T04:00:00Z","recorded_at":"2012-03-14T04:00:00Z","schema":1}',
	'{"year":2012,"count":"activities","number":1}');
INSERT INTO events VALUES (9, 2, 4, x'17F97514D669DC5242787D73C4666B3268A463C442078C0E0177095828C24DA0', 'programme.target-set',
	'{"event_id":"63264bc2-9997-5f16-b994-9e104a8c5244","command_id":"01a209bb-3396-7013-9644-a104a3fcb2e5","actor":"worker-1","occurred_at":"2012-03-14T04:00:00Z","recorded_at":"2012-03-14T04:00:00Z","schema":1}',
	'{"year":2012,"count":"activities","number":4}');
INSERT INTO events VALUES (10, 2, 5, x'8084DC4EF45618424CD946DF44211846DCC47150FA68E65045A88540FBD7DFC1', 'programme.target-set',
	'{"event_id":"f9da4a44-cc2d-5d07-b274-de569ecca2f5","command_id":"01a209bb-3396-7013-9644-a104a3fcb2e5","actor":"worker-1","occurred_at":"2012-03-14T04:00:00Z","recorded_at":"2012-03-14T04:00:00Z","schema":1}',
	'{"year":2012,"count":"activities","number":5}');
