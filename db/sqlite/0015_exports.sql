-- Copies of what is kept about people, which they have asked for. What is copied stands in files.

CREATE TABLE exports (
  export_id  BIGINT NOT NULL PRIMARY KEY,
  user_id    BIGINT NOT NULL,
  -- hongyan.v1.ExportState.
  state      SMALLINT NOT NULL,
  created_ms BIGINT NOT NULL,
  -- When the file goes; NULL while it is being written.
  expires_ms BIGINT,
  bytes      BIGINT NOT NULL DEFAULT 0,
  line_count BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX exports_by_user ON exports (user_id, created_ms);
CREATE INDEX exports_by_state ON exports (state, export_id);
CREATE INDEX exports_by_end ON exports (expires_ms);

-- What somebody has announced.
CREATE INDEX group_notices_by_author ON group_notices (by_user, notice_id);
