ALTER TABLE `request_usage` ADD `tokens_input` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `request_usage` ADD `tokens_output` integer DEFAULT 0 NOT NULL;