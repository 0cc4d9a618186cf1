-- db/sqlite/0004_presence.sql for MySQL and MariaDB; what things are for is said there.

CREATE TABLE last_seen (
  user_id BIGINT NOT NULL PRIMARY KEY,
  last_seen_ms BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
