-- db/sqlite/0014_deletion.sql for MySQL and MariaDB; what things are for is said there.

ALTER TABLE users ADD COLUMN deletes_at_ms BIGINT;
ALTER TABLE users ADD COLUMN deleted SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN deleted_ms BIGINT;

CREATE INDEX users_by_deletion ON users (deletes_at_ms);

CREATE TABLE reserved_usernames (
  username_hash CHAR(43) NOT NULL PRIMARY KEY
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE INDEX contacts_by_contact ON contacts (contact_id, user_id);
CREATE INDEX blocks_by_blocked ON blocks (blocked_id, user_id);
CREATE INDEX group_requests_by_user ON group_requests (user_id, group_id);
CREATE INDEX group_invites_by_maker ON group_invites (created_by, invite_id);
