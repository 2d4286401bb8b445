PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_request_usage` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`request_id` text NOT NULL,
	`date` integer NOT NULL,
	`provider` text,
	`model` text NOT NULL,
	`is_streamed` integer NOT NULL,
	`tokens_input` integer DEFAULT 0 NOT NULL,
	`tokens_output` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
INSERT INTO `__new_request_usage`("id", "request_id", "date", "provider", "model", "is_streamed", "tokens_input", "tokens_output") SELECT "id", "request_id", "date", "provider", "model", "is_streamed", "tokens_input", "tokens_output" FROM `request_usage`;--> statement-breakpoint
DROP TABLE `request_usage`;--> statement-breakpoint
ALTER TABLE `__new_request_usage` RENAME TO `request_usage`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE UNIQUE INDEX `request_usage_request_id_unique` ON `request_usage` (`request_id`);--> statement-breakpoint
CREATE INDEX `request_usage_date_idx` ON `request_usage` (`date`);