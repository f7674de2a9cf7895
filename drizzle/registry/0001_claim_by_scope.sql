DROP INDEX `jobs_due` ON `jobs`;--> statement-breakpoint
ALTER TABLE `jobs` ADD `of_one_tenant` boolean NOT NULL;--> statement-breakpoint
CREATE INDEX `jobs_status_kind_created` ON `jobs` (`status`,`kind`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `jobs_due` ON `jobs` (`status`,`kind`,`of_one_tenant`,`created_at`,`id`);