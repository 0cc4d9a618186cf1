-- Groups: what members may do, what became of former ones, the lines that wait to be sequenced, and the changes that a
-- user's devices follow.

ALTER TABLE conversations ADD COLUMN name VARCHAR(256) NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN avatar VARCHAR(512) NOT NULL DEFAULT '';
-- NULL in conversations that nobody owns.
ALTER TABLE conversations ADD COLUMN owner_id BIGINT;
-- Rises with every change of the group or of its members.
ALTER TABLE conversations ADD COLUMN group_version BIGINT NOT NULL DEFAULT 0;
-- Only the owner and admins may send.
ALTER TABLE conversations ADD COLUMN mute_all SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN member_count BIGINT NOT NULL DEFAULT 0;

-- conversation::Role: 1 member, 2 admin, 3 owner.
ALTER TABLE members ADD COLUMN role SMALLINT NOT NULL DEFAULT 1;
-- 1 in the conversation, 2 left or removed: the row stays, because former members read on up to where they left.
ALTER TABLE members ADD COLUMN state SMALLINT NOT NULL DEFAULT 1;
ALTER TABLE members ADD COLUMN left_ms BIGINT;
-- 0 while the member may send. Leaving and joining again does not end a mute.
ALTER TABLE members ADD COLUMN muted_until_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN invited_by BIGINT;

-- The order in which members are listed.
CREATE INDEX members_by_rank ON members (conversation_id, state, role DESC, joined_ms, user_id);

-- System lines that are durable but have no seq yet, written in the transaction of what they tell. Id order is commit order.
-- A row goes once its line is in the history.
CREATE TABLE outbox (
  outbox_id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id BIGINT NOT NULL REFERENCES conversations (conversation_id),
  -- hongyan.internal.OutboxRecord.
  line BLOB NOT NULL,
  created_ms BIGINT NOT NULL,
  -- Why the line was refused for good; such rows are kept and looked at by nobody but people.
  dead_reason VARCHAR(512)
);
CREATE INDEX outbox_waiting ON outbox (conversation_id, outbox_id) WHERE dead_reason IS NULL;

-- How many changes of their own each user has had.
CREATE TABLE user_versions (
  user_id BIGINT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL
);

-- The newest state of each thing of a user that their devices follow.
CREATE TABLE user_events (
  user_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  -- "group"
  kind VARCHAR(32) NOT NULL,
  -- Which one of its kind: an id.
  event_key VARCHAR(64) NOT NULL,
  -- A protobuf message, by kind.
  state BLOB NOT NULL,
  PRIMARY KEY (user_id, kind, event_key)
);
CREATE INDEX user_events_by_version ON user_events (user_id, version);
