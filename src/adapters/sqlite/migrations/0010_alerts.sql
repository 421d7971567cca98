CREATE TABLE `alert` (
	`alert_id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`who` text NOT NULL,
	`latest_at` integer,
	`began_at` integer NOT NULL,
	`told_at` integer,
	`reminded_at` integer,
	`reminders` integer NOT NULL,
	`gone_at` integer,
	`ended_at` integer
);
--> statement-breakpoint
CREATE INDEX `alert_open` ON `alert` (`began_at`) WHERE ended_at IS NULL;--> statement-breakpoint
CREATE INDEX `alert_cause` ON `alert` (`kind`,`subject`);--> statement-breakpoint
CREATE TABLE `notice` (
	`notice_id` text PRIMARY KEY NOT NULL,
	`channel` text NOT NULL,
	`kind` text NOT NULL,
	`alert_id` text,
	`date` text,
	`created_at` integer NOT NULL,
	`tries` integer NOT NULL,
	`tried_at` integer,
	`next_at` integer NOT NULL,
	`problem` text,
	`sent_at` integer,
	`withdrawn_at` integer,
	FOREIGN KEY (`alert_id`) REFERENCES `alert`(`alert_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `notice_unsent` ON `notice` (`created_at`) WHERE sent_at IS NULL AND withdrawn_at IS NULL;--> statement-breakpoint
CREATE INDEX `notice_channel` ON `notice` (`channel`,`tried_at`);--> statement-breakpoint
CREATE INDEX `notice_alert` ON `notice` (`alert_id`);--> statement-breakpoint
CREATE INDEX `arrival_supplier` ON `arrival` (`supplier_id`,`first_seen_at`) WHERE first_seen_at >= 0;