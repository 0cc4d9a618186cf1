-- E-mail addresses and phone numbers of accounts, and the codes by which people prove that one is theirs.

-- In their one spelling; NULL when there is none. Each was proved by a code or set by an administrator.
ALTER TABLE users ADD COLUMN email VARCHAR(254);
ALTER TABLE users ADD COLUMN phone VARCHAR(16);
CREATE UNIQUE INDEX users_by_email ON users (email);
CREATE UNIQUE INDEX users_by_phone ON users (phone);

-- Codes that were sent, also in vain: the targets are those that somebody has asked for. A row goes when its code is used.
CREATE TABLE codes (
  -- account::Purpose.
  purpose     SMALLINT NOT NULL,
  -- HMAC-SHA-256 in base64url, as all of the three hashes here.
  target_hash CHAR(43) NOT NULL,
  -- The device for which it is; 0 for any.
  device_id   BIGINT NOT NULL,
  code_hash   CHAR(43) NOT NULL,
  expires_ms  BIGINT NOT NULL,
  -- Codes that were compared with it.
  tries       BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (purpose, target_hash, device_id)
);
CREATE INDEX codes_by_end ON codes (expires_ms);

-- How many codes were asked for since `began_ms`, by target and by the network of who asks.
CREATE TABLE code_budgets (
  subject_hash CHAR(43) NOT NULL PRIMARY KEY,
  began_ms     BIGINT NOT NULL,
  last_ms      BIGINT NOT NULL,
  used         BIGINT NOT NULL
);
CREATE INDEX code_budgets_by_begin ON code_budgets (began_ms);
