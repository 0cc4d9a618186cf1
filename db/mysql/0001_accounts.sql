-- db/sqlite/0001_accounts.sql for MySQL and MariaDB; what things are for is said there.

CREATE TABLE users (
  user_id BIGINT NOT NULL PRIMARY KEY,
  username VARCHAR(32) NOT NULL UNIQUE,
  password_hash VARCHAR(128) NOT NULL,
  nickname VARCHAR(256) NOT NULL,
  avatar VARCHAR(512) NOT NULL DEFAULT '',
  signature VARCHAR(800) NOT NULL DEFAULT '',
  gender VARCHAR(128) NOT NULL DEFAULT '',
  region VARCHAR(256) NOT NULL DEFAULT '',
  birthday VARCHAR(10) NOT NULL DEFAULT '',
  role SMALLINT NOT NULL,
  enabled SMALLINT NOT NULL DEFAULT 1,
  must_change_password SMALLINT NOT NULL DEFAULT 0,
  token_version BIGINT NOT NULL DEFAULT 1,
  version BIGINT NOT NULL DEFAULT 1,
  created_ms BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE devices (
  device_id BIGINT NOT NULL PRIMARY KEY,
  user_id BIGINT NOT NULL,
  name VARCHAR(256) NOT NULL,
  platform SMALLINT NOT NULL,
  ip VARCHAR(45) NOT NULL,
  created_ms BIGINT NOT NULL,
  last_active_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  revoked_ms BIGINT,
  generation BIGINT NOT NULL DEFAULT 0,
  generation_used SMALLINT NOT NULL DEFAULT 0,
  FOREIGN KEY (user_id) REFERENCES users (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE INDEX devices_user ON devices (user_id, last_active_ms);

CREATE TABLE refresh_tokens (
  token_hash CHAR(43) NOT NULL PRIMARY KEY,
  device_id BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  rotated_ms BIGINT,
  FOREIGN KEY (device_id) REFERENCES devices (device_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE INDEX refresh_tokens_device ON refresh_tokens (device_id, generation);
