-- db/sqlite/0012_integration.sql for MySQL and MariaDB; what things are for is said there.

ALTER TABLE users ADD COLUMN bot SMALLINT NOT NULL DEFAULT 0;

CREATE TABLE api_keys (
  key_id BIGINT NOT NULL PRIMARY KEY,
  name VARCHAR(256) NOT NULL,
  secret_hash CHAR(43) NOT NULL UNIQUE,
  user_id BIGINT NOT NULL,
  scopes VARCHAR(1024) NOT NULL,
  networks VARCHAR(4096) NOT NULL,
  created_ms BIGINT NOT NULL,
  used_ms BIGINT NOT NULL DEFAULT 0,
  revoked_ms BIGINT,
  FOREIGN KEY (user_id) REFERENCES users (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE hooks (
  hook_id BIGINT NOT NULL PRIMARY KEY,
  secret_hash CHAR(43) NOT NULL UNIQUE,
  user_id BIGINT NOT NULL,
  group_id BIGINT NOT NULL,
  networks VARCHAR(4096) NOT NULL,
  created_ms BIGINT NOT NULL,
  used_ms BIGINT NOT NULL DEFAULT 0,
  revoked_ms BIGINT,
  FOREIGN KEY (user_id) REFERENCES users (user_id),
  FOREIGN KEY (group_id) REFERENCES conversations (conversation_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
