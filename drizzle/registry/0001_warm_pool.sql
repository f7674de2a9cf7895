CREATE TABLE `warm_databases` (
	`tenant_id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`server_id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`database_name` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`password` varchar(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`state` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`schema_version` varchar(255) CHARACTER SET ascii COLLATE ascii_bin,
	`schema_checksum` varchar(64) CHARACTER SET ascii COLLATE ascii_bin,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `warm_databases_tenant_id` PRIMARY KEY(`tenant_id`),
	CONSTRAINT `warm_databases_name` UNIQUE(`database_name`)
);
--> statement-breakpoint
ALTER TABLE `servers` ADD `warm_pool_target` int DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `warm_databases_claim` ON `warm_databases` (`server_id`,`state`,`schema_checksum`,`created_at`,`tenant_id`);