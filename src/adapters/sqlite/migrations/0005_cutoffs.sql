CREATE TABLE `cutoff_passed` (
	`navn` text NOT NULL,
	`at` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`total` integer NOT NULL,
	`in_time` integer NOT NULL,
	`missed` integer NOT NULL,
	`apart` integer NOT NULL,
	`missing_files` integer NOT NULL,
	PRIMARY KEY(`at`, `navn`)
);
--> statement-breakpoint
CREATE TABLE `forecast` (
	`navn` text NOT NULL,
	`at` integer NOT NULL,
	`made_at` integer NOT NULL,
	`total` real NOT NULL,
	`acknowledged` integer NOT NULL,
	`expected` real NOT NULL,
	`probability` real NOT NULL,
	`risk_cause` text,
	`risk_supplier_id` text,
	`risk_probability` real,
	`latest_start_at` integer,
	PRIMARY KEY(`at`, `navn`, `made_at`)
);
--> statement-breakpoint
CREATE INDEX `forecast_made` ON `forecast` (`made_at`);--> statement-breakpoint
CREATE TABLE `night_pace` (
	`date` text NOT NULL,
	`step` text NOT NULL,
	`done` integer NOT NULL,
	`minutes` real NOT NULL,
	PRIMARY KEY(`step`, `date`),
	FOREIGN KEY (`date`) REFERENCES `night_run`(`date`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `outbox` ADD `missed_cutoff_navn` text;--> statement-breakpoint
ALTER TABLE `outbox` ADD `missed_cutoff_at` integer;--> statement-breakpoint
ALTER TABLE `outbox` ADD `missed_why` text;--> statement-breakpoint
CREATE INDEX `outbox_cutoff` ON `outbox` (`cutoff_at`,`cutoff_navn`);