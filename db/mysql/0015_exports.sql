-- db/sqlite/0015_exports.sql for MySQL and MariaDB; what things are for is said there.

CREATE TABLE exports (
  export_id BIGINT NOT NULL PRIMARY KEY,
  user_id BIGINT NOT NULL,
  state SMALLINT NOT NULL,
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT,
  bytes BIGINT NOT NULL DEFAULT 0,
  line_count BIGINT NOT NULL DEFAULT 0
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE INDEX exports_by_user ON exports (user_id, created_ms);
CREATE INDEX exports_by_state ON exports (state, export_id);
CREATE INDEX exports_by_end ON exports (expires_ms);
CREATE INDEX group_notices_by_author ON group_notices (by_user, notice_id);
