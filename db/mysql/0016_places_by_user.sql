-- db/sqlite/0016_places_by_user.sql for MySQL and MariaDB; what things are for is said there.

DROP INDEX members_by_user ON members;
CREATE INDEX members_by_user ON members (user_id, conversation_id, state);
