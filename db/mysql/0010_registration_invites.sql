-- db/sqlite/0010_registration_invites.sql for MySQL and MariaDB; what things are for is said there.

CREATE TABLE registration_invites (
  invite_id BIGINT NOT NULL PRIMARY KEY,
  token_hash CHAR(43) NOT NULL UNIQUE,
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  max_uses BIGINT NOT NULL,
  uses BIGINT NOT NULL DEFAULT 0
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
