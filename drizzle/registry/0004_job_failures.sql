ALTER TABLE `jobs` ADD `failures` int DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `jobs` ADD `losses` int DEFAULT 0 NOT NULL;