-- db/sqlite/0007_group_doors.sql for MySQL and MariaDB; what things are for is said there.

ALTER TABLE conversations ADD COLUMN join_mode SMALLINT NOT NULL DEFAULT 3;
ALTER TABLE members ADD COLUMN nickname VARCHAR(256) NOT NULL DEFAULT '';

CREATE TABLE group_requests (
  group_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  message VARCHAR(800) NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (group_id, user_id),
  FOREIGN KEY (group_id) REFERENCES conversations (conversation_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE group_invites (
  invite_id BIGINT NOT NULL PRIMARY KEY,
  group_id BIGINT NOT NULL,
  created_by BIGINT NOT NULL,
  token_hash CHAR(43) NOT NULL UNIQUE,
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  max_uses BIGINT NOT NULL,
  uses BIGINT NOT NULL DEFAULT 0,
  revoked SMALLINT NOT NULL DEFAULT 0,
  FOREIGN KEY (group_id) REFERENCES conversations (conversation_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE INDEX group_invites_of ON group_invites (group_id, invite_id);

CREATE TABLE group_notices (
  notice_id BIGINT NOT NULL PRIMARY KEY,
  group_id BIGINT NOT NULL,
  by_user BIGINT NOT NULL,
  text VARCHAR(8000) NOT NULL,
  created_ms BIGINT NOT NULL,
  FOREIGN KEY (group_id) REFERENCES conversations (conversation_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE INDEX group_notices_of ON group_notices (group_id, notice_id);
