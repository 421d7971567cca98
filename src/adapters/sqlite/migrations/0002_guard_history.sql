ALTER TABLE `change_plan` ADD `slice_counts` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `hold` ADD `allowed` integer;