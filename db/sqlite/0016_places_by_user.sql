-- Who connects is looked up here alone: in what conversations, and whether they still are. All ask at once after a restart.
DROP INDEX members_by_user;
CREATE INDEX members_by_user ON members (user_id, conversation_id, state);
