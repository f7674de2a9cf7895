-- Sample data for a new tenant. It runs once per tenant, after the migrations, when a seed is asked for:
-- all of it in one transaction, so only statements on rows (INSERT, UPDATE, DELETE, SET @variable) may stand here.
INSERT INTO `users` (`email`, `name`, `locale`) VALUES
	('ada@example.com', 'Ada Lovelace', 'en'),
	('grace@example.com', 'Grace Hopper', 'en'),
	('zoë@example.com', 'Zoë Müller', 'de');

INSERT INTO `teams` (`name`) VALUES ('Everybody');
SET @team = LAST_INSERT_ID();

INSERT INTO `memberships` (`team_id`, `user_id`, `role_id`)
SELECT @team, `users`.`id`, `roles`.`id`
FROM `users` JOIN `roles` ON `roles`.`name` = IF(`users`.`email` = 'ada@example.com', 'owner', 'member')
WHERE `users`.`email` IN ('ada@example.com', 'grace@example.com', 'zoë@example.com');

INSERT INTO `projects` (`team_id`, `key`, `name`) VALUES (@team, 'START', 'Getting started');
SET @project = LAST_INSERT_ID();

INSERT INTO `tasks` (`project_id`, `number`, `title`, `description`) VALUES
	(@project, 1, 'Invite your team', 'Everybody who works with you; guests may only read.'),
	(@project, 2, 'Make a project', NULL),
	(@project, 3, 'Close this task', 'It feels good.');

INSERT INTO `tags` (`name`, `color`) VALUES ('bug', '#d73a4a'), ('idea', '#a2eeef'), ('question', '#d876e3');
INSERT INTO `task_tags` (`task_id`, `tag_id`)
SELECT `tasks`.`id`, `tags`.`id` FROM `tasks` JOIN `tags` ON `tags`.`name` = 'idea' WHERE `tasks`.`project_id` = @project;
