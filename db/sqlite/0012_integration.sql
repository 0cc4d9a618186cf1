-- What other systems connect with: accounts that programs act as, API keys and incoming hooks.

-- Nobody logs in to a bot.
ALTER TABLE users ADD COLUMN bot SMALLINT NOT NULL DEFAULT 0;

CREATE TABLE api_keys (
  key_id      BIGINT NOT NULL PRIMARY KEY,
  name        VARCHAR(256) NOT NULL,
  -- SHA-256 in base64url, as below. The secret itself is never stored.
  secret_hash CHAR(43) NOT NULL UNIQUE,
  -- The bot that the key acts as.
  user_id     BIGINT NOT NULL REFERENCES users (user_id),
  -- Names of rpcs, and networks from which alone the key is good (empty: from everywhere), both separated by commas.
  scopes      VARCHAR(1024) NOT NULL,
  networks    VARCHAR(4096) NOT NULL,
  created_ms  BIGINT NOT NULL,
  -- 0 while it was never used; moved forward now and then.
  used_ms     BIGINT NOT NULL DEFAULT 0,
  -- NULL while it is good; never set back.
  revoked_ms  BIGINT
);

CREATE TABLE hooks (
  hook_id     BIGINT NOT NULL PRIMARY KEY,
  secret_hash CHAR(43) NOT NULL UNIQUE,
  -- The bot that posts, named as the hook is, and where it posts.
  user_id     BIGINT NOT NULL REFERENCES users (user_id),
  group_id    BIGINT NOT NULL REFERENCES conversations (conversation_id),
  -- As in api_keys.
  networks    VARCHAR(4096) NOT NULL,
  created_ms  BIGINT NOT NULL,
  used_ms     BIGINT NOT NULL DEFAULT 0,
  revoked_ms  BIGINT
);
