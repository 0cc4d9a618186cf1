-- People, the devices they log in with, and the refresh tokens of those devices.

CREATE TABLE users (
  user_id BIGINT NOT NULL PRIMARY KEY,
  -- Lower case; the unique index is what decides between two registrations at once.
  username VARCHAR(32) NOT NULL UNIQUE,
  -- The argon2id string of libsodium, parameters and salt included.
  password_hash VARCHAR(128) NOT NULL,
  nickname VARCHAR(256) NOT NULL,
  avatar VARCHAR(512) NOT NULL DEFAULT '',
  signature VARCHAR(800) NOT NULL DEFAULT '',
  gender VARCHAR(128) NOT NULL DEFAULT '',
  region VARCHAR(256) NOT NULL DEFAULT '',
  -- ISO date or empty.
  birthday VARCHAR(10) NOT NULL DEFAULT '',
  -- hongyan.v1.AccountRole.
  role SMALLINT NOT NULL,
  enabled SMALLINT NOT NULL DEFAULT 1,
  must_change_password SMALLINT NOT NULL DEFAULT 0,
  -- Access tokens of another version are revoked.
  token_version BIGINT NOT NULL DEFAULT 1,
  -- Rises with each change of the public profile.
  version BIGINT NOT NULL DEFAULT 1,
  created_ms BIGINT NOT NULL
);

CREATE TABLE devices (
  device_id BIGINT NOT NULL PRIMARY KEY,
  user_id BIGINT NOT NULL REFERENCES users (user_id),
  name VARCHAR(256) NOT NULL,
  -- hongyan.v1.Platform.
  platform SMALLINT NOT NULL,
  ip VARCHAR(45) NOT NULL,
  created_ms BIGINT NOT NULL,
  last_active_ms BIGINT NOT NULL,
  -- The session lapses then; moved ahead by each refresh.
  expires_ms BIGINT NOT NULL,
  -- NULL while the device may be used; never set back.
  revoked_ms BIGINT,
  -- Generation of the refresh token in force, and whether it or its access token was ever used.
  generation BIGINT NOT NULL DEFAULT 0,
  generation_used SMALLINT NOT NULL DEFAULT 0
);

CREATE INDEX devices_user ON devices (user_id, last_active_ms);

CREATE TABLE refresh_tokens (
  -- SHA-256 in base64url. The token itself is never stored.
  token_hash CHAR(43) NOT NULL PRIMARY KEY,
  device_id BIGINT NOT NULL REFERENCES devices (device_id),
  generation BIGINT NOT NULL,
  -- When it was traded for its successor; NULL while it is the one in force.
  rotated_ms BIGINT
);

CREATE INDEX refresh_tokens_device ON refresh_tokens (device_id, generation);
