-- db/sqlite/0011_codes.sql for MySQL and MariaDB; what things are for is said there.

ALTER TABLE users ADD COLUMN email VARCHAR(254);
ALTER TABLE users ADD COLUMN phone VARCHAR(16);

CREATE UNIQUE INDEX users_by_email ON users (email);
CREATE UNIQUE INDEX users_by_phone ON users (phone);

CREATE TABLE codes (
  purpose SMALLINT NOT NULL,
  target_hash CHAR(43) NOT NULL,
  device_id BIGINT NOT NULL,
  code_hash CHAR(43) NOT NULL,
  expires_ms BIGINT NOT NULL,
  tries BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (purpose, target_hash, device_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE INDEX codes_by_end ON codes (expires_ms);

CREATE TABLE code_budgets (
  subject_hash CHAR(43) NOT NULL PRIMARY KEY,
  began_ms BIGINT NOT NULL,
  last_ms BIGINT NOT NULL,
  used BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE INDEX code_budgets_by_begin ON code_budgets (began_ms);
