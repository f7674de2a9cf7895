CREATE TABLE `findings` (
	`id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`job_id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`ordinal` int NOT NULL,
	`tenant_id` char(36) CHARACTER SET ascii COLLATE ascii_bin,
	`server_id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`kind` varchar(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`severity` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`outcome` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`object` varchar(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`message` text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`expected` text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`actual` text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`is_open` boolean NOT NULL,
	`observed_at` datetime(3) NOT NULL,
	CONSTRAINT `findings_id` PRIMARY KEY(`id`),
	CONSTRAINT `findings_job` UNIQUE(`job_id`,`ordinal`)
);
--> statement-breakpoint
CREATE INDEX `findings_open` ON `findings` (`is_open`,`observed_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_tenant` ON `findings` (`tenant_id`,`is_open`,`observed_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_server` ON `findings` (`server_id`,`is_open`,`observed_at`,`id`);