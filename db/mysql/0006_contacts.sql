-- db/sqlite/0006_contacts.sql for MySQL and MariaDB; what things are for is said there.

ALTER TABLE users ADD COLUMN sort_key VARCHAR(256) NOT NULL DEFAULT '~';

UPDATE users SET sort_key = LOWER(nickname);

CREATE INDEX users_by_sort_key ON users (sort_key, user_id);

CREATE TABLE contacts (
  user_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  remark VARCHAR(256) NOT NULL DEFAULT '',
  remark_key VARCHAR(256) NOT NULL DEFAULT '',
  tags MEDIUMBLOB NOT NULL,
  starred SMALLINT NOT NULL DEFAULT 0,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (user_id, contact_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE contact_requests (
  contact_request_id BIGINT NOT NULL PRIMARY KEY,
  from_user BIGINT NOT NULL,
  to_user BIGINT NOT NULL,
  message VARCHAR(800) NOT NULL,
  source SMALLINT NOT NULL,
  remark VARCHAR(256) NOT NULL,
  state SMALLINT NOT NULL,
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  UNIQUE (from_user, to_user)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE INDEX contact_requests_received ON contact_requests (to_user, created_ms, contact_request_id);
CREATE INDEX contact_requests_sent ON contact_requests (from_user, created_ms, contact_request_id);

CREATE TABLE blocks (
  user_id BIGINT NOT NULL,
  blocked_id BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (user_id, blocked_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
