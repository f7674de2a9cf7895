CREATE TABLE `pending_passwords` (
	`tenant_id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`password` varchar(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `pending_passwords_tenant_id` PRIMARY KEY(`tenant_id`)
);
--> statement-breakpoint
ALTER TABLE `job_items` ADD `from_version` varchar(255) CHARACTER SET ascii COLLATE ascii_bin;--> statement-breakpoint
ALTER TABLE `job_items` ADD `to_version` varchar(255) CHARACTER SET ascii COLLATE ascii_bin;--> statement-breakpoint
ALTER TABLE `tenants` ADD `schema_checksum` varchar(64) CHARACTER SET ascii COLLATE ascii_bin;--> statement-breakpoint
CREATE INDEX `jobs_finished` ON `jobs` (`finished_at`,`id`);