-- The roles that every customer starts with; members from before roles become members.
INSERT INTO `roles` (`name`, `description`, `may_invite`) VALUES
	('owner', 'Pays, invites; may delete the workspace', true),
	('admin', 'Invites and manages projects', true),
	('member', 'Works on tasks', false),
	('guest', 'Reads what is shared with them', false);
--> statement-breakpoint
UPDATE `memberships` SET `role_id` = (SELECT `id` FROM `roles` WHERE `name` = 'member') WHERE `role_id` IS NULL;
