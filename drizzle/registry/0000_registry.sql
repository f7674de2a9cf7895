CREATE TABLE `api_keys` (
	`id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`name` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`role` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`prefix` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`secret_hash` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`expires_at` datetime(3),
	`last_used_at` datetime(3),
	`revoked_at` datetime(3),
	CONSTRAINT `api_keys_id` PRIMARY KEY(`id`),
	CONSTRAINT `api_keys_secret_hash` UNIQUE(`secret_hash`)
);
--> statement-breakpoint
CREATE TABLE `audit_entries` (
	`id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`at` datetime(3) NOT NULL,
	`actor_id` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`actor_name` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`action` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`subject` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`result` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`request_id` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`note` text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	CONSTRAINT `audit_entries_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `domains` (
	`id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`tenant_id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`hostname` varchar(253) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`is_primary` boolean NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `domains_id` PRIMARY KEY(`id`),
	CONSTRAINT `domains_hostname` UNIQUE(`hostname`)
);
--> statement-breakpoint
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
CREATE TABLE `idempotency_keys` (
	`actor_id` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`key_hash` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`operation` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`input_hash` varchar(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`job_id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `idempotency_keys_pk` PRIMARY KEY(`actor_id`,`key_hash`)
);
--> statement-breakpoint
CREATE TABLE `job_events` (
	`job_id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`sequence` int NOT NULL,
	`at` datetime(3) NOT NULL,
	`status` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`progress` json NOT NULL,
	`message` text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`detail` json,
	CONSTRAINT `job_events_pk` PRIMARY KEY(`job_id`,`sequence`)
);
--> statement-breakpoint
CREATE TABLE `job_items` (
	`job_id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`ordinal` int NOT NULL,
	`tenant_id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`status` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`duration_ms` double NOT NULL,
	`error` json,
	`retryable` boolean NOT NULL,
	`settle_order` int,
	`from_version` varchar(255) CHARACTER SET ascii COLLATE ascii_bin,
	`to_version` varchar(255) CHARACTER SET ascii COLLATE ascii_bin,
	CONSTRAINT `job_items_pk` PRIMARY KEY(`job_id`,`ordinal`),
	CONSTRAINT `job_items_tenant` UNIQUE(`job_id`,`tenant_id`)
);
--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`kind` varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`status` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`tenant_id` char(36) CHARACTER SET ascii COLLATE ascii_bin,
	`of_one_tenant` boolean NOT NULL,
	`input` json NOT NULL,
	`requested_by` json NOT NULL,
	`progress` json NOT NULL,
	`error` json,
	`attempts` int NOT NULL,
	`last_sequence` int NOT NULL,
	`settled_items` int NOT NULL,
	`available_at` datetime(3) NOT NULL,
	`lease_owner` varchar(64) CHARACTER SET ascii COLLATE ascii_bin,
	`lease_expires_at` datetime(3),
	`fence` int NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`started_at` datetime(3),
	`finished_at` datetime(3),
	CONSTRAINT `jobs_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `pending_passwords` (
	`tenant_id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`password` varchar(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `pending_passwords_tenant_id` PRIMARY KEY(`tenant_id`)
);
--> statement-breakpoint
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
CREATE TABLE `scratch_objects` (
	`name` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`server_id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`purpose` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `scratch_objects_name` PRIMARY KEY(`name`)
);
--> statement-breakpoint
CREATE TABLE `servers` (
	`id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`name` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`engine` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`version` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`host` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`port` int NOT NULL,
	`status` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`max_tenants` int,
	`last_contact_at` datetime(3),
	CONSTRAINT `servers_id` PRIMARY KEY(`id`),
	CONSTRAINT `servers_name` UNIQUE(`name`)
);
--> statement-breakpoint
CREATE TABLE `tenant_health` (
	`tenant_id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`reachable` boolean NOT NULL,
	`latency_ms` double,
	`rating` varchar(20) CHARACTER SET ascii COLLATE ascii_bin,
	`error_code` varchar(64) CHARACTER SET ascii COLLATE ascii_bin,
	`checked_at` datetime(3) NOT NULL,
	CONSTRAINT `tenant_health_tenant_id` PRIMARY KEY(`tenant_id`)
);
--> statement-breakpoint
CREATE TABLE `tenant_labels` (
	`tenant_id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`label_key` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`label_value` varchar(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	CONSTRAINT `tenant_labels_pk` PRIMARY KEY(`tenant_id`,`label_key`)
);
--> statement-breakpoint
CREATE TABLE `tenants` (
	`id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`slug` varchar(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`live_slug` varchar(63) CHARACTER SET ascii COLLATE ascii_bin GENERATED ALWAYS AS ((if(`status` = 'DELETED', null, `slug`))) STORED,
	`name` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
	`status` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`status_reason` text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`server_id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`database_name` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`password` varchar(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`schema_version` varchar(255) CHARACTER SET ascii COLLATE ascii_bin,
	`schema_checksum` varchar(64) CHARACTER SET ascii COLLATE ascii_bin,
	`seed` boolean NOT NULL,
	`validated_at` datetime(3),
	`generation` int NOT NULL,
	`busy_job_id` char(36) CHARACTER SET ascii COLLATE ascii_bin,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	`deleted_at` datetime(3),
	CONSTRAINT `tenants_id` PRIMARY KEY(`id`),
	CONSTRAINT `tenants_live_slug` UNIQUE(`live_slug`),
	CONSTRAINT `tenants_database_name` UNIQUE(`database_name`)
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
CREATE TABLE `test_results` (
	`run_id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`ordinal` int NOT NULL,
	`tenant_id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`kind` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`verdict` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`duration_ms` double NOT NULL,
	`error_code` varchar(64) CHARACTER SET ascii COLLATE ascii_bin,
	`result` json NOT NULL,
	CONSTRAINT `test_results_pk` PRIMARY KEY(`run_id`,`ordinal`),
	CONSTRAINT `test_results_tenant` UNIQUE(`run_id`,`tenant_id`)
);
--> statement-breakpoint
CREATE TABLE `test_runs` (
	`id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`kind` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	`options` json NOT NULL,
	`verdict` varchar(20) CHARACTER SET ascii COLLATE ascii_bin,
	`rating` varchar(20) CHARACTER SET ascii COLLATE ascii_bin,
	`coverage` json NOT NULL,
	`budget` json NOT NULL,
	`summary` json NOT NULL,
	`recommendations` json NOT NULL,
	`result_count` int NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `test_runs_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE INDEX `api_keys_role` ON `api_keys` (`role`);--> statement-breakpoint
CREATE INDEX `audit_entries_at` ON `audit_entries` (`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_entries_actor` ON `audit_entries` (`actor_id`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_entries_action` ON `audit_entries` (`action`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_entries_subject` ON `audit_entries` (`subject`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `domains_tenant` ON `domains` (`tenant_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `findings_open` ON `findings` (`is_open`,`observed_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_tenant` ON `findings` (`tenant_id`,`is_open`,`observed_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_server` ON `findings` (`server_id`,`is_open`,`observed_at`,`id`);--> statement-breakpoint
CREATE INDEX `idempotency_keys_created` ON `idempotency_keys` (`created_at`);--> statement-breakpoint
CREATE INDEX `job_items_settled` ON `job_items` (`job_id`,`settle_order`);--> statement-breakpoint
CREATE INDEX `job_items_status` ON `job_items` (`job_id`,`status`,`ordinal`);--> statement-breakpoint
CREATE INDEX `job_items_of_tenant` ON `job_items` (`tenant_id`,`job_id`);--> statement-breakpoint
CREATE INDEX `jobs_created` ON `jobs` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `jobs_status_created` ON `jobs` (`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `jobs_kind_created` ON `jobs` (`kind`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `jobs_tenant_created` ON `jobs` (`tenant_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `jobs_due` ON `jobs` (`status`,`kind`,`of_one_tenant`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `jobs_finished` ON `jobs` (`finished_at`,`id`);--> statement-breakpoint
CREATE INDEX `jobs_status_kind_created` ON `jobs` (`status`,`kind`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `schedules_next` ON `schedules` (`next_run_at`);--> statement-breakpoint
CREATE INDEX `schedules_starting` ON `schedules` (`starting_at`);--> statement-breakpoint
CREATE INDEX `scratch_objects_created` ON `scratch_objects` (`created_at`,`name`);--> statement-breakpoint
CREATE INDEX `tenant_labels_value` ON `tenant_labels` (`label_key`,`label_value`,`tenant_id`);--> statement-breakpoint
CREATE INDEX `tenants_created` ON `tenants` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `tenants_name` ON `tenants` (`name`,`id`);--> statement-breakpoint
CREATE INDEX `tenants_slug` ON `tenants` (`slug`,`id`);--> statement-breakpoint
CREATE INDEX `tenants_status_created` ON `tenants` (`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `tenants_status_version` ON `tenants` (`status`,`schema_version`);--> statement-breakpoint
CREATE INDEX `tenants_version` ON `tenants` (`schema_version`);--> statement-breakpoint
CREATE INDEX `tenants_server` ON `tenants` (`server_id`,`status`);--> statement-breakpoint
CREATE INDEX `tenants_busy` ON `tenants` (`busy_job_id`);--> statement-breakpoint
CREATE INDEX `test_results_verdict` ON `test_results` (`run_id`,`verdict`,`ordinal`);--> statement-breakpoint
CREATE INDEX `test_runs_created` ON `test_runs` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `test_runs_kind_created` ON `test_runs` (`kind`,`created_at`,`id`);