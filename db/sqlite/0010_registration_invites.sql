-- What lets people register where not everybody may.

CREATE TABLE registration_invites (
  invite_id  BIGINT NOT NULL PRIMARY KEY,
  -- SHA-256 in base64url. The token itself is never stored.
  token_hash CHAR(43) NOT NULL UNIQUE,
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  -- Accounts it may make, 0 for any number, and how many it has made.
  max_uses   BIGINT NOT NULL,
  uses       BIGINT NOT NULL DEFAULT 0
);
