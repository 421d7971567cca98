CREATE INDEX `outbox_mismatched` ON `outbox` (`id`) WHERE state = 'mismatched';--> statement-breakpoint
CREATE INDEX `unit_version_parent` ON `unit_version` (`parent_nummer`,`nummer`) WHERE recorded_from >= 0;--> statement-breakpoint
CREATE INDEX `unit_version_of_kommune` ON `unit_version` (`root_adm_kommune_kode`,`nummer`) WHERE recorded_from >= 0;--> statement-breakpoint
CREATE INDEX `unit_version_count` ON `unit_version` (`kind`,`status`,`valid_to`,`recorded_to`) WHERE valid_to IS NULL AND recorded_to IS NULL;