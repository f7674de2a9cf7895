CREATE TABLE `invoice_items` (
	`id` bigint unsigned AUTO_INCREMENT NOT NULL,
	`invoice_id` bigint unsigned NOT NULL,
	`position` int NOT NULL,
	`description` varchar(300) NOT NULL,
	`quantity` decimal(10,3) NOT NULL DEFAULT '1.000',
	`unit_price` decimal(12,2) NOT NULL,
	CONSTRAINT `invoice_items_id` PRIMARY KEY(`id`),
	CONSTRAINT `invoice_items_position_unique` UNIQUE(`invoice_id`,`position`)
);
--> statement-breakpoint
CREATE TABLE `invoices` (
	`id` bigint unsigned AUTO_INCREMENT NOT NULL,
	`number` varchar(30) NOT NULL,
	`team_id` bigint unsigned NOT NULL,
	`currency` char(3) NOT NULL DEFAULT 'EUR',
	`total` decimal(12,2) NOT NULL DEFAULT '0.00',
	`status` enum('DRAFT','SENT','PAID','VOID') NOT NULL DEFAULT 'DRAFT',
	`issued_on` date,
	`due_on` date,
	`created_at` timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	CONSTRAINT `invoices_id` PRIMARY KEY(`id`),
	CONSTRAINT `invoices_number_unique` UNIQUE(`number`)
);
--> statement-breakpoint
ALTER TABLE `users` ADD `last_seen_at` datetime(3);--> statement-breakpoint
ALTER TABLE `invoice_items` ADD CONSTRAINT `invoice_items_invoice_id_invoices_id_fk` FOREIGN KEY (`invoice_id`) REFERENCES `invoices`(`id`) ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `invoices` ADD CONSTRAINT `invoices_team_id_teams_id_fk` FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `invoices_team_status_index` ON `invoices` (`team_id`,`status`);--> statement-breakpoint
CREATE INDEX `invoices_due_index` ON `invoices` (`due_on`);