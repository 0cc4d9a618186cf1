-- Accounts that are to be deleted, and what stays of those that were.

-- When the account goes, unless its owner undoes that before; NULL when it stays, and when nothing of it is left to do.
ALTER TABLE users ADD COLUMN deletes_at_ms BIGINT;
-- The person is gone from this row: only the id is left, and a username that nobody can have.
ALTER TABLE users ADD COLUMN deleted SMALLINT NOT NULL DEFAULT 0;
-- Since when.
ALTER TABLE users ADD COLUMN deleted_ms BIGINT;
CREATE INDEX users_by_deletion ON users (deletes_at_ms);

-- Names of deleted accounts: nobody gets one again, so nobody can pass for who had it.
CREATE TABLE reserved_usernames (
  -- HMAC-SHA-256 in base64url. The name itself is stored nowhere.
  username_hash CHAR(43) NOT NULL PRIMARY KEY
);

-- Where somebody stands in what others keep.
CREATE INDEX contacts_by_contact ON contacts (contact_id, user_id);
CREATE INDEX blocks_by_blocked ON blocks (blocked_id, user_id);
CREATE INDEX group_requests_by_user ON group_requests (user_id, group_id);
CREATE INDEX group_invites_by_maker ON group_invites (created_by, invite_id);
