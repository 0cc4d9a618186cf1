-- Contacts: who has whom on their list, who asks whom, who is blocked; and the order of names.

-- Pinyin without tones of the nickname. Nicknames from before this column are in order as far as they are Latin letters.
ALTER TABLE users ADD COLUMN sort_key VARCHAR(256) NOT NULL DEFAULT '~';
UPDATE users SET sort_key = LOWER(nickname);
CREATE INDEX users_by_sort_key ON users (sort_key, user_id);

-- One row for each side: two people are friends while both rows are there.
CREATE TABLE contacts (
  user_id    BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  remark     VARCHAR(256) NOT NULL DEFAULT '',
  -- Of the remark; empty when there is none, and then that of the nickname counts.
  remark_key VARCHAR(256) NOT NULL DEFAULT '',
  -- hongyan.v1.Tags.
  tags       BLOB NOT NULL,
  starred    SMALLINT NOT NULL DEFAULT 0,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (user_id, contact_id)
);

-- The newest request of one to the other.
CREATE TABLE contact_requests (
  contact_request_id BIGINT NOT NULL PRIMARY KEY,
  from_user  BIGINT NOT NULL,
  to_user    BIGINT NOT NULL,
  message    VARCHAR(800) NOT NULL,
  -- hongyan.v1.ContactSource.
  source     SMALLINT NOT NULL,
  -- What who asks will call the other; theirs alone.
  remark     VARCHAR(256) NOT NULL,
  -- hongyan.v1.ContactRequestState, but for expired, which is a matter of time.
  state      SMALLINT NOT NULL,
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  UNIQUE (from_user, to_user)
);
CREATE INDEX contact_requests_received ON contact_requests (to_user, created_ms, contact_request_id);
CREATE INDEX contact_requests_sent ON contact_requests (from_user, created_ms, contact_request_id);

CREATE TABLE blocks (
  user_id    BIGINT NOT NULL,
  blocked_id BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (user_id, blocked_id)
);
