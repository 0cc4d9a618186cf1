-- db/sqlite/0002_conversations.sql for MySQL and MariaDB; what things are for is said there.

CREATE TABLE conversations (
  conversation_id BIGINT NOT NULL PRIMARY KEY,
  type BIGINT NOT NULL,
  state BIGINT NOT NULL,
  permission_version BIGINT NOT NULL DEFAULT 1,
  created_ms BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE direct_pairs (
  low_user BIGINT NOT NULL,
  high_user BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL UNIQUE,
  PRIMARY KEY (low_user, high_user),
  FOREIGN KEY (conversation_id) REFERENCES conversations (conversation_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE members (
  conversation_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  joined_ms BIGINT NOT NULL,
  PRIMARY KEY (conversation_id, user_id),
  FOREIGN KEY (conversation_id) REFERENCES conversations (conversation_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE INDEX members_by_user ON members (user_id, conversation_id);
