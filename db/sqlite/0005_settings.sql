-- What users let others know and do. Who never chose has no row.

CREATE TABLE user_settings (
  user_id        BIGINT NOT NULL PRIMARY KEY REFERENCES users (user_id),
  -- Audience of hongyan.v1: 1 everyone, 2 contacts, 3 nobody.
  find_me        SMALLINT NOT NULL,
  add_me         SMALLINT NOT NULL,
  see_last_seen  SMALLINT NOT NULL,
  read_receipts  SMALLINT NOT NULL,
  notify         SMALLINT NOT NULL,
  notify_preview SMALLINT NOT NULL
);
