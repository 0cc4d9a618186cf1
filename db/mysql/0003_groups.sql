-- db/sqlite/0003_groups.sql for MySQL and MariaDB; what things are for is said there.

ALTER TABLE conversations ADD COLUMN name VARCHAR(256) NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN avatar VARCHAR(512) NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN owner_id BIGINT;
ALTER TABLE conversations ADD COLUMN group_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN mute_all SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN member_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN role SMALLINT NOT NULL DEFAULT 1;
ALTER TABLE members ADD COLUMN state SMALLINT NOT NULL DEFAULT 1;
ALTER TABLE members ADD COLUMN left_ms BIGINT;
ALTER TABLE members ADD COLUMN muted_until_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN invited_by BIGINT;

CREATE INDEX members_by_rank ON members (conversation_id, state, role DESC, joined_ms, user_id);

-- What SQLite keeps as sqlite_sequence: the last number of each table whose rows are numbered without a hole, which
-- AUTO_INCREMENT does not do (Session::insert_numbered).
CREATE TABLE numbered_tables (
  table_name VARCHAR(64) NOT NULL PRIMARY KEY,
  last BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE outbox (
  outbox_id BIGINT NOT NULL PRIMARY KEY,
  conversation_id BIGINT NOT NULL,
  line MEDIUMBLOB NOT NULL,
  created_ms BIGINT NOT NULL,
  dead_reason VARCHAR(512),
  FOREIGN KEY (conversation_id) REFERENCES conversations (conversation_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

INSERT INTO numbered_tables (table_name, last) VALUES ('outbox', 0);

CREATE INDEX outbox_waiting ON outbox (conversation_id, outbox_id);

CREATE TABLE user_versions (
  user_id BIGINT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE user_events (
  user_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  kind VARCHAR(32) NOT NULL,
  event_key VARCHAR(64) NOT NULL,
  state MEDIUMBLOB NOT NULL,
  PRIMARY KEY (user_id, kind, event_key)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE INDEX user_events_by_version ON user_events (user_id, version);
