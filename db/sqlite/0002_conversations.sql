-- Conversations, who is in them, and the one 1:1 of each pair of people.

CREATE TABLE conversations (
  conversation_id    INTEGER PRIMARY KEY,
  type               INTEGER NOT NULL,
  state              INTEGER NOT NULL,
  -- The guard: rises with every change of who may send here.
  permission_version INTEGER NOT NULL DEFAULT 1,
  created_ms         INTEGER NOT NULL
);

-- low_user <= high_user; both are the same person in the file helper.
CREATE TABLE direct_pairs (
  low_user        INTEGER NOT NULL,
  high_user       INTEGER NOT NULL,
  conversation_id INTEGER NOT NULL UNIQUE REFERENCES conversations (conversation_id),
  PRIMARY KEY (low_user, high_user)
);

CREATE TABLE members (
  conversation_id INTEGER NOT NULL REFERENCES conversations (conversation_id),
  user_id         INTEGER NOT NULL,
  joined_ms       INTEGER NOT NULL,
  PRIMARY KEY (conversation_id, user_id)
);
CREATE INDEX members_by_user ON members (user_id, conversation_id);
