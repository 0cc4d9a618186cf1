-- db/sqlite/0005_settings.sql for MySQL and MariaDB; what things are for is said there.

CREATE TABLE user_settings (
  user_id BIGINT NOT NULL PRIMARY KEY,
  find_me SMALLINT NOT NULL,
  add_me SMALLINT NOT NULL,
  see_last_seen SMALLINT NOT NULL,
  read_receipts SMALLINT NOT NULL,
  notify SMALLINT NOT NULL,
  notify_preview SMALLINT NOT NULL,
  FOREIGN KEY (user_id) REFERENCES users (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
