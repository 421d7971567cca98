CREATE TABLE `drift` (
	`nummer` text PRIMARY KEY NOT NULL,
	`kommune_kode` text NOT NULL,
	`looked_at` integer NOT NULL,
	`kind` text,
	`fields` text NOT NULL,
	`since_at` integer,
	`held` text
);
--> statement-breakpoint
CREATE INDEX `drift_found` ON `drift` (`kommune_kode`,`kind`,`nummer`) WHERE kind IS NOT NULL;--> statement-breakpoint
CREATE TABLE `drift_run` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`date` text NOT NULL,
	`at` integer NOT NULL,
	`source` text NOT NULL,
	`as_of_at` integer NOT NULL,
	`looked` integer NOT NULL,
	`found` integer NOT NULL,
	`suspect` integer NOT NULL,
	`seen_sha256` text NOT NULL
);
