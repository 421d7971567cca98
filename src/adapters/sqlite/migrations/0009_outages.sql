CREATE TABLE `outage` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`since_at` integer NOT NULL,
	`failures` integer NOT NULL,
	`reason` text NOT NULL,
	`found_at` integer,
	`probes` integer NOT NULL,
	`next_probe_at` integer NOT NULL,
	`ended_at` integer
);
