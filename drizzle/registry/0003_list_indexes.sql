ALTER TABLE `job_items`
	DROP INDEX `job_items_status`,
	ADD INDEX `job_items_status` (`job_id`,`status`,`settle_order`,`ordinal`);
--> statement-breakpoint
CREATE INDEX `findings_job_kind` ON `findings` (`job_id`,`kind`,`ordinal`);
--> statement-breakpoint
CREATE INDEX `findings_job_outcome` ON `findings` (`job_id`,`outcome`,`ordinal`);
--> statement-breakpoint
CREATE INDEX `findings_kind` ON `findings` (`is_open`,`kind`,`observed_at`,`id`);
--> statement-breakpoint
CREATE INDEX `findings_severity` ON `findings` (`is_open`,`severity`,`observed_at`,`id`);
