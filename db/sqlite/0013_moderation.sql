-- Words that are looked for in what people write, and what people and words have reported.

CREATE TABLE words (
  -- SHA-256 in base64url of the form in which the word is looked for: what is the same in it is there once.
  word_hash  CHAR(43) NOT NULL PRIMARY KEY,
  -- As it was written.
  word       VARCHAR(1024) NOT NULL,
  -- text::WordAction.
  action     SMALLINT NOT NULL,
  created_ms BIGINT NOT NULL
);

CREATE TABLE reports (
  report_id   BIGINT NOT NULL PRIMARY KEY,
  -- moderation::ReportKind.
  kind        SMALLINT NOT NULL,
  -- 0 for what a word has found.
  reporter_id BIGINT NOT NULL,
  -- moderation::TargetKind, the id of a user or conversation, and of a message its seq, else 0.
  target_kind SMALLINT NOT NULL,
  target_id   BIGINT NOT NULL,
  target_seq  BIGINT NOT NULL,
  -- v1::ReportReason.
  reason      SMALLINT NOT NULL,
  text        VARCHAR(2000) NOT NULL,
  -- What was reported, in JSON, as the reporter could see it.
  snapshot    MEDIUMTEXT NOT NULL,
  created_ms  BIGINT NOT NULL,
  -- 0 while it is open.
  closed_ms   BIGINT NOT NULL DEFAULT 0,
  -- SHA-256 in base64url of what a repeat says again. NULL once the report of a person is closed: they may come again.
  repeat_hash CHAR(43) UNIQUE
);
CREATE INDEX reports_by_end ON reports (closed_ms, report_id);
CREATE INDEX reports_by_reporter ON reports (reporter_id, created_ms);
CREATE INDEX reports_by_target ON reports (target_kind, target_id);
