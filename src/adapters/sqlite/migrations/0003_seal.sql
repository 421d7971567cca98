CREATE TABLE `seal` (
	`table_name` text PRIMARY KEY NOT NULL,
	`columns` text NOT NULL,
	`digest` text NOT NULL
);
