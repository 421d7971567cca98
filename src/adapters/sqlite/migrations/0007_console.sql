CREATE INDEX `delivery_file_stored` ON `delivery_file` (`stored_at`,`file_id`);--> statement-breakpoint
CREATE INDEX `ledger_type` ON `ledger` (`type`,`seq`);