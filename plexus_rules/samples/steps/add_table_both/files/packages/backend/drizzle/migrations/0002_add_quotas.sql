CREATE TABLE `quotas` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`model` text NOT NULL,
	`daily_tokens` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `quotas_model_unique` ON `quotas` (`model`);