-- db/sqlite/0013_moderation.sql for MySQL and MariaDB; what things are for is said there.

CREATE TABLE words (
  word_hash CHAR(43) NOT NULL PRIMARY KEY,
  word VARCHAR(1024) NOT NULL,
  action SMALLINT NOT NULL,
  created_ms BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE reports (
  report_id BIGINT NOT NULL PRIMARY KEY,
  kind SMALLINT NOT NULL,
  reporter_id BIGINT NOT NULL,
  target_kind SMALLINT NOT NULL,
  target_id BIGINT NOT NULL,
  target_seq BIGINT NOT NULL,
  reason SMALLINT NOT NULL,
  text VARCHAR(2000) NOT NULL,
  snapshot MEDIUMTEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  closed_ms BIGINT NOT NULL DEFAULT 0,
  repeat_hash CHAR(43) UNIQUE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE INDEX reports_by_end ON reports (closed_ms, report_id);
CREATE INDEX reports_by_reporter ON reports (reporter_id, created_ms);
CREATE INDEX reports_by_target ON reports (target_kind, target_id);
