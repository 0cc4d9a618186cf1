-- What users have set for single conversations, for themselves alone. Who never chose has no row.

CREATE TABLE conversation_settings (
  user_id         BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL REFERENCES conversations (conversation_id),
  pinned          SMALLINT NOT NULL,
  muted           SMALLINT NOT NULL,
  marked_unread   SMALLINT NOT NULL,
  -- Not listed until there is a message above this one; NULL: listed.
  hidden_up_to    BIGINT,
  draft           TEXT NOT NULL,
  PRIMARY KEY (user_id, conversation_id)
);
