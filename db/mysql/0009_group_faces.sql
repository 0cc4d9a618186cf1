-- db/sqlite/0009_group_faces.sql for MySQL and MariaDB; what things are for is said there.

ALTER TABLE conversations ADD COLUMN faces VARCHAR(200) NOT NULL DEFAULT '';
