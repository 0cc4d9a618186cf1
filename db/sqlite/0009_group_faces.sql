-- Whose pictures stand for a group that has none of its own: the first nine members by rank, their ids with commas between.
-- Kept with each change of the members, because lists of conversations would have to look through all of them.

ALTER TABLE conversations ADD COLUMN faces VARCHAR(200) NOT NULL DEFAULT '';
