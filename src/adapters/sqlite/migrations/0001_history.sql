CREATE TABLE `coming_change` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`supplier_id` text NOT NULL,
	`kommune_kode` text NOT NULL,
	`file_id` text NOT NULL,
	`ref_key` text NOT NULL,
	`effective_on` text NOT NULL,
	`record` text NOT NULL,
	`recorded_at` integer NOT NULL,
	`state` text NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`file_id`) REFERENCES `delivery_file`(`file_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `coming_change_waiting` ON `coming_change` (`effective_on`) WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX `coming_change_file` ON `coming_change` (`file_id`);--> statement-breakpoint
CREATE TABLE `removed_blob` (
	`sha256` text PRIMARY KEY NOT NULL,
	`size_bytes` integer NOT NULL,
	`removed_at` integer NOT NULL,
	`reason` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `unit_link` (
	`from_nummer` text NOT NULL,
	`to_nummer` text NOT NULL,
	`relation` text NOT NULL,
	`evidence` text NOT NULL,
	`recorded_at` integer NOT NULL,
	`actor` text NOT NULL,
	`file_id` text,
	`plan_hash` text,
	`reason` text,
	PRIMARY KEY(`from_nummer`, `to_nummer`, `relation`),
	FOREIGN KEY (`to_nummer`) REFERENCES `unit`(`nummer`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `unit_link_to` ON `unit_link` (`to_nummer`);--> statement-breakpoint
CREATE TABLE `upkeep` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`task` text NOT NULL,
	`at` integer NOT NULL,
	`ok` integer NOT NULL,
	`facts` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `upkeep_task` ON `upkeep` (`task`,`at`);--> statement-breakpoint
ALTER TABLE `hold` ADD `first_by` text;--> statement-breakpoint
ALTER TABLE `hold` ADD `first_reason` text;--> statement-breakpoint
ALTER TABLE `hold` ADD `first_at` integer;--> statement-breakpoint
ALTER TABLE `unit_version` ADD `position` integer;--> statement-breakpoint
ALTER TABLE `unit_version` ADD `date` text;--> statement-breakpoint
CREATE UNIQUE INDEX `unit_version_position` ON `unit_version` (`position`);--> statement-breakpoint
CREATE INDEX `ledger_subject` ON `ledger` (`subject`);--> statement-breakpoint
UPDATE `unit_version` SET `position` = `id`;--> statement-breakpoint
INSERT INTO `counter` (`name`, `value`) SELECT 'unit-position', max(`id`) FROM `unit_version` HAVING max(`id`) IS NOT NULL;
