-- When each person's last device was last connected. Written rarely: some seconds after they have gone, now and then while
-- they are here.

CREATE TABLE last_seen (
  user_id      BIGINT NOT NULL PRIMARY KEY,
  last_seen_ms BIGINT NOT NULL
);
