-- How people come into groups, and what groups announce.

-- conversation::JoinMode: 1 open, 2 approval, 3 invite.
ALTER TABLE conversations ADD COLUMN join_mode SMALLINT NOT NULL DEFAULT 3;
-- What a member calls themselves there; empty for nothing else than their nickname.
ALTER TABLE members ADD COLUMN nickname VARCHAR(256) NOT NULL DEFAULT '';

-- Who waits to be let in. A row goes once it is answered.
CREATE TABLE group_requests (
  group_id   BIGINT NOT NULL REFERENCES conversations (conversation_id),
  user_id    BIGINT NOT NULL,
  message    VARCHAR(800) NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (group_id, user_id)
);

CREATE TABLE group_invites (
  invite_id  BIGINT NOT NULL PRIMARY KEY,
  group_id   BIGINT NOT NULL REFERENCES conversations (conversation_id),
  created_by BIGINT NOT NULL,
  -- SHA-256 in base64url. The token itself is never stored.
  token_hash CHAR(43) NOT NULL UNIQUE,
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  -- How many it may bring in, 0 for any number, and how many it has.
  max_uses   BIGINT NOT NULL,
  uses       BIGINT NOT NULL DEFAULT 0,
  revoked    SMALLINT NOT NULL DEFAULT 0
);
CREATE INDEX group_invites_of ON group_invites (group_id, invite_id);

CREATE TABLE group_notices (
  notice_id  BIGINT NOT NULL PRIMARY KEY,
  group_id   BIGINT NOT NULL REFERENCES conversations (conversation_id),
  by_user    BIGINT NOT NULL,
  text       VARCHAR(8000) NOT NULL,
  created_ms BIGINT NOT NULL
);
CREATE INDEX group_notices_of ON group_notices (group_id, notice_id);
