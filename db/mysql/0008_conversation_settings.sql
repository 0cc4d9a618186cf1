-- db/sqlite/0008_conversation_settings.sql for MySQL and MariaDB; what things are for is said there.

CREATE TABLE conversation_settings (
  user_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  pinned SMALLINT NOT NULL,
  muted SMALLINT NOT NULL,
  marked_unread SMALLINT NOT NULL,
  hidden_up_to BIGINT,
  draft MEDIUMTEXT NOT NULL,
  PRIMARY KEY (user_id, conversation_id),
  FOREIGN KEY (conversation_id) REFERENCES conversations (conversation_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
