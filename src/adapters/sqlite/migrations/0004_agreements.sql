CREATE TABLE `agreement` (
	`nummer` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`approved_at` integer NOT NULL,
	`changed_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `agreement_check` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`listed` integer NOT NULL,
	`approved` integer NOT NULL,
	`lapsed` integer NOT NULL,
	`suspect` integer NOT NULL,
	`list_sha256` text NOT NULL
);
