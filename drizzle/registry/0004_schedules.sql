CREATE TABLE `schedules` (
	`id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`name` varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`run` json NOT NULL,
	`cron` varchar(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`time_zone` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`enabled` boolean NOT NULL,
	`next_run_at` datetime(3),
	`starting_at` datetime(3),
	`last_run_at` datetime(3),
	`last_job_id` char(36) CHARACTER SET ascii COLLATE ascii_bin,
	`last_missed_at` datetime(3),
	`last_missed_reason` text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`missed_total` int NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `schedules_id` PRIMARY KEY(`id`),
	CONSTRAINT `schedules_name` UNIQUE(`name`)
);
--> statement-breakpoint
CREATE TABLE `test_kinds` (
	`kind` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`lone_run_id` char(36) CHARACTER SET ascii COLLATE ascii_bin,
	`baseline_run_id` char(36) CHARACTER SET ascii COLLATE ascii_bin,
	`baseline_accepted_at` datetime(3),
	CONSTRAINT `test_kinds_kind` PRIMARY KEY(`kind`)
);
--> statement-breakpoint
CREATE INDEX `schedules_next` ON `schedules` (`next_run_at`);--> statement-breakpoint
CREATE INDEX `schedules_starting` ON `schedules` (`starting_at`);