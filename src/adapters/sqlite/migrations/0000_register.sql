CREATE TABLE `arrival` (
	`date` text NOT NULL,
	`supplier_id` text NOT NULL,
	`name` text NOT NULL,
	`size_bytes` integer NOT NULL,
	`modified_at` integer NOT NULL,
	`first_seen_at` integer NOT NULL,
	`file_id` text,
	`repeat` integer NOT NULL,
	PRIMARY KEY(`date`, `supplier_id`, `name`, `size_bytes`, `modified_at`),
	FOREIGN KEY (`date`) REFERENCES `night_run`(`date`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`file_id`) REFERENCES `delivery_file`(`file_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `arrival_file` ON `arrival` (`file_id`);--> statement-breakpoint
CREATE TABLE `change_plan` (
	`plan_hash` text PRIMARY KEY NOT NULL,
	`file_id` text NOT NULL,
	`kommune_kode` text NOT NULL,
	`base_version` integer NOT NULL,
	`state` text NOT NULL,
	`created_at` integer NOT NULL,
	`applied_at` integer,
	`counts` text NOT NULL,
	FOREIGN KEY (`file_id`) REFERENCES `delivery_file`(`file_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `change_plan_file` ON `change_plan` (`file_id`);--> statement-breakpoint
CREATE TABLE `counter` (
	`name` text PRIMARY KEY NOT NULL,
	`value` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `delivery_attempt` (
	`delta_id` text NOT NULL,
	`attempt` integer NOT NULL,
	`message_id` text NOT NULL,
	`sent_at` integer NOT NULL,
	`answered_at` integer NOT NULL,
	`outcome` text NOT NULL,
	`code` text,
	`exchanges_sha256` text NOT NULL,
	PRIMARY KEY(`delta_id`, `attempt`, `message_id`)
);
--> statement-breakpoint
CREATE TABLE `delivery_file` (
	`file_id` text PRIMARY KEY NOT NULL,
	`supplier_id` text NOT NULL,
	`sha256` text NOT NULL,
	`declared` text NOT NULL,
	`size_bytes` integer NOT NULL,
	`promised_sha256` text,
	`name` text NOT NULL,
	`date` text NOT NULL,
	`stored_at` integer NOT NULL,
	`state` text NOT NULL,
	`header` text,
	`kommune_kode` text,
	`loebenummer` integer,
	`rule_set` text,
	`read` integer NOT NULL,
	`accepted` integer NOT NULL,
	`rejected` integer NOT NULL,
	`unchanged` integer NOT NULL,
	`finding_counts` text NOT NULL,
	`staged_sha256` text,
	`rejected_refs_sha256` text,
	`rejected_without_key` integer NOT NULL,
	`plan_hash` text,
	`applied_at` integer,
	FOREIGN KEY (`date`) REFERENCES `night_run`(`date`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `delivery_file_same` ON `delivery_file` (`supplier_id`,`sha256`,`declared`);--> statement-breakpoint
CREATE INDEX `delivery_file_state` ON `delivery_file` (`state`);--> statement-breakpoint
CREATE INDEX `delivery_file_date` ON `delivery_file` (`date`);--> statement-breakpoint
CREATE INDEX `delivery_file_line` ON `delivery_file` (`supplier_id`,`kommune_kode`,`state`,`loebenummer`);--> statement-breakpoint
CREATE TABLE `finding` (
	`file_id` text NOT NULL,
	`seq` integer NOT NULL,
	`code` text NOT NULL,
	`level` text NOT NULL,
	`line` integer,
	`column` integer,
	`kind` text,
	`key` text,
	`field` text,
	`value` text,
	`facts` text NOT NULL,
	PRIMARY KEY(`file_id`, `seq`),
	FOREIGN KEY (`file_id`) REFERENCES `delivery_file`(`file_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `hold` (
	`hold_id` text PRIMARY KEY NOT NULL,
	`file_id` text NOT NULL,
	`supplier_id` text NOT NULL,
	`kommune_kode` text NOT NULL,
	`plan_hash` text NOT NULL,
	`date` text NOT NULL,
	`slice` text NOT NULL,
	`slice_hash` text NOT NULL,
	`count` integer NOT NULL,
	`of` integer NOT NULL,
	`verdict` text NOT NULL,
	`cause` text,
	`opened_at` integer NOT NULL,
	`state` text NOT NULL,
	`decided_by` text,
	`reason` text,
	`decided_at` integer,
	FOREIGN KEY (`file_id`) REFERENCES `delivery_file`(`file_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `hold_file` ON `hold` (`file_id`);--> statement-breakpoint
CREATE INDEX `hold_state` ON `hold` (`state`);--> statement-breakpoint
CREATE INDEX `hold_date` ON `hold` (`date`);--> statement-breakpoint
CREATE TABLE `job_failure` (
	`job_id` text PRIMARY KEY NOT NULL,
	`queue` text NOT NULL,
	`job` text NOT NULL,
	`payload` text NOT NULL,
	`code` text NOT NULL,
	`message` text NOT NULL,
	`hint` text NOT NULL,
	`data_state` text NOT NULL,
	`failed_at` integer NOT NULL,
	`resolved_at` integer,
	`resolved_by` text,
	`reason` text
);
--> statement-breakpoint
CREATE INDEX `job_failure_open` ON `job_failure` (`failed_at`) WHERE resolved_at IS NULL;--> statement-breakpoint
CREATE TABLE `ledger` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`type` text NOT NULL,
	`subject` text NOT NULL,
	`facts` text NOT NULL,
	`previous_hash` text NOT NULL,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `lokal_id` (
	`supplier_id` text NOT NULL,
	`lokal_id` text NOT NULL,
	`nummer` text NOT NULL,
	PRIMARY KEY(`supplier_id`, `lokal_id`),
	FOREIGN KEY (`nummer`) REFERENCES `unit`(`nummer`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `night_run` (
	`date` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`trigger` text NOT NULL,
	`opened_at` integer NOT NULL,
	`closed_at` integer,
	`files_until_at` integer NOT NULL,
	`starts` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `night_supplier` (
	`date` text NOT NULL,
	`supplier_id` text NOT NULL,
	`state` text NOT NULL,
	`looks` integer NOT NULL,
	`last_look_at` integer,
	`problem` text,
	`missing` text NOT NULL,
	PRIMARY KEY(`date`, `supplier_id`),
	FOREIGN KEY (`date`) REFERENCES `night_run`(`date`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`delta_id` text NOT NULL,
	`nummer` text NOT NULL,
	`operation` text NOT NULL,
	`record` text NOT NULL,
	`rank` integer NOT NULL,
	`state` text NOT NULL,
	`file_id` text NOT NULL,
	`plan_hash` text NOT NULL,
	`date` text NOT NULL,
	`cutoff_navn` text,
	`cutoff_at` integer,
	`source_date_time` text,
	`attempts` integer NOT NULL,
	`not_before_at` integer,
	`batch_id` text,
	`reply_code` text,
	`reply_text` text,
	`created_at` integer NOT NULL,
	`sent_at` integer,
	`acknowledged_at` integer,
	`confirmed_at` integer,
	FOREIGN KEY (`nummer`) REFERENCES `unit`(`nummer`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_delta_id_unique` ON `outbox` (`delta_id`);--> statement-breakpoint
CREATE INDEX `outbox_sendable` ON `outbox` (`cutoff_at`,`rank`,`id`) WHERE state IN ('ready', 'unknown');--> statement-breakpoint
CREATE INDEX `outbox_unfinished` ON `outbox` (`state`) WHERE state IN ('waiting', 'ready', 'sent', 'unknown', 'acknowledged', 'refused');--> statement-breakpoint
CREATE INDEX `outbox_nummer` ON `outbox` (`nummer`,`id`);--> statement-breakpoint
CREATE INDEX `outbox_batch` ON `outbox` (`batch_id`);--> statement-breakpoint
CREATE INDEX `outbox_file` ON `outbox` (`file_id`);--> statement-breakpoint
CREATE INDEX `outbox_date` ON `outbox` (`date`,`state`);--> statement-breakpoint
CREATE TABLE `outbox_need` (
	`delta_id` text NOT NULL,
	`needs_id` text NOT NULL,
	PRIMARY KEY(`delta_id`, `needs_id`)
);
--> statement-breakpoint
CREATE INDEX `outbox_need_needs` ON `outbox_need` (`needs_id`);--> statement-breakpoint
CREATE TABLE `receipt` (
	`receipt_id` text PRIMARY KEY NOT NULL,
	`file_id` text NOT NULL,
	`type` text NOT NULL,
	`input_sha256` text NOT NULL,
	`state` text NOT NULL,
	`prepared_at` integer NOT NULL,
	`delivered_at` integer,
	FOREIGN KEY (`file_id`) REFERENCES `delivery_file`(`file_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `receipt_file` ON `receipt` (`file_id`);--> statement-breakpoint
CREATE INDEX `receipt_state` ON `receipt` (`state`);--> statement-breakpoint
CREATE TABLE `source_clock` (
	`nummer` text NOT NULL,
	`source` text NOT NULL,
	`last_allocated` text,
	`last_accepted` text,
	`remote_seen` text,
	PRIMARY KEY(`nummer`, `source`)
);
--> statement-breakpoint
CREATE TABLE `unit` (
	`nummer` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`first_recorded_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `unit_version` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`nummer` text NOT NULL,
	`kind` text NOT NULL,
	`parent_nummer` text,
	`status` text NOT NULL,
	`navn` text,
	`ejerform_kode` text,
	`lovgrundlag_kode` text,
	`adm_kommune_kode` text,
	`inst_type3` text,
	`vej_navn` text,
	`hus_nummer` text,
	`etage` text,
	`doer` text,
	`post_nummer` text,
	`by_navn` text,
	`supplerende_bynavn` text,
	`kommune_kode` text,
	`geo_bredde` text,
	`geo_laengde` text,
	`dawa_id` text,
	`email` text,
	`telefon_nummer` text,
	`cvr_nummer` text,
	`p_nummer` text,
	`ekstra` text NOT NULL,
	`root_adm_kommune_kode` text NOT NULL,
	`root_ejerform_kode` text NOT NULL,
	`valid_from` integer NOT NULL,
	`valid_to` integer,
	`recorded_from` integer NOT NULL,
	`recorded_to` integer,
	`actor` text NOT NULL,
	`file_id` text,
	`line` integer,
	`plan_hash` text,
	FOREIGN KEY (`nummer`) REFERENCES `unit`(`nummer`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`parent_nummer`) REFERENCES `unit`(`nummer`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `unit_version_current` ON `unit_version` (`nummer`) WHERE valid_to IS NULL AND recorded_to IS NULL;--> statement-breakpoint
CREATE INDEX `unit_version_kommune` ON `unit_version` (`root_adm_kommune_kode`) WHERE valid_to IS NULL AND recorded_to IS NULL AND status = 'aktiv';--> statement-breakpoint
CREATE INDEX `unit_version_history` ON `unit_version` (`nummer`,`valid_from`);