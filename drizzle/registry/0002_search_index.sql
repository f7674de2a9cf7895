ALTER TABLE `tenants`
	DROP INDEX `tenants_name`,
	DROP INDEX `tenants_slug`,
	ADD INDEX `tenants_name` (`name`,`id`,`created_at`,`status`),
	ADD INDEX `tenants_slug` (`slug`,`id`,`created_at`,`status`);
